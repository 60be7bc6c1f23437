/** Tables and views, their columns and what those mean. */
import { t } from "../../model/text.js";
import { html } from "../../parts/html.js";
import { Card } from "../../parts/page.js";
import { Loaded } from "../../parts/states.js";
import { useRead } from "../../parts/use.js";

export function Schema() {
  const read = useRead("/admin/lake-tables");
  return html`<${Card} title=${t("Tables and views")}>
    <${Loaded} of=${read} rows=${6}>${({ tables }) => html`<div>${tables.map((each) => html`<details key=${each.name}>
      <summary><code>${each.name}</code>${each.kind === "view" && html` <span class="sm">${t("view")}</span>`}</summary>
      <p class="soft sm">${each.meaning}</p>
      <dl class="stack tight sm schema">${each.columns.map((column) => html`<div><dt><code>${column.name}</code> <span class="soft">${column.type}</span></dt><dd class="soft">${column.meaning}</dd></div>`)}</dl>
    </details>`)}</div>`}<//>
  <//>`;
}
