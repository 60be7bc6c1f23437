/**
 * A document as text, which is the same draft as the screen's other ways to write it. What `fits` refuses, and what is no JSON yet, is kept as it is typed
 * and is not in the draft.
 *
 *     const text = useText("segment.lapsing.text", document, change, fits);
 *     <${DocumentText} label=${t("The segment as JSON")} text=${text} refused=${judged.error?.message} warnings=${..} isLoading=${..} />
 */
import * as drafts from "../model/drafts.js";
import { twice } from "../model/keys.js";
import { parse } from "../model/numbers.js";
import { t } from "../model/text.js";
import { Field } from "./form.js";
import { html, useState } from "./html.js";
import { Card } from "./page.js";
import { may } from "./world.js";

/** `{ value, error }` of a text: what it says, or why it says nothing. */
function said(text) {
  try {
    const value = parse(text), key = twice(text);
    if (key) return { error: t("{key} is written twice, and only the last would count.", { key }) };
    return value && typeof value === "object" && !Array.isArray(value) ? { value } : { error: t("It is an object, as in {example}.", { example: "{}" }) };
  } catch (error) {
    return { error: t("This is no JSON yet: {why}", { why: error.message }) };
  }
}

/** `{ text, value, error, isAside, type, forget }`: `value` is what the text says, in the draft or not. */
export function useText(key, document, change, fits) {
  const [typed, setTyped] = useState(() => drafts.kept(key));
  const { value, error } = typed ? said(typed.text) : {};
  const isAside = Boolean(typed) && !(value && fits(value));
  // What changes the draft elsewhere, as undo does, is shown instead of what was typed.
  const isMine = isAside || (value && JSON.stringify(value) === JSON.stringify(document));
  const forget = () => (drafts.forget(key), setTyped(null));
  const type = (text) => {
    const next = said(text).value;
    setTyped({ text });
    if (next && fits(next)) drafts.forget(key), change(next);
    else drafts.keep(key, { text });
  };
  return { text: isMine ? typed.text : JSON.stringify(document, null, 2), value: isAside ? value : document, error, isAside, type, forget };
}

/** `refused` is why the API would not take what the text says. */
export function DocumentText({ label, text: { text, error, isAside, type, forget }, refused: told, warnings = [], isLoading }) {
  const refused = error ?? (isLoading ? null : told);
  return html`<${Card} title=${t("As JSON")} aside=${isLoading ? t("Checking") : !refused && t("it can be saved")}>
    <${Field} label=${label} path="text" error=${refused && { field: "text", message: refused }}
      warnings=${refused ? [] : warnings.map(({ path, message }) => ({ path: "text", message: `${path}: ${message}` }))}>
      ${(given) => html`<textarea class="code" rows=${Math.min(30, text.split("\n").length + 1)} ...${given} readonly=${!may("write")} spellcheck=${false} value=${text} onInput=${({ target }) => type(target.value)}></textarea>`}
    <//>
    ${isAside && html`<p class="row sm">${t("It is kept as you typed it, and not in the draft.")} <button type="button" onClick=${forget}>${t("Back to the draft")}</button></p>`}
  <//>`;
}
