/**
 * Fields with a label, a hint and, beside them, the API's own refusal of what is in them.
 *
 *     <${Field} label=${t("Daily limit")} path="daily_limit" error=${save.error} hint=${t("Empty: no limit")}>
 *       ${(given) => html`<${Typed} ...${given} value=${..} line=${NUMBER} change=${..} />`}
 *     <//>
 *
 * `path` is the field's path in the document that is put, as the API names it in a refusal. `warnings` are those of a put, each with its path.
 */
import { numberOf } from "../model/numbers.js";
import { t } from "../model/text.js";
import { html, useId, useState } from "./html.js";
import { isOf } from "./states.js";

export function Field({ label, path, error, warnings = [], hint, aside, children }) {
  const id = useId();
  const refused = isOf(error, path) ? error : null;
  const odd = refused ? [] : warnings.filter((each) => isOf({ field: each.path }, path));
  const described = refused ? `${id}-refusal` : odd.length ? `${id}-warning` : hint ? `${id}-hint` : undefined;
  const given = { id, "aria-describedby": described, "aria-invalid": refused ? "true" : undefined };
  return html`<div class="field">
    ${aside ? html`<div class="between"><label for=${id}>${label}</label><span class="sm soft num">${aside}</span></div>` : html`<label for=${id}>${label}</label>`}
    ${children(given)}
    ${hint && html`<p class="soft sm" id=${`${id}-hint`}>${hint}</p>`}
    ${odd.length > 0 && html`<p class="warning" id=${`${id}-warning`}>${odd.map((each) => each.message).join("; ")}</p>`}
    ${refused && html`<p class="refusal" id=${`${id}-refusal`} role="alert">${withoutPath(refused)}</p>`}
  </div>`;
}

const TEXT = { shown: (value = "") => value ?? "", read: (text) => text };
/** What is no number is sent as it is, so that the API says what it wants. An empty field is null. */
export const NUMBER = { ...TEXT, read: (text) => numberOf(text, null) };

export const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/**
 * A line of text that stays as it is typed while it means the value: `2.` on the way to `2.5`. `line` says how a value is shown and what a text means.
 * One with a `label` of its own stands in a sentence, and is as wide as what it says also where the browser knows no `field-sizing`. `offered` are
 * values to choose from; what `isMain` has the focus first.
 */
export function Typed({ label, value, line = TEXT, change, offered = [], isMain, type = "text", ...attributes }) {
  const [typed, setTyped] = useState(null);
  const id = useId();
  const text = typed && same(typed.value, value) ? typed.text : line.shown(value);
  const onInput = ({ target }) => {
    const next = line.read(target.value);
    setTyped({ text: target.value, value: next });
    change(next);
  };
  return html`<input type=${type} aria-label=${label} value=${text} size=${label && Math.max(2, text.length)} autocomplete="off" data-main=${isMain} list=${offered.length ? id : undefined} ...${line.attributes} ...${attributes} onInput=${onInput} />
    ${line.after}${offered.length > 0 && html`<datalist id=${id}>${offered.map((each) => html`<option value=${line.shown(Array.isArray(value) ? [...value, each] : each)}></option>`)}</datalist>`}`;
}

const NONE = { text: "", own: "" };

/**
 * A name that is typed into a table, which has it at once, with `first`: so it is saved and kept. `add` gives it a line among the `others`; `typing` is
 * the input's.
 */
export function useName(table, change, first) {
  const [{ text, own }, setTyped] = useState(NONE);
  const { [own]: _, ...others } = table;
  const add = () => setTyped(NONE);
  const onInput = ({ target }) => {
    const name = target.value.trim();
    const isNew = name && !Object.hasOwn(others, name);
    setTyped({ text: target.value, own: isNew ? name : "" });
    change(isNew ? { ...others, [name]: first } : others);
  };
  const onKeyDown = (event) => event.key === "Enter" && (event.preventDefault(), add());
  return { others, add, typing: { value: own && !Object.hasOwn(table, own) ? "" : text, onInput, onKeyDown } };
}

/** What a refusal says, without the path that it begins with: the place says that. */
export const withoutPath = ({ message, field }) => (message.startsWith(`${field}: `) ? message.slice(field.length + 2) : message);

/** The `onKeyDown` of a list whose choice does something at once: an arrow or a letter opens it, as on a Mac anyway, and Enter chooses. */
export function opensFirst(event) {
  if (!event.target.showPicker || event.ctrlKey || event.metaKey || !/^(Arrow.+|.)$/.test(event.key)) return;
  event.preventDefault();
  event.target.showPicker();
}

/** Both sides of a save that came too late (412): mine and what somebody else saved meanwhile; I choose. `save` is what useSave answers. */
export function StaleVersion({ save, mine }) {
  if (!save.theirs) return null;
  const { version } = save.theirs.body;
  return html`<section class="note warn stack" role="alert">
    <p>${t("Somebody saved version {version} while you were changing this. Nothing of yours is lost.", { version })}</p>
    <div class="sides">
      <div><h2>${t("Yours")}</h2><pre tabindex="0">${JSON.stringify(mine, null, 2)}</pre></div>
      <div><h2>${t("Version {version}", { version })}</h2><pre tabindex="0">${JSON.stringify(save.theirs.body, null, 2)}</pre></div>
    </div>
    <p class="row">
      <button type="button" onClick=${save.keepMine}>${t("Save mine over it")}</button>
      <button type="button" class="quiet" onClick=${save.takeTheirs}>${t("Take theirs, drop mine")}</button>
    </p>
  </section>`;
}
