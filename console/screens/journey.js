/** A journey: how it stands, and how many people wait at each of its steps; launched, paused, resumed and stopped from here. */
import * as format from "../model/format.js";
import { href } from "../model/router.js";
import { t } from "../model/text.js";
import { Dialog } from "../parts/dialog.js";
import { html, useState } from "../parts/html.js";
import { Card, Page } from "../parts/page.js";
import { Loaded, Refusal } from "../parts/states.js";
import { Table } from "../parts/table.js";
import { useAction, useRead } from "../parts/use.js";
import { may, world } from "../parts/world.js";
import { Standing } from "./journey/standing.js";

const LOOK_MS = 10_000;

export function Screen({ id }) {
  const path = `/admin/journeys/${encodeURIComponent(id)}`;
  const read = useRead(`${path}/status`, { every: LOOK_MS, done: ({ standing }) => standing === "saved" || standing === "stopped" });
  const journey = read.data;
  return html`<${Page} title=${journey?.name || id} crumbs=${[[t("Journeys"), href("/journeys")]]} tag=${journey && html`<${Standing} of=${journey.standing} />`}
    actions=${journey && may("send") && html`<${Actions} journey=${journey} path=${path} read=${read} />`}>
    <${Loaded} of=${read} rows=${8}>${(status) => html`<div class="stack">
      <p>${said(status)}</p>
      <${Card} title=${t("Steps")}><${Steps} steps=${status.steps} /><//>
    </div>`}<//>
  <//>`;
}

function said({ version, saved_version: saved, waiting, put_off: later }) {
  if (version === null) return t("Version {version} is saved, and nobody is taken in yet.", { version: String(saved) });
  const people = t("{n} people wait inside; version {version} takes people in, and {saved} is the newest.", { n: waiting, version: String(version), saved: String(saved) });
  return later ? `${people} ${t("{n} messages and calls wait for their time.", { n: later })}` : people;
}

const Steps = ({ steps }) => html`<${Table} caption=${t("Steps")} rows=${steps} keyOf=${(each) => each.step} columns=${[
  { name: t("Step"), isHead: true, value: (each) => each.step },
  { name: t("Kind"), value: (each) => html`<code>${each.kind}</code>` },
  { name: t("People who wait"), isNumber: true, value: (each) => (each.waiting === null ? "–" : format.number(each.waiting)) },
  { name: t("The first goes on"), value: (each) => (each.next_due ? format.moment(each.next_due) : "–") },
]} />`;

/** Each is asked about in a sentence: what it does to whoever is inside cannot be taken back. */
function Actions({ journey, path, read }) {
  const [asked, setAsked] = useState(null);
  const { standing, version, saved_version: saved } = journey;
  const runs = standing === "live" || standing === "paused";
  const verbs = [
    (!runs || version !== saved) && ["launch", t("Launch"), t("Version {version} takes people in from now on, and sends what it says.", { version: String(saved) }), { version: saved }],
    standing === "live" && ["pause", t("Pause"), t("Messages are held back until it is resumed; people go on from step to step."), {}],
    standing === "paused" && ["resume", t("Resume"), t("What was held back is sent, and it goes on sending."), {}],
    runs && ["stop", t("Stop"), t("Nobody comes in any more, and everybody who is inside leaves."), {}],
  ].filter(Boolean);
  return html`${verbs.map((verb) => html`<button key=${verb[0]} type="button" class=${verb[0] === "stop" ? "danger" : ""} onClick=${() => setAsked(verb)}>${verb[1]}…</button>`)}
    ${asked && html`<${Question} asked=${asked} path=${path} read=${read} close=${() => setAsked(null)} />`}`;
}

function Question({ asked: [verb, title, sentence, body], path, read, close }) {
  const doing = useAction(async () => {
    await world.api.post(`${path}/${verb}`, body);
    close();
    read.reload();
  });
  return html`<${Dialog} title=${title} close=${close}>
    <div class="stack">
      <p>${sentence}</p>
      <${Refusal} error=${doing.error} />
      <p class="row"><button type="button" data-first onClick=${close}>${t("Leave it")}</button>
        <button type="button" class=${verb === "stop" ? "danger" : "primary"} aria-disabled=${doing.isRunning} onClick=${() => doing.run()}>${title}</button></p>
    </div>
  <//>`;
}
