/** The steps of a repair as a form: what is done, to which field, with what. They are kept in this tab until they were sent. */
import * as drafts from "../model/drafts.js";
import { NEW_STEP, TYPES, VERBS } from "../model/repair.js";
import { t } from "../model/text.js";
import { withoutPath } from "../parts/form.js";
import { html, useId, useRef, useState } from "../parts/html.js";
import { isOf } from "../parts/states.js";

const START = [NEW_STEP];

/** `{ value, change, forget, fields }` of the repair of this selection. */
export function useSteps(selection) {
  const key = `repair.${selection}`;
  const [value, setValue] = useState(() => drafts.kept(key) ?? START);
  const change = (next) => (drafts.keep(key, next), setValue(next));
  return { value, change, forget: () => drafts.forget(key), fields: value.map((_, index) => `repair.steps[${index}]`) };
}

export function Steps({ steps, error }) {
  const list = useRef(null);
  const { value, change } = steps;
  const put = (index, changes) => change(value.map((step, at) => (at === index ? { ...step, ...changes } : step)));
  const remove = (index) => {
    const rows = list.current.querySelectorAll("li");
    (rows[index + 1] ?? rows[index - 1])?.querySelector("select").focus();
    change(value.filter((_, at) => at !== index));
  };
  return html`<ol class="stack tight" ref=${list}>${value.map((step, index) => html`<${Step} key=${index} step=${step} number=${index + 1} put=${(changes) => put(index, changes)}
      remove=${value.length > 1 && (() => remove(index))} error=${isOf(error, `repair.steps[${index}]`) ? error : null} />`)}</ol>
    <p><button type="button" onClick=${() => change([...value, NEW_STEP])}>${t("Add a step")}</button></p>`;
}

function Step({ step, number, put, remove, error }) {
  const id = useId();
  const wrong = error && { "aria-invalid": "true", "aria-describedby": id };
  const isOfTo = /\.(to|from)$/.test(error?.field);
  const words = { default: t("where it is missing, set"), set: t("set"), rename: t("rename"), cast: t("read as another type") };
  return html`<li class="stack tight"><div class="row" role="group" aria-label=${t("Step {n}", { n: number })}>
    <select aria-label=${t("What to do")} value=${step.verb} onChange=${(event) => put({ verb: event.target.value, to: event.target.value === "cast" ? "text" : "" })}>
      ${VERBS.map((verb) => html`<option value=${verb}>${words[verb]}</option>`)}</select>
    <input aria-label=${t("Field, as in properties.revenue")} placeholder="properties.revenue" value=${step.path} ...${!isOfTo && wrong} onInput=${(event) => put({ path: event.target.value })} />
    <${To} step=${step} put=${put} wrong=${isOfTo && wrong} />
    ${remove && html`<button type="button" class="quiet" onClick=${remove}>${t("Remove step {n}", { n: number })}</button>`}
  </div>${error && html`<p class="refusal" role="alert" id=${id}>${withoutPath(error)}</p>`}</li>`;
}

function To({ step, put, wrong }) {
  if (step.verb === "cast")
    return html`<select aria-label=${t("Type")} value=${step.to} ...${wrong} onChange=${(event) => put({ to: event.target.value })}>${TYPES.map((type) => html`<option>${type}</option>`)}</select>`;
  if (step.verb === "rename") return html`<span>${t("to")}</span><input aria-label=${t("New name of the field")} value=${step.to} ...${wrong} onInput=${(event) => put({ to: event.target.value })} />`;
  return html`<select aria-label=${t("From where")} value=${step.from ? "from" : "value"} onChange=${(event) => put({ from: event.target.value === "from" })}>
      <option value="value">${t("to the value")}</option><option value="from">${t("to what is in the field")}</option></select>
    <input aria-label=${step.from ? t("The other field") : t("Value: JSON, or else a text")} value=${step.to} ...${wrong} onInput=${(event) => put({ to: event.target.value })} />`;
}
