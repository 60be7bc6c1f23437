/** How good the data are: how much came, what is unusual about it, what was refused; and the catalog of all events that were ever sent. */
import * as format from "../model/format.js";
import { href } from "../model/router.js";
import { t } from "../model/text.js";
import { html, useState } from "../parts/html.js";
import { Card, Page, Tag } from "../parts/page.js";
import { Empty, Loaded, Skeleton } from "../parts/states.js";
import { Table } from "../parts/table.js";
import { Tabs } from "../parts/tabs.js";
import { useQuestion } from "../parts/use.js";
import { Catalog } from "./catalog.js";

const DAYS = [1, 7, 30];
const BAR = 140;

export const Screen = () => html`<${Page} title=${t("Data quality")}>
  <${Tabs} label=${t("Data quality")} tabs=${[
    ["lately", t("Lately"), () => html`<${Lately} />`],
    ["catalog", t("Catalog of events"), () => html`<${Catalog} />`],
  ]} />
<//>`;

function Lately() {
  const check = useQuestion("quality", "/admin/quality-checks");
  const [days, setDays] = useState(7);
  const ask = () => check.ask({ since: new Date(Date.now() - days * 86_400_000).toISOString() });
  const form = html`<form class="row" onSubmit=${(event) => (event.preventDefault(), ask())}>
    <label class="row">${t("Of the last")}
      <select value=${days} onChange=${(event) => setDays(Number(event.target.value))}>${DAYS.map((n) => html`<option value=${n}>${t("{n} days", { n })}</option>`)}</select></label>
    <button class=${check.at ? "" : "primary"} aria-disabled=${check.isLoading}>${check.isLoading ? t("Checking") : t("Check")}</button>
    <span class="soft sm">${t("One query of Athena; a shorter time reads less.")}</span>
  </form>`;
  if (!check.at && !check.data)
    return html`<${Empty} title=${t("How good is what came in?")} text=${t("A check compares volume, properties and types with what was usual, and counts what was corrected and refused.")}>${form}<//>`;
  return html`${form}<${Loaded} of=${check} rows=${6}>${(look) => html`<${Looked} look=${look} isOld=${check.isLoading && Boolean(look.check)} reload=${check.reload} />`}<//>`;
}

function Looked({ look, isOld }) {
  if (look.check) return html`<div class=${`stack ${isOld ? "old" : ""}`}><${Found} check=${look.check} look=${look} /></div>`;
  if (look.reason) return html`<p class="note bad" role="alert">${look.reason}</p>`;
  return html`<${Skeleton} rows=${6} />`;
}

const sum = (rows, name) => rows.reduce((total, row) => total + row[name], 0);

function Found({ check, look }) {
  const [accepted, refused] = [sum(check.sources, "accepted"), sum(check.sources, "quarantined")];
  const unusual = check.volume.filter((each) => each.anomaly).length + check.drift.length;
  const known = check.identity.user + check.identity.claimed;
  return html`<section class="card stack" aria-label=${t("In a sentence")}>
      <p class="verdict">${t("{n} events came", { n: accepted })}, ${refused ? html`<a href=${href("/quarantine")}>${t("{n} were refused", { n: refused })}</a>` : t("none was refused")};
        ${" "}${unusual ? t("{n} things are not as usual.", { n: unusual }) : t("all is as usual.")}</p>
      <p class="soft sm num">${t("Since {since}. Read {size}, for {cost}.", { since: format.moment(look.window.since), size: format.bytes(look.bytes_scanned), cost: format.dollars(look.cost_usd) })}</p>
    </section>
    <dl class="kpis">
      <${Figure} name=${t("Corrected")} value=${format.number(sum(check.sources, "corrected"))} />
      <${Figure} name=${t("Of known people")} value=${accepted ? format.percent(known / accepted) : "–"} />
      <${Figure} name=${t("Half can be counted within")} value=${lasting(check.freshness.p50_s)} />
      <${Figure} name=${t("95 % within")} value=${lasting(check.freshness.p95_s)} />
    </dl>
    <${Volume} volume=${check.volume} />
    ${check.drift.length > 0 && html`<${Drift} drift=${check.drift} />`}
    <div class="sides">
      <${Refused} quarantined=${check.quarantined} />
      <${Corrections} corrections=${check.corrections} />
    </div>
    <${Sources} sources=${check.sources} />`;
}

const Figure = ({ name, value }) => html`<div><dt class="soft sm">${name}</dt><dd><b>${value}</b></dd></div>`;
const lasting = (seconds) => (seconds === null ? "–" : seconds < 120 ? t("{n} seconds", { n: seconds }) : t("{n} minutes", { n: Math.round(seconds / 60) }));

