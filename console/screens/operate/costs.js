/** What Athena cost each day: on demand, because it asks Athena for each statement. */
import * as format from "../../model/format.js";
import { t } from "../../model/text.js";
import { html, useState } from "../../parts/html.js";
import { Card } from "../../parts/page.js";
import { Loaded } from "../../parts/states.js";
import { Table } from "../../parts/table.js";
import { useRead } from "../../parts/use.js";

export function Costs() {
  const [isAsked, setAsked] = useState(false);
  const read = useRead(isAsked ? "/admin/costs" : null);
  const ask = () => (isAsked ? read.reload() : setAsked(true));
  return html`<${Card} title=${t("What Athena costs a day")} aside=${read.data && t("at the prices of {day}", { day: format.day(read.data.prices_as_of) })}>
    ${isAsked && html`<${Loaded} of=${read} rows=${4}>${(found) => html`<${Found} found=${found} />`}<//>`}
    <p class="row"><button type="button" onClick=${ask}>${read.isLoading ? t("Counting") : t("Count it")}</button>
      <span class="soft sm">${t("Asks Athena what each statement of the last seven days read; that costs nothing.")}</span></p>
  <//>`;
}

function Found({ found: { days, complete, since, not_counted: others } }) {
  const purposes = { data: t("New data"), audiences: t("Audiences"), questions: t("Questions"), upkeep: t("Upkeep") };
  return html`<p><b>${format.dollars(days[0].cost_usd)}</b> ${days[1] ? t("today so far, {usd} yesterday (UTC).", { usd: format.dollars(days[1].cost_usd) }) : t("today so far (UTC).")}
      ${" "}${t("Athena alone: nothing tells what {others} cost of this installation; the bill does.", { others: others.join(", ") })}</p>
    ${!complete && html`<p class="note warn">${t("There were too many statements: nothing from before {when} is in it.", { when: format.moment(since) })}</p>`}
    <${Table} caption=${t("What Athena costs a day")} rows=${days} keyOf=${(each) => each.day} columns=${[
      { name: t("Day"), isHead: true, value: (each) => format.day(each.day) },
      ...Object.entries(purposes).map(([key, name]) => ({ name, isNumber: true, value: (each) => format.dollars(each.by_purpose[key]) })),
      { name: t("Cost"), isNumber: true, value: (each) => html`<b>${format.dollars(each.cost_usd)}</b>` },
    ]} />`;
}
