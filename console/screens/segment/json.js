/** The segment as the API takes it, as text: the same draft as the rule's. What is no segment yet is kept as it is typed, and is not in the draft. */
import * as drafts from "../../model/drafts.js";
import { parse } from "../../model/numbers.js";
import { t } from "../../model/text.js";
import { Field } from "../../parts/form.js";
import { html, useState } from "../../parts/html.js";
import { Card } from "../../parts/page.js";
import { may } from "../../parts/world.js";
import { useJudged } from "./judged.js";

/** `{ value, error }` of a text: what it says, or why it says nothing. */
function said(text) {
  try {
    const value = parse(text);
    return isObject(value) ? { value } : { error: t("A segment is an object.") };
  } catch (error) {
    return { error: t("This is no JSON yet: {why}", { why: error.message }) };
  }
}

const isObject = (value) => Boolean(value) && typeof value === "object" && !Array.isArray(value);
const isSegment = ({ name = "", rule }) => typeof name === "string" && isObject(rule);

export function Json({ id, document, draft }) {
  const key = `segment.${id ?? "new"}.text`;
  const [typed, setTyped] = useState(() => drafts.kept(key));
  const { value, error } = typed ? said(typed.text) : {};
  const isAside = Boolean(typed) && !(value && isSegment(value));
  // What changes the draft elsewhere, as undo does, is shown instead of what was typed.
  const isMine = isAside || (value && JSON.stringify(value) === JSON.stringify(document));
  const text = isMine ? typed.text : JSON.stringify(document, null, 2);
  const judged = useJudged(id, isAside ? value : document);
  const forget = () => (drafts.forget(key), setTyped(null));
  const onInput = ({ target }) => {
    const next = said(target.value).value;
    setTyped({ text: target.value });
    if (next && isSegment(next)) drafts.forget(key), draft.change(next, "json");
    else drafts.keep(key, { text: target.value });
  };
  const refused = error ?? (judged.isLoading ? null : judged.error?.message);
  return html`<${Card} title=${t("As JSON")} aside=${judged.isLoading ? t("Checking") : !refused && t("it can be saved")}>
    <${Field} label=${t("The segment as JSON")} path="text" error=${refused && { field: "text", message: refused }}
      warnings=${refused ? [] : (judged.data?.warnings ?? []).map(({ path, message }) => ({ path: "text", message: `${path}: ${message}` }))}>
      ${(given) => html`<textarea class="code" rows=${Math.min(30, text.split("\n").length + 1)} ...${given} readonly=${!may("write")} spellcheck=${false} value=${text} onInput=${onInput}></textarea>`}
    <//>
    ${isAside && html`<p class="row sm">${t("It is kept as you typed it, and not in the draft.")} <button type="button" onClick=${forget}>${t("Back to the draft")}</button></p>`}
  <//>`;
}
