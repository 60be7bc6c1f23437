/**
 * The rule as lines of controls, group in group. A line reads nothing but its own part of the rule and, by signals, what the API says of it: what is
 * typed in one line draws that line alone again.
 */
import { t } from "../../model/text.js";
import { Typed, withoutPath } from "../form.js";
import { html, useMemo, useRef, useState } from "../html.js";
import { isOf } from "../states.js";
import { AddBox } from "./adding.js";
import { Choose } from "./controls.js";
import { isNot, listIn, partOf, pathOf, without } from "./edits.js";
import { Figure } from "./figure.js";
import { Line, wordOf } from "./lines.js";
import { JSON_LINE } from "./values.js";

const numbered = (keys) => keys.filter((key) => typeof key === "number").map((key) => key + 1).join(".");

/** A part of the rule. It is drawn again when its own value changes, or its place. */
export const Part = ({ part, keys, edit }) =>
  useMemo(() => (listIn(part) ? html`<${Group} part=${part} keys=${keys} edit=${edit} />` : html`<${Clause} part=${part} keys=${keys} edit=${edit} />`), [part, pathOf(keys), edit]);

/** What is joined: the sort of joining, its parts, and where one more is added. The outermost is the rule itself. */
export function Group({ part, keys, edit }) {
  const inner = listIn(part);
  const list = [...keys, ...inner];
  const { all, any } = edit.heads;
  const chosen = inner.join(" ");
  const options = [["all", all.label], ["any", any.label], ["not all", all.negated], ["not any", any.negated]];
  const change = (next) => edit.change(keys, next.split(" ").reduceRight((value, key) => ({ [key]: value }), partOf(part, inner)));
  const head = html`<div class="row">${keys.length ? t("and people who match") : t("People who match")} <${Choose} label=${t("Match")} value=${chosen} options=${options} change=${change} isMain /></div>`;
  const parts = partOf(part, inner).map((each, index) => html`<${Part} key=${index} part=${each} keys=${[...list, index]} edit=${edit} />`);
  const add = !edit.isFixed && html`<${AddBox} list=${list} edit=${edit} />`;
  if (!keys.length) return html`<div data-at="rule">${head}<${Remarks} keys=${keys} edit=${edit} isGroup /></div>${parts}${add}`;
  return html`<fieldset class="nest" aria-label=${t("Group {n}", { n: numbered(keys) })}>
    <div class="clause" data-at=${pathOf(keys)} onKeyDown=${moving(keys, edit)}>${head}${edit.figures && html`<${Figure} path=${pathOf(keys)} edit=${edit} />`}<${Menu} part=${part} keys=${keys} edit=${edit} />
      <${Remarks} keys=${keys} edit=${edit} isGroup /></div>
    ${parts}${add}
  </fieldset>`;
}

/** One line. What cannot be drawn as controls is JSON, which is edited in its place, and stays JSON until somebody leaves it. */
export function Clause({ part, keys, edit }) {
  const [isText, setText] = useState(false);
  const negated = isNot(part);
  const inner = negated ? part.not : part;
  const word = isText ? null : wordOf(inner, edit);
  const n = numbered(keys) || "1";
  const change = (next) => edit.change(keys, negated ? { not: next } : next, pathOf(keys));
  const verb = word && html`<${Choose} label=${t("Whether it is so")} value=${negated ? "no" : ""} options=${[["", word.label], ["no", word.negated]]} change=${() => edit.negate(keys)} />`;
  return html`<div class="clause" role="group" aria-label=${t("Condition {n}", { n })} data-at=${pathOf(keys)} onKeyDown=${moving(keys, edit)}>
    <div class="row">${word ? html`${verb}<${Line} part=${inner} word=${word} edit=${edit} change=${change} isNegated=${negated} />`
      : html`<${Typed} class="json" label=${t("Condition {n} as JSON", { n })} value=${part} line=${JSON_LINE} isMain onFocus=${() => setText(true)} onBlur=${() => setText(false)} change=${(next) => edit.change(keys, next, pathOf(keys))} />`}</div>
    ${edit.figures && html`<${Figure} path=${pathOf(keys)} edit=${edit} />`}
    <${Menu} part=${part} keys=${keys} edit=${edit} word=${word} />
    <${Remarks} keys=${keys} edit=${edit} />
  </div>`;
}

/** Alt and an arrow move the line; Enter goes on to the next condition. */
const moving = (keys, edit) => (event) => {
  const step = event.altKey && { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const isDone = event.key === "Enter" && event.target.tagName === "INPUT";
  if (edit.isFixed || !(step || isDone)) return;
  event.preventDefault();
  event.stopPropagation();
  step ? edit.move(keys, step) : edit.focusAdd(keys);
};

/** What else can be done with a line. */
function Menu({ part, keys, edit, word }) {
  const menu = useRef(null);
  if (edit.isFixed) return html`<span></span>`;
  const inner = isNot(part) ? part.not : part;
  const clock = word?.keys.includes("timezone") && (() => edit.change([...keys, ...(isNot(part) ? ["not"] : [])], inner.timezone ? without(inner, ["timezone"]) : { ...inner, timezone: "user" }));
  const done = (run) => () => ((menu.current.open = false), menu.current.firstChild.focus(), run());
  const onKeyDown = (event) => {
    if (event.key !== "Escape" || !menu.current.open) return;
    event.preventDefault();
    done(() => {})();
  };
  const entries = [
    [t("Move up"), () => edit.move(keys, -1), "Alt ↑"],
    [t("Move down"), () => edit.move(keys, 1), "Alt ↓"],
    [t("Turn into its opposite"), () => edit.negate(keys)],
    [t("Put into a group"), () => edit.wrap(keys)],
    clock && [inner.timezone ? t("By one clock for all") : t("By each person's own clock"), clock],
    [t("Remove"), () => edit.remove(keys)],
  ];
  const onFocusOut = ({ relatedTarget }) => relatedTarget && !menu.current.contains(relatedTarget) && (menu.current.open = false);
  return html`<details class="menu" ref=${menu} onKeyDown=${onKeyDown} onFocusOut=${onFocusOut}><summary aria-label=${t("More for condition {n}", { n: numbered(keys) || "1" })}>⋯</summary>
    <div class="card">${entries.filter(Boolean).map(([text, run, keyed]) => html`<button type="button" class="quiet" onClick=${done(run)}>${text} ${keyed && html`<kbd>${keyed}</kbd>`}</button>`)}</div></details>`;
}

/** What the API says of this line: why it is refused, and names that nobody ever sent, with the one that was meant. */
function Remarks({ keys, edit, isGroup }) {
  const path = pathOf(keys);
  const { refusals, warnings } = edit.said.value;
  const about = (field) => (isGroup ? new RegExp(`^(\\.not)?(\\.all|\\.any)?$`).test(field.startsWith(path) ? field.slice(path.length) : "-") : isOf({ field }, path));
  const refused = refusals.find(({ field }) => about(field));
  return html`${refused && html`<p class="refusal" role="alert">${withoutPath(refused)}</p>`}
    ${!refused && warnings.filter((each) => about(each.path)).map((each) => html`<p class="warning" key=${each.path}>${each.message}
      ${each.meant && !edit.isFixed && html` <button type="button" class="quiet" onClick=${() => edit.repair(each)}>${t("Say {name} instead", { name: each.meant })}</button>`}</p>`)}`;
}
