/**
 * A table that can be read on a phone and by a reader: `columns` is `[{ name, value: (row) => ..., isNumber, isHead, sort: (row) => ... }..]`.
 * Rows are links in their first cell (a row itself has no handler: a keyboard does not reach it). What is too wide scrolls inside of its own frame.
 */
import { t } from "../model/text.js";
import { html, useState } from "./html.js";

export function Table({ caption, columns, rows, keyOf = (row) => row.id }) {
  const [order, setOrder] = useState(null);
  const shown = order ? [...rows].sort((a, b) => order.sign * compare(order.by(a), order.by(b))) : rows;
  const head = (column) => {
    const classes = column.isNumber ? "n" : "";
    if (!column.sort) return html`<th scope="col" class=${classes}>${column.name}</th>`;
    const sign = order?.by === column.sort ? -order.sign : 1;
    const now = order?.by === column.sort ? (order.sign > 0 ? "ascending" : "descending") : "none";
    return html`<th scope="col" class=${classes} aria-sort=${now}>
      <button type="button" class="sort" onClick=${() => setOrder({ by: column.sort, sign })}>${column.name}</button>
    </th>`;
  };
  const cell = (column, row) =>
    column.isHead ? html`<th scope="row">${column.value(row)}</th>` : html`<td class=${column.isNumber ? "n" : ""}>${column.value(row)}</td>`;
  return html`<div class="scroll" role="group" tabindex="0" aria-label=${caption}>
    <table>
      <caption class="unseen">${caption}</caption>
      <thead><tr>${columns.map(head)}</tr></thead>
      <tbody>${shown.map((row) => html`<tr key=${keyOf(row)}>${columns.map((column) => cell(column, row))}</tr>`)}</tbody>
    </table>
  </div>`;
}

const compare = (a, b) => (a == null ? (b == null ? 0 : 1) : b == null ? -1 : typeof a === "number" ? a - b : String(a).localeCompare(String(b)));

/** One page after the other: `next` is the API's, `more` is called with it. */
export const More = ({ next, more, isLoading }) =>
  next && html`<p><button type="button" aria-disabled=${isLoading} onClick=${() => more(next)}>${t("Show more")}</button></p>`;
