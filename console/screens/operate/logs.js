/** What a function logged lately: lines carry ids, never traits. */
import * as format from "../../model/format.js";
import { isOurs, isTrouble, lineOf } from "../../model/log-lines.js";
import { t } from "../../model/text.js";
import { html, useEffect, useMemo, useRef, useState } from "../../parts/html.js";
import { Card, Tag } from "../../parts/page.js";
import { Loaded } from "../../parts/states.js";
import { Table } from "../../parts/table.js";
import { useRead } from "../../parts/use.js";

const SPANS = [10, 60, 1440];
const MOST = 200;

export function Logs({ chosen, choose }) {
  const names = useRead("/admin/functions");
  const [minutes, setMinutes] = useState(60);
  const [onlyTrouble, setOnlyTrouble] = useState(false);
  const select = useRef(null);
  useEffect(() => chosen && select.current?.focus(), [chosen]);
  const since = useMemo(() => new Date(Date.now() - minutes * 60_000).toISOString(), [chosen, minutes]);
  const read = useRead(chosen && `/admin/logs?${new URLSearchParams({ function: chosen, since })}`);
  const words = { 10: t("10 minutes"), 60: t("an hour"), 1440: t("a day") };
  return html`<${Card} title=${t("What the functions log")}>
    <${Loaded} of=${names} rows=${1}>${({ functions }) => html`<div class="row">
      <label class="row">${t("Function")} <select ref=${select} value=${chosen} onChange=${(event) => choose(event.target.value)}>
        <option value="">${t("choose one")}</option>${functions.map((each) => html`<option value=${each}>${each}</option>`)}</select></label>
      <label class="row">${t("of the last")} <select value=${minutes} onChange=${(event) => setMinutes(Number(event.target.value))}>${SPANS.map((n) => html`<option value=${n}>${words[n]}</option>`)}</select></label>
      <label class="row"><input type="checkbox" checked=${onlyTrouble} onChange=${() => setOnlyTrouble(!onlyTrouble)} /> ${t("only warnings and errors")}</label>
      ${chosen && html`<button type="button" onClick=${read.reload}>${t("Look again")}</button>`}
    </div>`}<//>
    ${chosen && html`<${Loaded} of=${read} rows=${4}>${(page) => html`<${Lines} page=${page} onlyTrouble=${onlyTrouble} />`}<//>`}
  <//>`;
}

function Lines({ page, onlyTrouble }) {
  const lines = page.events.filter(isOurs).map((each) => ({ ...each, ...lineOf(each.message) }));
  const found = lines.filter((each) => !onlyTrouble || isTrouble(each)).reverse();
  if (!found.length) return html`<p class="soft" role="status">${onlyTrouble ? t("No warning and no error.") : t("It logged nothing.")}</p>`;
  return html`<${Table} caption=${t("Lines of the log")} rows=${found.slice(0, MOST)} columns=${[
      { name: t("When"), value: (each) => html`<span class="num">${format.moment(each.at)}</span>` },
      { name: t("Line"), isHead: true, value: (each) => html`${isTrouble(each) && html`<${Tag} kind="bad">${each.level.toLowerCase()}<//> `}<code>${each.text}</code>` },
    ]} />
    ${(page.next || found.length > MOST) && html`<p class="soft sm">${t("There is more: look at a shorter time, or use {command}.", { command: "regulars logs" })}</p>`}`;
}
