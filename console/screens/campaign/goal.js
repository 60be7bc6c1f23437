/** What counts as success, who is held back to compare with, and what that can show. */
import * as format from "../../model/format.js";
import { numberOf } from "../../model/numbers.js";
import { t } from "../../model/text.js";
import { Line } from "../../parts/fields.js";
import { Goal as GoalFields } from "../../parts/goal.js";
import { html, useState } from "../../parts/html.js";
import { Card } from "../../parts/page.js";
import { Failure } from "../../parts/states.js";
import { useAction, useRead } from "../../parts/use.js";
import { world } from "../../parts/world.js";

export const Goal = ({ it }) => html`<${Card} title=${t("What counts as success")}>
    <fieldset class="stack" disabled=${it.mayNot}>
      <${GoalFields} it=${it} events=${it.names.data?.events ?? []} label=${t("Event")} />
      <${Line} it=${it} path="control.percent" label=${t("Held back, in percent")} inputmode="decimal" size="5" read=${numberOf}
        hint=${t("They get nothing, and show what people do without the message. 10 unless you say otherwise.")} />
    </fieldset>
    ${it.document.goal && html`<${Power} it=${it} />`}
  <//>`;

/** What such a control group can show, by what the audience did before: asked of what is saved, for a price. */
function Power({ it }) {
  const [asked, setAsked] = useState(null);
  const start = useAction(async () => setAsked((await world.api.post(`${it.path}/power`)).body.ticket));
  const look = useRead(asked && `/admin/powers/${asked}`, { every: 700, done: ({ state }) => state !== "queued" && state !== "running" });
  const isOver = look.data && !look.isLoading;
  const mustSave = it.isNew || it.draft.isChanged;
  return html`<section class="stack tight" aria-label=${t("What it can show")}>
    <p class="row"><button type="button" disabled=${mustSave} aria-disabled=${start.isRunning || (asked && !isOver && !look.error)} onClick=${start.run}>${t("What can this control group show?")}</button>
      ${mustSave && html`<span class="soft sm">${t("Save first: it is asked of what is saved.")}</span>`}</p>
    ${asked && !isOver && !look.error && html`<p class="soft sm" role="status">${t("Asking what the audience did before")}</p>`}
    ${(start.error ?? look.error) && html`<${Failure} error=${start.error ?? look.error} retry=${start.run} />`}
    ${isOver && look.data.power && html`<p role="status">${look.data.sentence}</p>
      ${look.data.notes.map((note) => html`<p class="soft sm">${note}</p>`)}
      <p class="soft sm">${t("Version {version}. This answer cost {cost}.", { version: look.data.power.version, cost: format.dollars(look.data.cost_usd) })}</p>`}
    ${isOver && look.data.reason && html`<p class="note bad">${look.data.reason}</p>`}
  </section>`;
}
