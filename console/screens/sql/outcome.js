/** What a statement came to: its rows and price, or why not. */
import * as format from "../../model/format.js";
import { t } from "../../model/text.js";
import { download } from "../../parts/files.js";
import { html, useState } from "../../parts/html.js";
import { Card } from "../../parts/page.js";
import { Loaded, Refusal, Skeleton } from "../../parts/states.js";
import { More, Table } from "../../parts/table.js";
import { useAction, useRead } from "../../parts/use.js";
import { world } from "../../parts/world.js";

const SHOWN = 1000;

export function Outcome({ look, isOld }) {
  const cost = t("Read {size}, for {cost}.", { size: format.bytes(look.bytes_scanned), cost: format.dollars(look.cost_usd) });
  if (look.state === "cancelled") return html`<p class="note warn" role="status">${t("It was stopped.")} ${cost}</p>`;
  if (look.state === "failed") return html`<p class="note bad" role="alert">${look.reason}</p>`;
  return look.state === "succeeded" ? html`<div class=${isOld ? "old" : ""}><${Rows} path=${`/admin/queries/${look.ticket}`} cost=${cost} /></div>` : html`<${Skeleton} />`;
}

function Rows({ path, cost }) {
  const [pages, setPages] = useState([]);
  const read = useRead(`${path}/rows`);
  const more = useAction(async (next) => {
    const { body } = await world.api.get(`${path}/rows?page=${encodeURIComponent(next)}`);
    setPages((before) => [...before, body]);
  });
  return html`<${Loaded} of=${read}>${(page) => html`<${Shown} pages=${[page, ...pages]} more=${more} path=${path} cost=${cost} />`}<//>`;
}

function Shown({ pages, more, path, cost }) {
  const rows = pages.flatMap((page) => page.rows);
  const { next } = pages.at(-1);
  const columns = pages[0].columns.map(({ name, type }, place) => ({
    name,
    isNumber: /int|double|decimal|real/.test(type),
    value: (row) => row[place] ?? html`<span class="soft">NULL</span>`,
  }));
  return html`<${Card} title=${t("Result")} aside=${cost} kind="found">
    <div class="between">
      <p role="status"><b>${next ? t("The first {n} rows", { n: rows.length }) : t("{n} rows", { n: rows.length })}</b>${(next || pages.some((page) => page.cut)) && html`; ${t("the export has all, and long values whole")}`}</p>
      <${Export} path=${path} />
    </div>
    <${Table} caption=${t("Result")} rows=${rows} keyOf=${(row) => rows.indexOf(row)} columns=${columns} />
    <${Refusal} error=${more.error} />
    <${More} next=${rows.length < SHOWN && next} more=${more.run} isLoading=${more.isRunning} />
  <//>`;
}

function Export({ path }) {
  const save = useAction(() => download(`${path}/export`, {}, "query.csv", "text/csv"));
  return html`<p class="row"><button type="button" onClick=${save.run}>${save.isRunning ? t("Exporting") : t("Export as CSV")}</button><${Refusal} error=${save.error} /></p>`;
}
