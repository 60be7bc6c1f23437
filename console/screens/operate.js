/** Operate: what is wrong and what to do about it, dead letters with their ways out, alarms, and what the functions log. */
import * as format from "../model/format.js";
import { href } from "../model/router.js";
import { t } from "../model/text.js";
import { html, useState } from "../parts/html.js";
import { Card, Page, Tag } from "../parts/page.js";
import { Loaded } from "../parts/states.js";
import { Table } from "../parts/table.js";
import { useRead } from "../parts/use.js";
import { screenOf } from "./index.js";
import { Costs } from "./operate/costs.js";
import { Letters } from "./operate/letters.js";
import { Logs } from "./operate/logs.js";
import { said } from "./operate/said.js";

const LOOK_MS = 10_000;

export function Screen() {
  const health = useRead("/admin/health", { every: LOOK_MS });
  const queues = useRead("/admin/dead-letters", { every: 3 * LOOK_MS });
  const [log, setLog] = useState("");
  const moved = () => (queues.reload(), health.reload());
  return html`<${Page} title=${t("Operate")}>
    <div class="stack">
      <${Loaded} of=${health} rows=${3}>${(data) => html`<${Verdict} health=${data} />`}<//>
      <${Loaded} of=${queues} rows=${4}>${({ queues: all }) => html`${all.filter((each) => each.letters).map((each) => html`<${Letters} key=${each.queue} queue=${each} onMoved=${moved} onLog=${setLog} />`)}
        <${Queues} queues=${all} />`}<//>
      ${health.data && html`<${Alarms} alarms=${health.data.alarms} />`}
      <${Costs} />
      <${Logs} chosen=${log} choose=${setLog} />
    </div>
  <//>`;
}

/** Alarms and dead letters are told below, with what to do; what else is wrong is told here. */
function Verdict({ health }) {
  const through = health.curate.finished_at;
  const others = health.concerns.filter((each) => each.code !== "alarm" && each.code !== "dead_letters");
  const wrong = Map.groupBy(others, (each) => each.advice);
  return html`<section class="card stack" aria-label=${t("In a sentence")}>
    <p class="verdict">${health.healthy ? t("All is well.") : html`${t("Not all is well:")} <b>${troubles(health, others).join(", ")}.</b>`}
      ${" "}${through ? t("What came in can be counted up to {when}.", { when: format.ago(through) }) : t("Nothing can be counted yet: the first events can, a quarter of an hour after they came.")}</p>
    ${[...wrong].map(([advice, concerns]) => html`<div class="note warn stack tight">${concerns.map((each) => html`<p><b>${each.message}</b></p>`)}<p>${said(advice)}</p></div>`)}
    ${health.failed_runs.length > 0 && html`<p class="row">${t("Runs to look at:")} ${health.failed_runs.map((id) => html`<${Run} id=${id} />`)}</p>`}
  </section>`;
}

function troubles({ alarms, dead_letters: letters }, others) {
  const ringing = alarms.filter((each) => each.state === "alarm").length;
  const dead = Object.values(letters).reduce((total, n) => total + n, 0);
  return [ringing && t("{n} alarms ring", { n: ringing }), dead && t("{n} dead letters wait", { n: dead }), others.length && t("{n} things failed", { n: others.length })].filter(Boolean);
}

const Run = ({ id }) => {
  const path = `/runs/${encodeURIComponent(id)}`;
  return screenOf(path) ? html`<a href=${href(path)}>${id}</a>` : html`<code>${id}</code>`;
};

const Queues = ({ queues }) => html`<${Card} title=${t("Queues")} aside=${t("what failed to its last try is kept for 14 days")}>
  <${Table} caption=${t("Queues")} rows=${queues} keyOf=${(each) => each.queue} columns=${[
    { name: t("Queue"), isHead: true, value: (each) => html`<b>${each.queue}</b>` },
    { name: t("Waiting"), isNumber: true, value: (each) => (each.waiting === null ? "–" : format.number(each.waiting)) },
    { name: t("Oldest"), isNumber: true, value: (each) => (each.oldest_seconds === null ? "–" : format.ago(Date.now() - each.oldest_seconds * 1000)) },
    { name: t("Dead letters"), isNumber: true, value: (each) => (each.letters ? html`<${Tag} kind="bad">${format.number(each.letters)}<//>` : format.number(0)) },
    { name: t("Dead letters are"), value: (each) => each.about },
  ]} />
<//>`;

function Alarms({ alarms }) {
  const ringing = alarms.filter((each) => each.state === "alarm");
  const quiet = alarms.filter((each) => each.state !== "alarm");
  return html`<${Card} title=${t("Alarms")} aside=${t("{n} alarms ring", { n: ringing.length })}>
    ${ringing.length > 0 && html`<${Table} caption=${t("Alarms")} rows=${ringing} keyOf=${(each) => each.name} columns=${[
      { name: t("Alarm"), isHead: true, value: (each) => html`<b>${each.name}</b>` },
      { name: t("Since"), value: (each) => format.ago(each.since) },
      { name: t("What it means"), value: (each) => html`${each.description}<br /><span class="soft">${each.reason}</span>` },
    ]} />`}
    <details><summary>${t("{n} are quiet", { n: quiet.length })}</summary><p class="soft sm">${quiet.map((each) => each.name).join(", ")}</p></details>
  <//>`;
}
