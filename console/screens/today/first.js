/** The first five minutes: what is to be done next, from the first event to the first report, as long as it is not done. Each is seen, not remembered. */
import * as format from "../../model/format.js";
import { href } from "../../model/router.js";
import { t } from "../../model/text.js";
import { html, useEffect } from "../../parts/html.js";
import { Card, focusHeading } from "../../parts/page.js";
import { Refusal } from "../../parts/states.js";
import { useAction, useRead } from "../../parts/use.js";
import { may, world } from "../../parts/world.js";
import { screenOf } from "../index.js";

/** The local cloud alone has it: elsewhere 404 is the answer, and no year is offered. */
const YEAR = "/__admin/retailers-year";
const LOOK_MS = 500;
/** Whoever has launched so often needs no help with the first report. */
const FEW_RUNS = 5;

export function FirstFiveMinutes({ names, runs, reload }) {
  const counted = runs.find((run) => run.state === "succeeded");
  const report = useRead(counted && runs.length < FEW_RUNS ? `/admin/runs/${encodeURIComponent(counted.run_id)}/report` : null);
  const campaign = names.campaigns[0]?.id;
  const steps = [
    { isDone: names.catalog !== "empty" || runs.length > 0, title: t("Bring events"), path: "/sources", link: t("Make a source of your own") },
    { isDone: names.segments.length > 0, title: t("Say who is meant"), path: "/segments/new", link: t("Make the first audience") },
    { isDone: names.campaigns.length > 0, title: t("Write a message"), path: "/campaigns/new", link: t("Write the first campaign") },
    { isDone: runs.length > 0, title: runs.length && !runs.some((run) => run.rehearsal) ? t("Launch it") : t("Rehearse it"), path: `/campaigns/${encodeURIComponent(campaign)}?tab=review`, link: t("Rehearse it on the past") },
    { isDone: runs.length >= FEW_RUNS || Boolean(report.data), title: t("Read what it changed"), path: counted && `/runs/${encodeURIComponent(counted.run_id)}/effect`, link: t("Open its report") },
  ];
  const next = steps.findIndex(({ isDone }) => !isDone);
  if (next < 0 || (next === steps.length - 1 && (report.isLoading || !counted))) return null;
  return html`<${Card} title=${t("The first five minutes")} aside=${t("{done} of {all} done", { done: next, all: steps.length })}>
    <ol>${steps.map((step, index) => html`<li class="check" key=${step.title} aria-current=${index === next ? "step" : undefined}>
      <span class=${`ic ${index < next ? "ok" : ""}`} aria-hidden="true">${index < next ? "✓" : format.number(index + 1)}</span>
      <b>${step.title}</b><span class="unseen">${index < next ? t("done") : ""}</span>
      ${index === next && html`<div class="stack tight">${index === 0 && may("write") && html`<${Year} reload=${reload} />`}
        ${screenOf(step.path.split("?")[0]) && html`<p><a class=${index ? "primary" : ""} href=${href(step.path)}>${step.link}</a></p>`}</div>`}
    </li>`)}</ol>
  <//>`;
}

function Year({ reload }) {
  const year = useRead(YEAR, { every: LOOK_MS, done: ({ state }) => state !== "sending" && state !== "adding" });
  const begin = useAction(async () => {
    await world.api.post(YEAR, {});
    focusHeading();
    year.reload();
  });
  const { state, events, of, message } = year.data ?? {};
  useEffect(() => void (state === "ready" && reload()), [state]);
  if (!state) return null;
  if (state === "sending") return html`<p role="status">${of ? t("{events} of {of} events are in.", { events, of }) : t("{n} events are in.", { n: events })}</p>
    ${of && html`<progress class="wide" aria-label=${t("Events that are in")} max=${of} value=${events} />`}`;
  if (state === "adding" || state === "ready") return html`<p role="status">${t("{n} events are in, and are being made countable.", { n: events })}</p>`;
  return html`${state === "failed" && html`<p class="note bad" role="alert">${message}</p>`}<${Refusal} error=${begin.error} />
    <p>${t("Look round in a real retailer's year: 2,469 households and what they bought in 2017. It takes about a minute, and stays on this machine.")}</p>
    <p><button type="button" class="primary" aria-disabled=${begin.isRunning} onClick=${begin.run}>${t("Load the retailer's year")}</button></p>`;
}
