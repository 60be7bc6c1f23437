/** The dead letters of one queue: why they lie there, what to do, and the two ways out: back to where they came from, or forgotten. */
import * as format from "../../model/format.js";
import { t } from "../../model/text.js";
import { Dialog } from "../../parts/dialog.js";
import { html, useEffect, useState } from "../../parts/html.js";
import { Card } from "../../parts/page.js";
import { Loaded, Refusal } from "../../parts/states.js";
import { Table } from "../../parts/table.js";
import { toast } from "../../parts/toasts.js";
import { useAction, useRead } from "../../parts/use.js";
import { may, world } from "../../parts/world.js";
import { said } from "./said.js";

export function Letters({ queue, onMoved, onLog }) {
  const path = `/admin/dead-letters/${queue.queue}`;
  const look = useRead(path);
  const [chosen, setChosen] = useState(new Set());
  useEffect(() => look.reload(), [queue.letters]);
  const done = () => (setChosen(new Set()), look.reload(), onMoved());
  const title = t("Dead letters of {queue}", { queue: queue.queue });
  return html`<${Card} title=${title} aside=${t("{n} letters", { n: queue.letters })}>
    <${Loaded} of=${look} rows=${3}>${({ causes, letters }) => html`
      ${!letters.length && html`<p class="soft">${t("Somebody else has them in hand.")} <button type="button" onClick=${look.reload}>${t("Look again")}</button></p>`}
      ${causes.map((each) => html`<div class="note warn stack tight"><p><b>${format.number(each.letters)}</b>: ${each.message}.</p><p>${said(each.advice)}</p>
        ${each.details.map((detail) => html`<p><code>${detail}</code></p>`)}</div>`)}
      ${letters.length > 0 && html`<p class="row"><${Ways} queue=${queue} path=${path} letters=${letters} chosen=${chosen} done=${done} />
        <button type="button" class="quiet" onClick=${() => onLog(queue.function)}>${t("Show the log of {name}", { name: queue.function })}</button></p>
        <${List} title=${title} letters=${letters} chosen=${chosen} setChosen=${setChosen} />`}
      ${letters.length > 0 && letters.length < queue.letters && html`<p class="soft sm">${t("These are the oldest {n}.", { n: letters.length })}</p>`}`}<//>
  <//>`;
}

function List({ title, letters, chosen, setChosen }) {
  const toggle = (id) => setChosen(new Set(chosen.has(id) ? [...chosen].filter((each) => each !== id) : [...chosen, id]));
  const box = { name: t("Choose"), value: (each) => html`<input type="checkbox" aria-label=${t("Choose letter {id}", { id: each.id })} checked=${chosen.has(each.id)} onChange=${() => toggle(each.id)} />` };
  return html`<${Table} caption=${title} rows=${letters} columns=${[
    ...(may("write") ? [box] : []),
    { name: t("About"), isHead: true, value: (each) => html`${each.subject || t("it does not say")}${each.ids.length > 0 && html`<br /><code class="soft">${each.ids.slice(0, 3).join(", ")}${each.ids.length > 3 && " …"}</code>`}` },
    { name: t("Reason"), value: (each) => each.detail || "–" },
    { name: t("First sent"), value: (each) => format.ago(each.sent_at) },
    { name: t("Lost"), value: (each) => format.ago(each.lost_at) },
  ]} />`;
}

/**
 * With letters chosen, these; else a retry is of all that are there, and a forgetting of those that are shown. Once at a time (useAction), and never
 * disabled: whoever pressed a button keeps the focus on it.
 */
function Ways({ queue, path, letters, chosen, done }) {
  const [isForgetting, setForgetting] = useState(false);
  const picked = letters.filter((each) => chosen.has(each.id));
  const ids = (picked.length ? picked : letters).map((each) => each.id);
  const retry = useAction(async () => {
    const { body } = await world.api.post(`${path}/retries`, picked.length ? { ids } : {});
    toast(body.move?.state === "running" ? t("All go back by themselves") : t("{n} letters went back", { n: body.letters }));
    done();
  });
  const forget = useAction(async () => {
    const { body } = await world.api.post(`${path}/removals`, { ids });
    toast(t("{n} letters are forgotten", { n: body.letters }));
    setForgetting(false);
    done();
  });
  if (!may("write")) return null;
  if (queue.move?.state === "running") return html`<span role="status">${t("All go back by themselves: {n} so far.", { n: queue.move.moved })}</span>`;
  return html`${queue.goes_back && html`<button type="button" class="primary" aria-disabled=${retry.isRunning} onClick=${retry.run}>${picked.length ? t("Retry the {n} chosen", { n: ids.length }) : t("Retry all {n}", { n: queue.letters })}</button>`}
    <button type="button" class="danger" onClick=${() => setForgetting(true)}>${t("Forget {n}", { n: ids.length })}</button>
    <${Refusal} error=${retry.error} />
    ${isForgetting && html`<${Dialog} title=${t("Forget {n} letters?", { n: ids.length })} close=${() => setForgetting(false)}>
      <div class="stack">
        <p>${queue.goes_back ? t("What is in them was never loaded, and is lost for good.") : t("They are records of what failed: nothing else is lost.")}</p>
        <${Refusal} error=${forget.error} />
        <p class="row"><button type="button" class="danger" aria-disabled=${forget.isRunning} onClick=${forget.run}>${t("Forget them")}</button>
          <button type="button" data-first onClick=${() => setForgetting(false)}>${t("Leave them")}</button></p>
      </div><//>`}`;
}
