/** Refused events of one reason, source and name, or one of them alone: what came, a repair that is tried first, and the replay. */
import * as format from "../model/format.js";
import { here, href } from "../model/router.js";
import { documentOf, summed } from "../model/repair.js";
import { t } from "../model/text.js";
import { Changes } from "../parts/changes.js";
import { Dialog } from "../parts/dialog.js";
import { html, useEffect, useState } from "../parts/html.js";
import { Card, Page } from "../parts/page.js";
import { Empty, Loaded, Refusal, Skeleton } from "../parts/states.js";
import { useAction, useRead, useTicket } from "../parts/use.js";
import { may, world } from "../parts/world.js";
import { Steps, useSteps } from "./repair-steps.js";

const SEARCHES = "/admin/quarantine-searches";
const lookAt = (ticket) => `${SEARCHES}/${ticket}`;
const SHOWN = 15;

export function Screen() {
  const query = here.value.query;
  const chosen = Object.fromEntries(["reason", "source", "event"].filter((name) => query.get(name)).map((name) => [name, query.get(name)]));
  const selection = query.get("id") ? { ids: [query.get("id")] } : chosen;
  const title = query.get("id") ? t("One refused event") : (chosen.reason ?? t("Refused events"));
  const about = [chosen.event, chosen.source && t("from {source}", { source: chosen.source })].filter(Boolean).join(" · ");
  return html`<${Page} title=${title} crumbs=${[[t("Quarantine"), href("/quarantine")]]} tag=${about && html`<span class="soft">${about}</span>`}>
    <div class="stack" key=${JSON.stringify(selection)}>
      <${Events} selection=${selection} />
      ${may("write") ? html`<${Repair} selection=${selection} />` : html`<p class="note">${t("Your groups may see refused events and not send them again.")}</p>`}
    </div>
  <//>`;
}

function Events({ selection }) {
  const search = useTicket([SEARCHES, { kind: "events", limit: SHOWN, ...selection }, lookAt]);
  return html`<${Card} title=${t("What came")} aside=${t("the newest first, {n} at most", { n: SHOWN })}>
    <${Loaded} of=${search} rows=${3}>${(look) =>
      look.state === "succeeded" ? html`<${Listed} ticket=${look.ticket} />` : look.reason ? html`<p class="note bad" role="alert">${look.reason}</p>` : html`<${Skeleton} rows=${3} />`}<//>
  <//>`;
}

function Listed({ ticket }) {
  const read = useRead(`${lookAt(ticket)}/events`);
  return html`<${Loaded} of=${read} rows=${3}>${({ events }) =>
    events.length
      ? events.map((each, index) => html`<${One} key=${each.id} event=${each} isOpen=${index === 0} />`)
      : html`<${Empty} title=${t("None waits here any more")} text=${t("They were sent again, or are older than 90 days.")} />`}<//>`;
}

const One = ({ event, isOpen }) => html`<details open=${isOpen}>
  <summary>${event.event_name ?? t("an event without a name")} · ${format.moment(event.at)} · ${event.source || "–"}</summary>
  <div class="stack tight">
    <p><b>${event.message}</b> <span class="soft">${event.meaning}</span></p>
    ${event.replay && html`<p class="note">${t("Sent again {when} by {by}.", { when: format.ago(event.replay.at), by: event.replay.by })} <code>${JSON.stringify(event.replay.repair)}</code></p>`}
    <pre tabindex="0" aria-label=${t("The event as it came")}>${shown(event)}</pre>
    <p class="sm"><a href=${href(`/quarantine/group?id=${encodeURIComponent(event.id)}`)}>${t("This one alone")}</a></p>
  </div>
</details>`;

const shown = ({ event, event_text, raw, characters }) => {
  if (event !== null) return JSON.stringify(event, null, 2);
  return event_text ?? raw ?? t("Too large to be shown: {n} characters.", { n: characters });
};

