/** One run, live: how far it is, what became of everybody in its audience, what can be done, and why one person got it or not. */
import * as format from "../model/format.js";
import { campaignOf } from "../model/person.js";
import { href } from "../model/router.js";
import { fates, hasEnded, isOver, span, turns } from "../model/runs.js";
import { t } from "../model/text.js";
import { Field } from "../parts/form.js";
import { Why } from "../parts/gates.js";
import { html, useState } from "../parts/html.js";
import { Card, Page } from "../parts/page.js";
import { RunState } from "../parts/run_state.js";
import { Loaded, Refusal } from "../parts/states.js";
import { Table } from "../parts/table.js";
import { useRead } from "../parts/use.js";
import { Actions, useDoing } from "./run/actions.js";

const LOOK_MS = 2000;
const WIDTH = 600;

export function Screen({ id }) {
  const path = `/admin/runs/${encodeURIComponent(id)}`;
  const read = useRead(path, { every: LOOK_MS, done: isOver });
  const doing = useDoing(path, read);
  const names = useRead("/admin/campaigns?archived=true");
  const run = read.data;
  const campaign = run && campaignOf(names.data, run.campaign_id);
  const crumbs = [[t("Runs"), href("/runs")], ...(run ? [[campaign, href(`/campaigns/${encodeURIComponent(run.campaign_id)}`)]] : [])];
  return html`<${Page} title=${run ? t("Run of {campaign}, {when}", { campaign, when: format.moment(run.launched_at) }) : t("Run")} crumbs=${crumbs}
    tag=${run && html`<${RunState} run=${run} />`} actions=${run && html`<${Actions} run=${run} doing=${doing} path=${path} read=${read} />`}>
    <div class="stack">
      <${Refusal} error=${doing.error} />
      <${Loaded} of=${read} rows=${4}>${(data) => html`<${Progress} run=${data} /><${Fates} run=${data} /><${Asked} run=${data} />`}<//>
    </div>
  <//>`;
}

function Progress({ run }) {
  const { counts, cost } = run;
  const figure = (name, value) => html`<div><span class="soft sm">${name}</span><b>${value}</b></div>`;
  return html`<${Card} title=${t("How far it is")} aside=${t("version {n}, audience as of {when}", { n: run.campaign_version, when: format.asOf(run.as_of) })}>
    <p class="verdict"><${Sentence} run=${run} /></p>
    ${run.error && html`<p class="note ${run.state === "failed" ? "bad" : "warn"}">${run.error.message} ${run.state !== run.error.code && html`<code>${run.error.code}</code>`}</p>`}
    ${run.held > 0 && html`<p>${t("{n} wait for their hour, the first until {when}.", { n: run.held, when: format.moment(run.held_until) })}</p>`}
    <div class="kpis">
      ${!hasEnded(run) && figure(t("People a second"), format.number(Math.round(run.per_second * 10) / 10))}
      ${figure(t("To get the message"), format.number(counts.treated))}
      ${cost?.total != null && figure(t("Cost, estimated"), format.dollars(cost.total))}
    </div>
  <//>`;
}

/** What is to be taken away, with its figure first. */
function Sentence({ run }) {
  const [had, all] = turns(run);
  const many = html`<b>${format.number(had)}</b> ${t("of {n} people had their turn.", { n: all })} `;
  const told = (people) => html`<b>${format.number(people)}</b> ${t("of {n} people in the audience", { n: run.counts.audience })} `;
  if (run.state === "planned") return t("Who is in the audience is being found out; nobody was sent to yet.");
  if (run.state === "paused") return [many, t("Paused {when} {who}.", { when: format.ago(run.stopped_at), who: run.stopped_by && `(${run.stopped_by})` })];
  if (run.state === "running") return [many, run.seconds_left != null && t("About {time} left.", { time: span(run.seconds_left) })];
  if (!isOver(run)) return [many, t("It was ended; what went out is being counted.")];
  if (run.rehearsal) return [told(run.counts.skipped.rehearsal ?? 0), t("would have been sent it. This was a rehearsal: nothing was sent.")];
  return [told(run.counts.sent), t("were sent it.")];
}

/** All of the audience: as parts of one bar, and row by row. */
function Fates({ run }) {
  const rows = fates(run);
  const whole = run.counts.audience;
  if (!rows.length) return null;
  let from = 0;
  return html`<${Card} title=${t("Everybody, once")} aside=${t("together {n}: the audience", { n: rows.reduce((sum, { people }) => sum + people, 0) })}>
    <svg viewBox="0 0 ${WIDTH} 14" width="100%" height="18" preserveAspectRatio="none" aria-hidden="true">${rows.map(({ key, looks, people }) => {
      const x = (from / whole) * WIDTH;
      from += people;
      return html`<rect key=${key} class=${looks} x=${x} width=${(people / whole) * WIDTH} height="14" />`;
    })}</svg>
    <${Table} caption=${t("What became of everybody in the audience")} rows=${rows} keyOf=${({ key }) => key} columns=${[
      { name: t("What became of them"), isHead: true, value: ({ looks, text }) => html`<svg class="swatch" width="10" height="10" aria-hidden="true"><rect class=${looks} width="10" height="10" rx="3" /></svg> ${text[0].toUpperCase() + text.slice(1)}` },
      { name: t("People"), isNumber: true, value: ({ people }) => format.number(people) },
      { name: t("What happens next"), value: ({ next }) => html`<span class="soft">${next}</span>` },
    ]} />
    ${run.counts.held_out > 0 && html`<p class="soft sm">${t("{n} people more are held out of all campaigns", { n: run.counts.held_out })}</p>`}
  <//>`;
}

/** It asks Athena, so it is asked for. */
function Asked({ run }) {
  const [typed, setTyped] = useState("");
  const [person, setPerson] = useState("");
  const submit = (event) => (event.preventDefault(), setPerson(typed.trim()));
  return html`<${Card} title=${t("Why did somebody get it, or not?")}>
    <form class="row" onSubmit=${submit}>
      <${Field} label=${t("User id")}>${(given) => html`<input ...${given} value=${typed} onInput=${(event) => setTyped(event.target.value)} autocomplete="off" />`}<//>
      <button disabled=${!typed.trim()}>${t("Find out why")}</button>
    </form>
    ${person && html`<div aria-live="polite"><${Why} key=${person} run=${run.run_id} person=${person} /></div>`}
  <//>`;
}
