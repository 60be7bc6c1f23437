/** Controls of a line of a rule. Each is as wide as what it says, and each has a name for screen readers. */
import { t } from "../../model/text.js";
import { html, useId, useState } from "../../parts/html.js";
import { without } from "./edits.js";
import { fitted, isSpan, JSON_LINE, LINES } from "./values.js";

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const DAY = /^\d{4}-\d\d-\d\d$/;

/**
 * A line of text that stays as it is typed while it means what the rule says; as wide as that also where the browser knows no `field-sizing`.
 * `offered` are values to choose from; what `isMain` has the focus first.
 */
export function Typed({ label, value, line, change, offered = [], isMain, type = "text", ...attributes }) {
  const [typed, setTyped] = useState(null);
  const id = useId();
  const text = typed && same(typed.value, value) ? typed.text : line.shown(value);
  const onInput = ({ target }) => {
    const next = line.read(target.value);
    setTyped({ text: target.value, value: next });
    change(next);
  };
  return html`<input type=${type} aria-label=${label} value=${text} size=${Math.max(2, text.length)} autocomplete="off" data-main=${isMain} list=${offered.length ? id : undefined} ...${line.attributes} ...${attributes} onInput=${onInput} />
    ${line.after}${offered.length > 0 && html`<datalist id=${id}>${offered.map((each) => html`<option value=${line.shown(Array.isArray(value) ? [...value, each] : each)}></option>`)}</datalist>`}`;
}

/** One of a few: `options` is `[[value, text]..]`. What is none of them is there as well, as it is. */
export const Choose = ({ label, value, options, change, isMain }) => html`<select aria-label=${label} data-main=${isMain} value=${value} onChange=${({ target }) => change(target.value)}>
  ${(options.some(([each]) => each === value) ? options : [[value, value], ...options]).map(([each, text]) => html`<option key=${each} value=${each}>${text}</option>`)}
</select>`;

/** A value of the kind that the schema names. A kind that is not known here is written as JSON. */
export function Given({ kind, value, words, label, ...rest }) {
  const { change } = rest;
  if (kind === "boolean" && typeof value === "boolean")
    return html`<${Choose} ...${rest} label=${label} value=${String(value)} options=${[["true", t("yes")], ["false", t("no")]]} change=${(next) => change(next === "true")} />`;
  const span = kind === "anniversary" && value === true ? "1d" : value;
  if (/^(span|anniversary)$/.test(kind) && isSpan(span)) return html`<${Span} ...${rest} value=${span} words=${words} label=${label} />`;
  if (/range$/.test(kind) && Array.isArray(value) && value.length === 2)
    return [0, 1].map((side) => html`<${Typed} ...${rest} key=${side} isMain=${rest.isMain && side === 0} label=${side ? t("{what}: to", { what: label }) : label} value=${value[side]} line=${LINES.number}
      change=${(next) => change(side ? [value[0], next] : [next, value[1]])} />`);
  const line = LINES[kind]?.fits(value) ? LINES[kind] : JSON_LINE;
  return html`<${Typed} ...${rest} label=${label} value=${value} line=${line} type=${/moment|clock/.test(kind) && DAY.test(value) ? "date" : "text"} />`;
}

function Span({ value, words, label, change, isMain }) {
  const unit = value.slice(-1);
  const line = { shown: (span) => span.slice(0, -1), read: (text) => `${text.replace(/\D/g, "")}${unit}`, attributes: { inputmode: "numeric" } };
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