function Repair({ selection }) {
  const steps = useSteps(JSON.stringify(selection));
  const [trial, setTrial] = useState(null);
  const [isAsking, setIsAsking] = useState(false);
  const document = documentOf(steps.value);
  const trying = useAction(async () => setTrial({ ...(await gone(await found(selection), document, false)), document }));
  const sending = useAction(async () => {
    setIsAsking(false);
    setTrial({ ...(await gone({ ticket: trial.ticket }, trial.document, true)), document: trial.document });
    steps.forget();
  });
  useEffect(() => setTrial((before) => (before?.applied ? before : null)), [JSON.stringify(document)]);
  const isBusy = trying.isRunning || sending.isRunning;
  return html`<form class="card stack" aria-label=${t("Repair")} onSubmit=${(event) => (event.preventDefault(), trying.run())}>
    <div class="between"><h2>${t("Repair")}</h2><span class="sm soft">${t("every event is tried as it would be taken; nothing is sent yet")}</span></div>
    <${Steps} steps=${steps} error=${trying.error} />
    <${Refusal} error=${trying.error ?? sending.error} fields=${steps.fields} />
    <p class="row"><button class=${trial ? "" : "primary"} aria-disabled=${isBusy}>${trying.isRunning ? t("Trying") : t("Try it")}</button>
      ${trial && !trial.applied && trial.good > 0 && html`<button type="button" class="primary" aria-disabled=${isBusy} onClick=${() => setIsAsking(true)}>${sending.isRunning ? t("Sending") : t("Send {n} events again", { n: trial.good })}</button>`}</p>
    <div role="status">${trial && html`<${Outcome} of=${trial} />`}</div>
    ${isAsking && html`<${Ask} trial=${trial} close=${() => setIsAsking(false)} send=${sending.run} />`}
  </form>`;
}

/** The ticket of a search that has found all events of the selection. */
async function found(selection) {
  let look = null;
  for await (look of world.api.ticket(SEARCHES, { kind: "replay", ...selection }, lookAt)) if (look.reason) throw Object.assign(new Error(look.reason), { code: look.state });
  return look;
}

/** Every page of them, tried or sent. Whatever was cut short goes on when it is sent once more. */
async function gone({ ticket }, repair, apply) {
  const pages = [];
  do pages.push((await world.api.post(`${lookAt(ticket)}/replays`, { repair, apply, page: pages.at(-1)?.next ?? "" })).body);
  while (pages.at(-1).next);
  return { ...summed(pages), ticket };
}

function Outcome({ of }) {
  const said = of.applied ? t("{n} events were sent again.", { n: of.good }) : t("{n} of {all} events would be good.", { n: of.good, all: of.events });
  const stays = Object.entries(of.refused);
  return html`<div class="stack">
    <p class="verdict">${said}</p>
    ${of.already > 0 && html`<p class="soft">${t("{n} were sent again before.", { n: of.already })}</p>`}
    ${stays.length > 0 && html`<p>${t("These stay:")} ${stays.map(([reason, n]) => html`<span class="tag warn">${reason} ${format.number(n)}</span> `)}</p>`}
    ${of.applied && html`<p class="soft">${t("They can be counted within a quarter of an hour, each once, at the time at which they happened.")}</p>`}
    ${!of.applied && of.examples.slice(0, 6).map((each) => html`<div class="stack tight" key=${each.id}>
      <h3>${each.reason ? t("Stays: {message}", { message: each.message }) : t("Would be good")}</h3>
      <${Changes} label=${t("Before and after")} before=${each.before} after=${each.reason ? each.before : each.after} /></div>`)}
  </div>`;
}

const Ask = ({ trial, close, send }) => html`<${Dialog} title=${t("Send {n} events again?", { n: trial.good })} close=${close}>
  <p>${t("They go the way of all events, with the moment of their receipt. Profiles and devices follow them, and refreshed segments may count them.")}</p>
  <p class="row"><button type="button" class="primary" onClick=${() => send()} data-first>${t("Send them")}</button><button type="button" onClick=${close}>${t("Not yet")}</button></p>
<//>`;
