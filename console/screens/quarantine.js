/** The quarantine: what was refused and waits, by reason, source and event. */
import * as format from "../model/format.js";
import { href } from "../model/router.js";
import { t } from "../model/text.js";
import { html } from "../parts/html.js";
import { Page } from "../parts/page.js";
import { Empty, Loaded, Skeleton } from "../parts/states.js";
import { Table } from "../parts/table.js";
import { useQuestion } from "../parts/use.js";

export function Screen() {
  const search = useQuestion("quarantine", "/admin/quarantine-searches");
  const look = html`<button type="button" class=${search.at ? "" : "primary"} aria-disabled=${search.isLoading} onClick=${() => search.ask({ kind: "groups" })}>
    ${search.isLoading ? t("Looking") : search.at ? t("Look again") : t("Look into it")}</button>`;
  const waits = t("What cannot become an event waits here for 90 days, whole, and can be repaired and sent again. One query of Athena says what there is.");
  return html`<${Page} title=${t("Quarantine")} actions=${search.at > 0 && look}>
    ${
      search.at
        ? html`<div class=${`stack ${search.isLoading && search.data?.groups ? "old" : ""}`}><${Loaded} of=${search} rows=${5}>${(found) => html`<${Found} search=${found} />`}<//></div>`
        : html`<${Empty} title=${t("Was anything refused?")} text=${waits}>${look}<//>`
    }
  <//>`;
}

function Found({ search }) {
  if (search.reason) return html`<p class="note bad" role="alert">${search.reason}</p>`;
  if (!search.groups) return html`<${Skeleton} rows=${5} />`;
  const waiting = search.groups.reduce((total, group) => total + group.count, 0);
  return html`<section class="card stack" aria-label=${t("In a sentence")}>
      <p class="verdict">${waiting ? t("{n} events wait, and can be sent again once they are repaired.", { n: waiting }) : t("Nothing waits: every event became a row.")}</p>
      <p class="soft sm num">${search.replayed > 0 && t("{n} were sent again.", { n: search.replayed })} ${t("Kept for {n} days. Read {size}, for {cost}.", { n: search.kept_days, size: format.bytes(search.bytes_scanned), cost: format.dollars(search.cost_usd) })}</p>
    </section>
    ${search.more && html`<p class="note warn">${t("There are more groups than are shown.")}</p>`}
    ${waiting > 0 && html`<${Groups} groups=${search.groups} />`}`;
}

const Groups = ({ groups }) => html`<${Table} caption=${t("Refused events by reason")} rows=${groups} keyOf=${(group) => `${group.reason} ${group.source} ${group.event}`} columns=${[
  { name: t("Reason"), isHead: true, sort: (group) => group.reason, value: (group) => html`<a href=${href(`/quarantine/group?${pathOf(group)}`)}>${group.reason}</a><br /><span class="soft">${group.meaning}</span>` },
  { name: t("Source"), sort: (group) => group.source, value: (group) => group.source || "–" },
  { name: t("Event"), sort: (group) => group.event, value: (group) => group.event ?? html`<span class="soft">${t("it does not say")}</span>` },
  { name: t("Waiting"), isNumber: true, sort: (group) => group.count, value: (group) => format.number(group.count) },
  { name: t("First"), sort: (group) => group.first, value: (group) => format.ago(group.first) },
  { name: t("Last"), sort: (group) => group.last, value: (group) => format.ago(group.last) },
]} />`;

const pathOf = ({ reason, source, event }) => new URLSearchParams({ reason, source, ...(event === null ? {} : { event }) });
