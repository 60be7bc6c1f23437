/** What stands beside a person's history: segments, traits, devices. */
import * as format from "../../model/format.js";
import { isReachable } from "../../model/person.js";
import { href } from "../../model/router.js";
import { t } from "../../model/text.js";
import { html, useState } from "../../parts/html.js";
import { Card, Tag } from "../../parts/page.js";
import { Skeleton } from "../../parts/states.js";
import { useTicket } from "../../parts/use.js";

/** The API looks into so many segments at once. */
const AT_ONCE = 10;

export function Segments({ it }) {
  const [asked, setAsked] = useState(null);
  const others = useTicket(asked && ["/admin/profile-views", { user_id: it.id, events: 1, segments: asked }, (ticket) => `/admin/profile-views/${ticket}?now=true`]);
  const answered = new Map((others.data?.segments ?? []).filter((each) => asked?.includes(each.segment)).map((each) => [each.segment, each]));
  const all = (it.view.data?.segments ?? []).map((each) => (each.standing === "not_asked" ? (answered.get(each.segment) ?? each) : each));
  const with_ = (standing) => all.filter((each) => each.standing === standing);
  const [inside, out, unknown, left] = ["in", "out", "unknown", "not_asked"].map(with_);
  if (!all.length) return it.view.isLoading ? html`<${Card} title=${t("Segments")}><${Skeleton} rows=${2} /><//>` : null;
  const isLoading = it.view.isLoading || others.isLoading;
  return html`<${Card} title=${t("In {n} segments", { n: inside.length })} aside=${isLoading && t("Checking")}>
    <ul class="stack tight">${inside.map((each) => html`<li><${Name} segment=${each} /></li>`)}</ul>
    ${!isLoading && unknown.map((each) => html`<p class="note warn"><${Name} segment=${each} />: ${each.reason}</p>`)}
    ${out.length > 0 && html`<details><summary>${t("Not in {n}", { n: out.length })}</summary><ul class="stack tight">${out.map((each) => html`<li><${Name} segment=${each} /></li>`)}</ul></details>`}
    ${left.length > 0 && !isLoading && html`<p><button type="button" onClick=${() => setAsked(left.slice(0, AT_ONCE).map((each) => each.segment))}>${t("Ask {n} segments more", { n: Math.min(left.length, AT_ONCE) })}</button></p>`}
  <//>`;
}

const Name = ({ segment }) => html`<a href=${href(`/segments/${encodeURIComponent(segment.segment)}`)}>${segment.name}</a>`;

export function Traits({ traits }) {
  const all = Object.entries(traits).sort(([a], [b]) => a.localeCompare(b));
  const said = (value) => (typeof value === "string" && value ? value : JSON.stringify(value));
  return html`<${Card} title=${t("Traits")}>
    ${all.length ? html`<dl class="facts">${all.map(([name, { value, at }]) => html`<div><dt>${name}</dt><dd title=${t("since {day}", { day: format.day(at) })}>${said(value)}</dd></div>`)}</dl>` : html`<p class="soft">${t("Nobody told any.")}</p>`}
  <//>`;
}

export function Devices({ devices }) {
  return html`<${Card} title=${t("Devices")}>
    ${Object.entries(devices).map(([id, each]) => html`<div class="stack tight" key=${id}>
      <p class="row"><b>${each.platform ?? "–"}</b> <${Reach} device=${each} /></p>
      <p class="soft sm">${[each.app_version, each.locale, each.timezone, t("seen {when}", { when: format.ago(each.at) })].filter(Boolean).join(" · ")}</p>
      <p class="soft sm"><code>${id}</code></p></div>`)}
    ${!Object.keys(devices).length && html`<p class="soft">${t("No device is theirs.")}</p>`}
  <//>`;
}

const Reach = ({ device }) => (isReachable(device) ? html`<${Tag} kind="ok">${t("can be pushed to")}<//>` : html`<${Tag} kind="warn">${t("cannot be pushed to")}<//>`);
