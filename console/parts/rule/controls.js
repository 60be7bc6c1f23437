/** Controls of a line of a rule. Each is as wide as what it says, and each has a name for screen readers. */
import { t } from "../../model/text.js";
import { same, Typed } from "../form.js";
import { html, useRef } from "../html.js";
import { without } from "./edits.js";
import { fitted, JSON_LINE, LINES } from "./values.js";

export const of = (known, name) => known?.find((each) => each.name === name);
export const text = (value) => (typeof value === "string" ? value : "");
export const isRecord = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

export const Gone = ({ what, run }) => html`<button type="button" class="quiet" aria-label=${t("Remove {what}", { what })} onClick=${run}>✕</button>`;

const DAY = /^\d{4}-\d\d-\d\d$/;

/** One of a few: `options` is `[[value, text]..]`. What is none of them is there as well, as it is. */
export const Choose = ({ label, value, options, change, isMain }) => html`<select aria-label=${label} data-main=${isMain} value=${value} onChange=${({ target }) => change(target.value)}>
  ${(options.some(([each]) => each === value) ? options : [[value, value], ...options]).map(([each, text]) => html`<option key=${each} value=${each}>${text}</option>`)}
</select>`;

/**
 * A value of the kind that the schema names. A kind that is not known here is written as JSON, and so is what does not fit, unless it is on the way: what
 * is typed here stays in the field that it was begun in.
 */
export function Given({ kind, value, words, label, ...rest }) {
  const last = useRef({});
  const { change } = rest;
  if (kind === "boolean" && typeof value === "boolean")
    return html`<${Choose} ...${rest} label=${label} value=${String(value)} options=${[["true", t("yes")], ["false", t("no")]]} change=${(next) => change(next === "true")} />`;
  const span = kind === "anniversary" && value === true ? "1d" : value;
  if (/^(span|anniversary)$/.test(kind) && /[a-z]$/.test(span)) return html`<${Span} ...${rest} value=${span} words=${words} label=${label} />`;
  if (/range$/.test(kind) && Array.isArray(value) && value.length === 2)
    return [0, 1].map((side) => html`<${Typed} ...${rest} key=${side} isMain=${rest.isMain && side === 0} label=${side ? t("{what}: to", { what: label }) : label} value=${value[side]} line=${LINES.number}
      change=${(next) => change(side ? [value[0], next] : [next, value[1]])} />`);
  const begun = { kind, line: LINES[kind]?.fits(value) ? LINES[kind] : JSON_LINE, type: /moment|clock/.test(kind) && DAY.test(value) ? "date" : "text" };
  const { line, type } = last.current.kind === kind && same(last.current.value, value) ? last.current : begun;
  const put = (next) => ((last.current = { kind, line, type, value: next }), change(next));
  return html`<${Typed} ...${rest} key=${kind} label=${label} value=${value} line=${line} type=${type} change=${put} />`;
}

function Span({ value, words, label, change, isMain }) {
  const unit = value.slice(-1);
  const line = { shown: (span) => span.slice(0, -1), read: (text) => text.trim() + unit, attributes: { inputmode: "numeric" } };
  return html`<${Typed} label=${label} value=${value} line=${line} change=${change} isMain=${isMain} />
    <${Choose} label=${t("{what}: unit", { what: label })} value=${unit} options=${Object.entries(words.spans)} change=${(next) => change(value.slice(0, -1) + next)} />`;
}

/** `is more than {} ago` is `is more than … ago` in a list of operators, without what is at its end anyway. */
export const named = (label) => label.replaceAll("{}", "…").replace(/\s*…$/, "");

/** An operator of a table and what it is given: `{ gte: 3 }`, or nothing that can be drawn. `kinds` are the words of the operators. */
export const operatorIn = (part, kinds) => {
  const found = kinds.filter(({ name }) => name in part);
  return found.length === 1 ? found[0] : null;
};

/** A test beside whatever else `part` says: its operator, and what that is given. */
export function Test({ part, kinds, words, label, change, offered }) {
  const word = operatorIn(part, kinds);
  const choose = (name) => change({ ...without(part, [word.name]), [name]: fitted(kinds.find((each) => each.name === name).value, part[word.name]) });
  return html`<${Choose} label=${t("{what}: how", { what: label })} value=${word.name} options=${kinds.map(({ name, label: text }) => [name, named(text)])} change=${choose} />
    <${Given} kind=${word.value} value=${part[word.name]} words=${words} label=${t("{what}: value", { what: label })} offered=${offered} isMain change=${(next) => change({ ...part, [word.name]: next })} />`;
}
