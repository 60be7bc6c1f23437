/**
 * Every version of a definition: who saved it, when, what changed, and the way back. `kind` is `campaigns` or `segments`, as in the API's paths.
 *
 *     <${Versions} kind="campaigns" id=${id} newest=${version} onRestored=${read.reload} />
 */
import * as format from "../model/format.js";
import { t } from "../model/text.js";
import { html } from "./html.js";
import { Card, Tag } from "./page.js";
import { Loaded, Refusal } from "./states.js";
import { toast } from "./toasts.js";
import { useAction, useRead } from "./use.js";
import { may, world } from "./world.js";

export function Versions({ kind, id, newest, onRestored }) {
  const path = `/admin/${kind}/${encodeURIComponent(id)}`;
  const read = useRead(`${path}/versions`);
  const restore = useAction(async (version) => {
    const { body } = await world.api.post(`${path}/restore`, { version });
    toast(t("Version {version} says what version {old} said", { version: body.version, old: version }));
    read.reload();
    onRestored();
  });
  return html`<${Loaded} of=${read} rows=${4}>
    ${({ versions }) => html`<${Card} title=${t("Versions")}>
      <${Refusal} error=${restore.error} />
      <ol class="stack">${versions.map(
        (each) => html`<li key=${each.version} class="stack tight version">
          <div class="between"><h3>${t("Version {version}", { version: each.version })} ${each.version === newest && html`<${Tag} kind="ok">${t("newest")}<//>`}</h3>
            <span class="sm soft">${format.moment(each.saved_at)}</span></div>
          <p class="sm soft">${t("saved by {who}", { who: each.saved_by })}</p>
          ${each.changes.length > 0 && html`<ul class="sm">${each.changes.map((line) => html`<li><code>${line}</code></li>`)}</ul>`}
          ${may("write") && each.version !== newest && html`<p><button type="button" aria-disabled=${restore.isRunning} onClick=${() => restore.run(each.version)}>
            ${t("Restore version {version}", { version: each.version })}</button></p>`}
        </li>`,
      )}</ol>
    <//>`}
  <//>`;
}
