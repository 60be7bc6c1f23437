/**
 * Fields with a label, a hint and, beside them, the API's own refusal of what is in them.
 *
 *     <${Field} label=${t("Daily limit")} path="daily_limit" error=${save.error} hint=${t("Empty: no limit")}>
 *       ${(given) => html`<input ...${given} type="number" value=${..} onInput=${..} />`}
 *     <//>
 *
 * `path` is the field's path in the document that is put, as the API names it in a refusal.
 */
import { t } from "../model/text.js";
import { html, useId } from "./html.js";
import { isOf } from "./states.js";

export function Field({ label, path, error, hint, children }) {
  const id = useId();
  const refused = isOf(error, path) ? error : null;
  const given = { id, "aria-describedby": refused ? `${id}-refusal` : hint ? `${id}-hint` : undefined, "aria-invalid": refused ? "true" : undefined };
  return html`<div class="field">
    <label for=${id}>${label}</label>
    ${children(given)}
    ${hint && html`<p class="soft sm" id=${`${id}-hint`}>${hint}</p>`}
    ${refused && html`<p class="refusal" id=${`${id}-refusal`} role="alert">${said(refused)}</p>`}
  </div>`;
}

/** Without the path that it begins with, which the place says. */
const said = ({ message, field }) => (message.startsWith(`${field}: `) ? message.slice(field.length + 2) : message);

/** Both sides of a save that came too late (412): mine and what somebody else saved meanwhile; I choose. `save` is what useSave answers. */
export function StaleVersion({ save, mine }) {
  if (!save.theirs) return null;
  const { version } = save.theirs.body;
  return html`<section class="note warn stack" role="alert">
    <p>${t("Somebody saved version {version} while you were changing this. Nothing of yours is lost.", { version })}</p>
    <div class="sides">
      <div><h3>${t("Yours")}</h3><pre tabindex="0">${JSON.stringify(mine, null, 2)}</pre></div>
      <div><h3>${t("Version {version}", { version })}</h3><pre tabindex="0">${JSON.stringify(save.theirs.body, null, 2)}</pre></div>
    </div>
    <p class="row">
      <button type="button" onClick=${save.keepMine}>${t("Save mine over it")}</button>
      <button type="button" class="quiet" onClick=${save.takeTheirs}>${t("Take theirs, drop mine")}</button>
    </p>
  </section>`;
}