function Volume({ volume }) {
  const most = Math.max(1, ...volume.map((each) => Math.max(each.count, each.median)));
  return html`<${Card} title=${t("Volume")} aside=${t("the last full day, against the same weekday of eight weeks")}>
    ${volume.length === 0 && html`<p class="soft">${t("Nothing happened in the last eight weeks.")}</p>`}
    ${volume.length > 0 && html`<${Table} caption=${t("Volume")} rows=${volume} keyOf=${(each) => each.event} columns=${[
      { name: t("Event"), isHead: true, sort: (each) => each.event, value: (each) => html`<a href=${href(`/quality?tab=catalog&event=${encodeURIComponent(each.event)}`)}>${each.event}</a>` },
      { name: t("That day"), isNumber: true, sort: (each) => each.count, value: (each) => format.number(each.count) },
      { name: t("Usual"), isNumber: true, sort: (each) => each.median, value: (each) => format.number(each.median) },
      { name: t("Against the usual"), value: (each) => html`<${Bar} count=${each.count} usual=${each.median} most=${most} />` },
      { name: t("Verdict"), value: (each) => html`<${Verdict} of=${each} />` },
    ]} />`}
  <//>`;
}

/** A bar of what came, with a line where the usual ends. The figures stand beside it, so that it says nothing to a reader. */
const Bar = ({ count, usual, most }) => html`<svg class="against" width=${BAR + 2} height="14" aria-hidden="true">
  <rect class="has" y="3" width=${(count / most) * BAR} height="8" /><line x1=${(usual / most) * BAR + 1} x2=${(usual / most) * BAR + 1} y1="0" y2="14" /></svg>`;

function Verdict({ of }) {
  if (of.anomaly) return html`<${Tag} kind="bad">${of.anomaly === "low" ? t("less than half") : t("more than double")}<//>`;
  return html`<span class="soft">${of.enough ? t("as usual") : t("too new to say")}</span>`;
}

function Drift({ drift }) {
  return html`<${Card} title=${t("Properties that are not what they were")} aside=${t("against the time of the same length before")}>
    <${Table} caption=${t("Properties that are not what they were")} rows=${drift} keyOf=${(each) => `${each.event} ${each.property} ${each.kind}`} columns=${[
      { name: t("Property"), isHead: true, value: (each) => html`<code>${each.property}</code>` },
      { name: t("Event"), sort: (each) => each.event, value: (each) => each.event },
      { name: t("What changed"), value: (each) => (each.kind === "null" ? t("how often it is missing") : t("in which types it comes")) },
      { name: t("Before"), value: (each) => shares(each.before) },
      { name: t("Now"), value: (each) => html`<b>${shares(each.now)}</b>` },
    ]} />
  <//>`;
}

const words = { absent: () => t("absent"), null: () => t("null") };
const shares = (parts) => Object.entries(parts).map(([name, share]) => `${words[name]?.() ?? name} ${format.percent(share)}`).join(", ") || "–";

const Refused = ({ quarantined }) => html`<${Card} title=${t("Refused")}>
  ${quarantined.length === 0 && html`<p class="soft">${t("Nothing was refused.")}</p>`}
  ${quarantined.length > 0 && html`<${Table} caption=${t("Refused")} rows=${quarantined} keyOf=${(each) => each.reason + each.source} columns=${[
    { name: t("Reason"), isHead: true, value: (each) => html`<a href=${href(`/quarantine/group?${new URLSearchParams({ reason: each.reason, source: each.source })}`)}>${each.reason}</a>` },
    { name: t("Source"), value: (each) => each.source || "–" },
    { name: t("Waiting"), isNumber: true, value: (each) => format.number(each.count) },
    { name: t("Sent again"), isNumber: true, value: (each) => format.number(each.replayed) },
  ]} />`}
<//>`;

const Corrections = ({ corrections }) => html`<${Card} title=${t("Corrected values")}>
  ${corrections.length === 0 && html`<p class="soft">${t("Nothing had to be corrected.")}</p>`}
  ${corrections.length > 0 && html`<${Table} caption=${t("Corrected values")} rows=${corrections} keyOf=${(each) => each.rule} columns=${[
    { name: t("Rule"), isHead: true, value: (each) => html`<code>${each.rule}</code>` },
    { name: t("Values"), isNumber: true, value: (each) => format.number(each.count) },
  ]} />`}
<//>`;

const Sources = ({ sources }) => html`<${Card} title=${t("Sources")}>
  <${Table} caption=${t("Sources")} rows=${sources} keyOf=${(each) => each.source} columns=${[
    { name: t("Source"), isHead: true, value: (each) => each.source || t("without a name") },
    ...[["accepted", t("Accepted")], ["corrected", t("Corrected")], ["quarantined", t("Refused")], ["replayed", t("Sent again")], ["bots", t("Bots")], ["tests", t("Tests")]].map(
      ([key, name]) => ({ name, isNumber: true, sort: (each) => each[key], value: (each) => format.number(each[key]) }),
    ),
  ]} />
<//>`;
