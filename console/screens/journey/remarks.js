/** What the API says of a part of the document, but for what stands beside one of its fields. */
import { html } from "../../parts/html.js";
import { isOf } from "../../parts/states.js";

/** `within` is the part's path; the whole document's is empty. */
export function Remarks({ it, within, fields }) {
  const mine = (place) => (!within || isOf({ field: place }, within)) && !fields.some((field) => isOf({ field: place }, field));
  const said = (place, message) => [place.slice(within.length).replace(/^\./, ""), message].filter(Boolean).join(": ");
  const errors = it.errors.filter(({ field }) => mine(field));
  const warnings = it.warnings.filter(({ path }) => mine(path));
  return html`${errors.map(({ field, message }) => html`<p key=${field} class="refusal" role="alert">${said(field, message)}</p>`)}
    ${warnings.map(({ path, message }) => html`<p key=${path} class="warning">${said(path, message)}</p>`)}`;
}
