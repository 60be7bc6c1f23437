/** Ready-made segments by the life cycle of customers: those that the events allow, and who is where. */
import * as format from "../../model/format.js";
import { href } from "../../model/router.js";
import { t } from "../../model/text.js";
import { html } from "../../parts/html.js";
import { Card } from "../../parts/page.js";
import { Refusal } from "../../parts/states.js";
import { Table } from "../../parts/table.js";
import { toast } from "../../parts/toasts.js";
import { useAction, useQuestion } from "../../parts/use.js";
import { may, world } from "../../parts/world.js";
import { Answered, AsOf, asOf, Price } from "../segment/saved.js";

export const Lifecycle = ({ ready, isOpen, reload }) => html`<${Worth} ready=${ready} /><${ReadyMade} ready=${ready} isOpen=${isOpen} reload=${reload} />`;

const FOR = { acquisition: () => t("to win people"), retention: () => t("to keep them"), extension: () => t("to make more of it"), selection: () => t("to choose the best") };

function ReadyMade({ ready, isOpen, reload }) {
  const missing = ready.filter(({ standing }) => standing === "new");
  const add = useAction(async (chosen) => {
    for (const { id, document } of chosen) await world.api.put(`/admin/segments/${encodeURIComponent(id)}`, document, { ifMatch: '"0"' });
    toast(t("{n} segments are added", { n: chosen.length }));
    reload();
  });
  if (!missing.length || !may("write")) return null;
  return html`<details class="card" open=${isOpen}><summary>${t("{n} ready-made segments by the life cycle of customers", { n: missing.length })}</summary>
    <div class="stack"><${Refusal} error=${add.error} />
      <p><button type="button" aria-disabled=${add.isRunning} onClick=${() => add.run(missing)}>${t("Add all {n}", { n: missing.length })}</button></p>
      <${Table} caption=${t("Ready-made segments")} rows=${missing} columns=${[
        { name: t("Name"), isHead: true, value: ({ name }) => name },
        { name: t("Who"), value: ({ meaning }) => meaning },
        { name: t("For"), value: ({ purpose }) => FOR[purpose]() },
        { name: t("What to do"), value: (each) => html`<button type="button" class="quiet" aria-label=${t("Add {name}", { name: each.name })} onClick=${() => add.run([each])}>${t("Add")}</button>` },
      ]} />
    </div></details>`;
}

/** Who is where, what they are worth and whom a push reaches: one query, asked by its button. */
function Worth({ ready }) {
  const view = useQuestion("lifecycle", "/admin/lifecycle-views");
  if (!ready.some(({ standing }) => standing !== "new")) return null;
  return html`<${Card} title=${t("Life cycle")} aside=${t("who is where, and what they are worth")}>
    <form class="row" onSubmit=${(event) => (event.preventDefault(), view.ask(asOf()))}>
      <${AsOf} /><button aria-disabled=${view.isLoading}>${view.isLoading ? t("Counting") : t("Count them")}</button></form>
    <${Answered} of=${view}>${(look) => html`<${Counted} look=${look} />`}<//>
  <//>`;
}

function Counted({ look }) {
  const figure = (name, of, shown = format.number) => ({ name, isNumber: true, sort: ({ worth }) => worth[of], value: ({ worth }) => (worth[of] === null ? "–" : shown(worth[of])) });
  const whole = (value) => format.number(Math.round(value));
  return html`<p class="verdict"><b>${t("{n} people", { n: look.everybody.people })}</b> ${t("are known; a push reaches {n}", { n: look.everybody.reachable })}</p>
    <${Table} caption=${t("Life cycle")} rows=${look.groups} columns=${[
      { name: t("Name"), isHead: true, value: ({ id, name }) => html`<a href=${href(`/segments/${id}`)}>${name}</a>` },
      { name: t("For"), value: ({ purpose }) => FOR[purpose]() },
      figure(t("People"), "people"), figure(t("Share"), "share", format.percent), figure(t("Reachable"), "reachable"), figure(t("Revenue of a year"), "revenue", whole), figure(t("An order"), "average_order", whole),
    ]} />
    <${Price} of=${look} />`;
}
