/** Everybody's message, made and thrown away: who would get it, why others would not, what is wrong with whose, and what mends it. */
import { placeOf } from "../../model/campaigns.js";
import { at } from "../../model/documents.js";
import * as format from "../../model/format.js";
import { withDefault } from "../../model/liquid.js";
import { reason } from "../../model/reasons.js";
import { href, toPerson } from "../../model/router.js";
import { t } from "../../model/text.js";
import { html, useId, useState } from "../../parts/html.js";
import { Refusal } from "../../parts/states.js";
import { screenOf } from "../index.js";

const SIGNS = { error: ["bad", "✗"], warning: ["warn", "!"], ok: ["ok", "✓"] };

export function Preflight({ it }) {
  const { found, isCurrent, isRunning, start, at: when, reason: failed, error } = it.preflight;
  const isStuck = Boolean(it.judged.error);
  return html`<section class="card stack" aria-label=${t("Checked on everybody")}>
    <div class="between"><h2>${found ? t("Checked on all {n} people", { n: found.audience }) : t("Checked on everybody")}</h2>
      <span class="row sm soft">${found && isCurrent && !isRunning && format.ago(new Date(when).toISOString())}
        <button type="button" disabled=${isStuck} aria-disabled=${isRunning} onClick=${start.run}>${isRunning ? t("Checking") : found ? t("Check again") : t("Check everybody")}</button></span></div>
    ${isStuck && html`<p class="soft sm">${t("What is refused is to be mended first: {why}", { why: it.judged.error.message })}</p>`}
    <${Refusal} error=${error} />
    ${failed && html`<p class="note bad" role="alert">${failed}</p>`}
    ${isRunning && html`<p class="soft sm" role="status">${t("Making everybody's message; nobody gets it")}</p>`}
    ${!found && !isRunning && !isStuck && html`<p class="soft sm">${t("Each person's message is made and thrown away: who lacks what it names, who would get nothing and why, what it costs.")}</p>`}
    ${found && html`<div class=${isCurrent ? "" : "old"}>${!isCurrent && html`<p class="sm" role="status">${t("Changed since: check again.")}</p>`}<${Found} it=${it} found=${found} /></div>`}
  </section>`;
}

function Found({ it, found }) {
  const skipped = Object.entries(found.reasons);
  const held = found.audience - found.control;
  return html`<ul class="checks">
    <${Check} kind=${found.eligible ? "ok" : "error"} title=${t("{n} people would get it, on {devices} devices", { n: found.eligible, devices: found.messages })}>
      <p class="soft">${t("Of {treated} who are not held back. It takes {seconds} s and costs {cost}.", { treated: held, seconds: Math.ceil(found.duration_s), cost: format.dollars(found.cost_usd) })}</p><//>
    ${skipped.map(([word, people]) => html`<${Check} key=${word} kind="warning" title=${t("{n} people would get nothing: {why}", { n: people, why: reason(word) })} />`)}
    ${found.problems.map((problem) => html`<${Problem} key=${problem.path + problem.message} it=${it} problem=${problem} />`)}
    ${found.held_out > 0 && html`<${Check} kind="ok" title=${t("{n} people more are held out of all campaigns", { n: found.held_out })} />`}
    ${!found.problems.some(({ severity }) => severity === "error") && html`<${Check} kind="ok" title=${t("Every message can be made, and fits")} />`}
  </ul>`;
}

const Check = ({ kind, title, action, children }) => html`<li class="check"><span class=${`ic ${SIGNS[kind][0]}`} aria-hidden="true">${SIGNS[kind][1]}</span>
  <b>${title}</b><span>${action}</span>${children}</li>`;

function Problem({ it, problem }) {
  const [isOpen, setOpen] = useState(false);
  const [fallback, setFallback] = useState(t("there"));
  const field = useId();
  const text = at(it.document, problem.path);
  const mended = problem.trait && typeof text === "string" ? withDefault(text, problem.trait, fallback) : text;
  const standsIn = problem.trait && mended === text;
  const mend = (event) => {
    event.target.closest("section").querySelector("button").focus();
    it.change(problem.path, mended);
  };
  const who = problem.examples.length > 0 && html`<button type="button" class="quiet" aria-expanded=${isOpen} onClick=${() => setOpen(!isOpen)}>${t("Who?")}</button>`;
  return html`<${Check} kind=${standsIn ? "ok" : problem.severity} title=${titleOf(problem, it.preflight.found)} action=${who}>
    <p class="soft">${standsIn ? `${t("They read what stands in for it.")} ` : problem.trait ? `${t("Nothing shows in its place.")} ` : ""}${placeInWords(it.document, problem.path)}</p>
    ${isOpen && html`<ul class="who">${problem.examples.map((each) => html`<li><${Person} id=${each.user_id} /> ${each.push.title || each.push.body ? t("reads “{text}”", { text: [each.push.title, each.push.body].filter(Boolean).join(" · ") }) : t("gets nothing")}</li>`)}</ul>`}
    ${mended !== text && !it.mayNot && html`<p class="row"><label for=${field}>${t("For them instead")}</label>
      <input id=${field} size="12" value=${fallback} onInput=${(event) => setFallback(event.target.value)} />
      <button type="button" onClick=${mend}>${t("Add this default")}</button></p>`}
  <//>`;
}

function titleOf({ trait, people, path, message }, { control, detectable }) {
  if (trait) return t("{n} people have no “{trait}”", { n: people, trait });
  if (path === "control.percent" && detectable?.conversion != null)
    return t("{n} people held back show only an effect of {points} points or more: hold back more, or send it to more", { n: control, points: format.number(Math.round(detectable.conversion * 1000) / 10) });
  return /^(message|variants|delivery)/.test(path) ? t("{n} people: {what}", { n: people, what: message }) : message;
}

/** Which text of which variant in which language: not every reader knows paths. Nothing where it is about no text. */
function placeInWords(document, path) {
  const { variant, locale, key } = placeOf(document, path);
  if (key === path) return "";
  const words = { title: t("Title"), body: t("Text"), deep_link: t("Opens in the app"), image: t("Picture") };
  return [words[key] ?? key, variant, locale].filter(Boolean).join(" · ");
}

export function Person({ id }) {
  const path = toPerson(id);
  return screenOf(path) ? html`<a href=${href(path)}>${id}</a>` : html`<b>${id}</b>`;
}
