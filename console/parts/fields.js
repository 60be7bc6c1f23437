/**
 * Fields of a document that is a draft. `it` is what its screen shares: the `document`, `change(path, value)`, and what the API says of it as it is
 * written: `errors` (`[{ field, message }..]`) and `warnings` (`[{ path, message }..]`).
 */
import { at } from "../model/documents.js";
import { t } from "../model/text.js";
import { Field, Typed } from "./form.js";
import { html } from "./html.js";
import { isOf } from "./states.js";

/** A field of the document: `path` is the API's name of its place. What is wrong or odd there stands beside it. */
export const At = ({ it, path, error = it.errors.find((each) => isOf(each, path)), label, hint, aside, children }) =>
  html`<${Field} label=${label} path=${path} error=${error} warnings=${it.warnings} hint=${hint} aside=${aside}>${children}<//>`;

/** A field of one line. `read` makes the document's value of what is typed, `shown` is its text; what is nothing takes the field away. Other attributes are the input's. */
export function Line({ it, path, label, hint, aside, error, children, read = textOf, shown = shownOf, value = at(it.document, path), change = (next) => it.change(path, next), ...attributes }) {
  return html`<${At} it=${it} path=${path} error=${error} label=${label} hint=${hint} aside=${aside}>
    ${(given) => html`<${Typed} ...${given} ...${attributes} value=${value} line=${{ shown, read }} change=${change} />${children}`}
  <//>`;
}

/** A field with a few answers: `options` is `[[value, text]..]`, of which the first stands for nothing said. */
export const Choice = ({ it, path, label, hint, options }) => html`<${At} it=${it} path=${path} label=${label} hint=${hint}>
  ${(given) => html`<select ...${given} value=${at(it.document, path) ?? options[0][0]} onChange=${(event) => it.change(path, event.target.value || undefined)}>
    ${options.map(([value, text]) => html`<option value=${value}>${text}</option>`)}</select>`}
<//>`;

const textOf = (text) => text || undefined;
const shownOf = (value) => value ?? "";

/** `7d` in two fields, as the API writes spans. */
export function Span({ it, path, label }) {
  const split = (span) => /^(.*?)([a-z]?)$/.exec(span ?? "");
  const [, count, unit] = split(at(it.document, path));
  const units = { m: t("minutes"), h: t("hours"), d: t("days"), w: t("weeks") };
  return html`<div class="row"><${Line} it=${it} path=${path} label=${label} inputmode="numeric" size="4" shown=${(span) => split(span)[1]} read=${(text) => text.trim() + (unit || "d")} />
    <select aria-label=${t("{what}: unit", { what: label })} value=${unit || "d"} onChange=${(event) => it.change(path, `${count || 1}${event.target.value}`)}>
      ${Object.entries(units).map(([each, text]) => html`<option value=${each}>${text}</option>`)}</select></div>`;
}
