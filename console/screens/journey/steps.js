/** The steps as somebody goes through them, each with what it does, who waits there and its fields; beside them the picture. */
import * as format from "../../model/format.js";
import { inOrder, KINDS, kindOf, renamed, withoutStep, withStep } from "../../model/journeys.js";
import { t } from "../../model/text.js";
import { Field, opensFirst } from "../../parts/form.js";
import { html, useEffect, useMemo, useState } from "../../parts/html.js";
import { Card, focusHeading, Tag } from "../../parts/page.js";
import { isOf } from "../../parts/states.js";
import { Table } from "../../parts/table.js";
import { Fields, KIND_NAMES } from "./fields.js";
import { counted } from "./journey.js";
import { focusStep, Picture } from "./picture.js";
import { Whole } from "./whole.js";

export function Steps({ it }) {
  const { document } = it;
  const [arrived, setArrived] = useState("");
  useEffect(() => {
    if (arrived) focusStep(arrived);
    setArrived("");
  }, [arrived]);
  const order = inOrder(document);
  const edits = useMemo(() => editsOf(it, setArrived), []);
  return html`<div class="beside">
    <div class="stack">
      <${Whole} it=${it} />
      <${Card} title=${t("Steps")}>
        <${Add} it=${it} label=${t("Add a step before all others")} add=${edits.add(null)} />
        <ol class="stack">${order.map((name) => html`<${Step} key=${name} it=${it} name=${name} edits=${edits} />`)}</ol>
      <//>
      <${Earlier} it=${it} />
    </div>
    <${Picture} picture=${it.picture} />
    <datalist id="events">${it.rules.vocabulary?.names.events.map(({ name }) => html`<option value=${name}></option>`)}</datalist>
  </div>`;
}

/** What can be done with a step. */
const editsOf = ({ now, edit }, arrive) => ({
  add: (after) => (kind) => {
    const { document, name } = withStep(now.current.document, after, kind);
    edit(document);
    arrive(name);
  },
  remove: (name) => {
    const order = inOrder(now.current.document);
    const other = order[order.indexOf(name) + 1] ?? order[order.indexOf(name) - 1];
    other ? focusStep(other) : focusHeading();
    edit((before) => withoutStep(before, name));
  },
  rename: (name, to) => {
    edit((before) => renamed(before, name, to));
    arrive(to);
  },
});

/** It is drawn again when something that it shows is other: what is typed in one step draws that step alone. */
function Step({ it, name, edits }) {
  const within = (place) => isOf({ field: place }, `steps.${name}`);
  const said = it.picture.data?.steps.find((each) => each.step === name)?.sentence;
  const here = it.status.data?.steps.find((each) => each.step === name);
  const odd = [it.errors.filter(({ field }) => within(field)), it.warnings.filter(({ path }) => within(path))];
  const shown = [it.document.steps[name], Object.keys(it.document.steps).join(), said, here?.waiting, here?.next_due, JSON.stringify(odd), it.rules, it.mayNot];
  return useMemo(() => html`<${Shown} it=${it} name=${name} said=${said} here=${here} edits=${edits} />`, shown);
}

function Shown({ it, name, said, here, edits }) {
  const kind = kindOf(it.document.steps[name]);
  const [typed, setTyped] = useState(name);
  return html`<li id=${`step-${name}`} tabindex="-1" class="step stack tight">
    <div class="between"><h3>${name}</h3><${Tag}>${KIND_NAMES[kind]?.() ?? t("unknown")}<//></div>
    ${said && html`<p class="soft sm" lang="en">${said}</p>`}
    ${here && here.waiting !== null && html`<p class="sm num">${present(here, it.status.data.counts)}</p>`}
    <fieldset class="stack tight" disabled=${it.mayNot}>
      <${Fields} it=${it} name=${name} kind=${kind} />
    </fieldset>
    ${!it.mayNot && html`<div class="row">
      ${kind !== "exit" && html`<${Add} it=${it} label=${t("Add a step after {step}", { step: name })} add=${edits.add(name)} />`}
      <button type="button" class="quiet" onClick=${() => edits.remove(name)}>${t("Remove")}<span class="unseen"> ${name}</span></button>
      <details><summary>${t("Rename")}<span class="unseen"> ${name}</span></summary>
        <${Field} label=${t("Name of the step")} hint=${t("People wait in a step by its name: renamed, it is another one to them.")}>
          ${(given) => html`<input ...${given} value=${typed} maxlength="48" onInput=${({ target }) => setTyped(target.value)} onChange=${() => edits.rename(name, typed.trim())} />`}<//></details>
    </div>`}
  </li>`;
}

const present = ({ waiting, next_due: due }, counts) => counted(waiting, counts) + (due ? `; ${t("the first goes on {when}", { when: format.moment(due) })}` : "");

function Add({ it, label, add }) {
  if (it.mayNot) return null;
  return html`<select aria-label=${label} value="" onKeyDown=${opensFirst} onChange=${({ target }) => target.value && (add(target.value), (target.value = ""))}>
    <option value="">${label}…</option>${KINDS.map((kind) => html`<option value=${kind}>${KIND_NAMES[kind]()}</option>`)}
  </select>`;
}

/** Where people are that came in by an earlier version. */
function Earlier({ it }) {
  const steps = (it.status.data?.steps ?? []).filter(({ step, waiting }) => waiting && !Object.hasOwn(it.document.steps, step));
  if (!steps.length) return null;
  return html`<${Card} title=${t("Steps of earlier versions")}><${Table} caption=${t("Steps of earlier versions")} rows=${steps} keyOf=${({ step }) => step} columns=${[
    { name: t("Step"), isHead: true, value: ({ step }) => step },
    { name: t("Waiting"), isNumber: true, value: ({ waiting }) => format.number(waiting) },
    { name: t("The first goes on"), value: ({ next_due: due }) => (due ? format.moment(due) : "–") },
  ]} /><//>`;
}
