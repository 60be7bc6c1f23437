/** Everything that happened, the newest first, by day: what they did, what was sent to them, what was not and why. */
import * as format from "../../model/format.js";
import { byDay, campaignOf, moments, summary } from "../../model/person.js";
import { reason } from "../../model/reasons.js";
import { ask, here } from "../../model/router.js";
import { t } from "../../model/text.js";
import { html } from "../../parts/html.js";
import { Card } from "../../parts/page.js";
import { Failure, Skeleton } from "../../parts/states.js";

const KINDS = [["", () => t("All")], ["did", () => t("Did")], ["sent", () => t("Sent")], ["not_sent", () => t("Not sent")]];

export function Timeline({ it }) {
  const { data, error, isLoading, reload } = it.view;
  const chosen = here.value.query.get("show") ?? "";
  const read = data?.events || data?.messages || data?.consent_history;
  const all = moments(data ?? {}, it.ids.data?.identities ?? []);
  const shown = chosen ? all.filter((each) => each.kind === chosen) : all;
  const cost = data?.bytes_scanned > 0 && t("Read {size}, for {cost}.", { size: format.bytes(data.bytes_scanned), cost: format.dollars(data.cost_usd) });
  return html`<${Card} title=${t("Everything that happened")} aside=${cost}>
    <p class="row" role="group" aria-label=${t("Show")}>${KINDS.map(([kind, name]) => html`<button type="button" class="pill" aria-pressed=${kind === chosen} onClick=${() => ask({ show: kind })}>${name()}</button>`)}</p>
    ${error && html`<${Failure} error=${error} retry=${reload} />`}
    ${isLoading && (read ? html`<p class="soft sm" role="status">${t("Some of it is still being read.")}</p>` : html`<${Skeleton} rows=${5} />`)}
    ${!isLoading && Object.values(data?.missing ?? {}).map((why) => html`<p class="note warn">${t("Some of it could not be read: {why}", { why })}</p>`)}
    ${!isLoading && !error && !shown.length && html`<p class="soft">${t("Nothing.")}</p>`}
    ${byDay(shown).map(([day, those]) => html`<section key=${day} aria-label=${day}><h3>${day}</h3>
      <ol class="moments">${those.map((each) => html`<${Moment} it=${it} each=${each} />`)}</ol></section>`)}
    ${it.more && data?.events?.length === it.most && html`<p><button type="button" aria-disabled=${isLoading} onClick=${it.more}>${t("Show more")}</button></p>`}
  <//>`;
}

const LOOKS = { sent: "ok", not_sent: "bad", consent: "warn" };

function Moment({ it, each }) {
  return html`<li><time class="soft" datetime=${each.at}>${format.clock(each.at)}</time><span class=${`ic ${LOOKS[each.kind] ?? ""}`} aria-hidden="true">${{ sent: "✓", not_sent: "✗", consent: "!" }[each.kind] ?? "·"}</span>
    <div>${WORDS[each.kind](it, each)}</div></li>`;
}

const WORDS = {
  did: (it, { name, source, properties }) => {
    const said = html`<b>${name}</b> <span class="soft">${summary(properties)}</span>`;
    return Object.keys(properties).length ? html`<details><summary>${said}</summary><pre tabindex="0">${JSON.stringify(properties, null, 2)}</pre>${source && html`<p class="soft sm">${t("from {source}", { source })}</p>`}</details>` : said;
  },
  sent: (it, each) => html`<b>${each.outcome === "sent" ? t("Sent") : t("Perhaps sent")}</b> “${campaignOf(it.names, each.campaign_id)}” <${AskWhy} run=${each.run_id} />`,
  not_sent: (it, each) => html`<b>${t("Not sent")}</b> “${campaignOf(it.names, each.campaign_id)}”: ${reason(each.reason ?? each.outcome)} <${AskWhy} run=${each.run_id} />`,
  consent: (it, each) => html`<b>${each.agreed ? t("Said yes") : t("Said no")}</b> ${t("to {purpose}", { purpose: each.purpose })} <span class="soft">${[each.told, each.source].filter(Boolean).join(" · ")}</span>`,
  known: (it, each) => html`${t("Known by one id more:")} <code>${each.id}</code>`,
};

/** Goes to where the answer is drawn, with the focus. */
function AskWhy({ run }) {
  const why = () => (ask({ run }), document.querySelector("[data-why]")?.focus());
  return html`<button type="button" class="quiet" onClick=${why}>${t("Why?")}</button>`;
}
