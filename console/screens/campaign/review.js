/** The last look: who, what, when, how often and for how much in one sentence; what keeps it from going out; and the launch, once. */
import { launchable, launchedLately, MANY, variantsOf } from "../../model/campaigns.js";
import { canonical } from "../../model/documents.js";
import * as drafts from "../../model/drafts.js";
import * as format from "../../model/format.js";
import { go, href } from "../../model/router.js";
import { inWords, spanInWords } from "../../model/schedules.js";
import { t } from "../../model/text.js";
import { saving } from "../../parts/document.js";
import { Field } from "../../parts/form.js";
import { html, useEffect, useState } from "../../parts/html.js";
import { Card } from "../../parts/page.js";
import { Failure, Refusal } from "../../parts/states.js";
import { toast } from "../../parts/toasts.js";
import { useAction, useRead } from "../../parts/use.js";
import { may, me, world } from "../../parts/world.js";

export function Review({ it }) {
  const { preflight, judged, document, draft, save } = it;
  const { found } = preflight;
  const isChecked = Boolean(found) && preflight.isCurrent && !preflight.isRunning;
  const isSaved = !it.isNew && !draft.isChanged && !it.saved.archived;
  const verdict = found && launchable(found);
  useEffect(() => {
    if (judged.data && !judged.error && !judged.isLoading && !preflight.isCurrent && !preflight.isRunning && !preflight.error) preflight.start.run();
  }, [judged.data, judged.error, judged.isLoading]);
  const stops = [
    judged.error && (judged.error.message ?? t("it is refused")),
    !isChecked && !judged.error && (preflight.isRunning ? t("everybody is being checked") : t("it is to be checked on everybody")),
    isChecked && verdict.nobody && t("nobody would get it"),
    ...(isChecked ? verdict.stops.map(({ people, path, message }) => t("{n} people would get nothing: {why} ({path})", { n: people, why: message, path })) : []),
  ].filter(Boolean);
  return html`<${Card} title=${document.schedule ? t("Review and schedule") : t("Review and launch")}>
    <p class="verdict">${isChecked ? html`<${Sentence} it=${it} found=${found} />` : t("What it would do is being found out.")}</p>
    ${stops.length > 0 && html`<div class="note bad"><p>${t("It cannot go out yet:")}</p><ul>${stops.map((each) => html`<li>✗ ${each}</li>`)}</ul></div>`}
    ${!document.goal && html`<p class="note warn">${t("It names no goal, so that nobody will know what it changed.")}</p>`}
    ${isChecked && verdict.objections.map((each) => html`<p class="note warn">${each}</p>`)}
    ${!isSaved && may("write") && html`<p class="row"><button type="button" class=${document.schedule ? "primary" : ""} disabled=${document.schedule && stops.length > 0} aria-disabled=${save.isRunning} onClick=${saving(save)}>
      ${document.schedule ? t("Save, and let it launch itself") : t("Save this version")}</button>
      ${!document.schedule && html`<span class="soft sm">${t("What is launched is what is saved.")}</span>`}</p>`}
    ${isSaved && document.schedule && html`<p>✓ ${t("It is saved, and launches itself {when}.", { when: inWords(document.schedule) })}</p>`}
    ${may("send") ? html`<${Launch} it=${it} verdict=${verdict} isReady=${isSaved && !stops.length} />` : html`<p class="soft sm">${t("Your groups may look at this and not launch it.")}</p>`}
  <//>`;
}

function Sentence({ it, found }) {
  const { document } = it;
  const segments = it.names.data?.segments ?? [];
  const named = (ids) => new Intl.ListFormat(globalThis.document.documentElement.lang).format((ids ?? []).map((id) => segments.find((each) => each.id === id)?.name ?? id));
  const many = variantsOf(document).length;
  const { cap } = document.delivery ?? {};
  return html`<b>${t("{n} people", { n: found.eligible })}</b> ${document.audience.exclude ? t("of {who}, less {others}", { who: named(document.audience.include), others: named(document.audience.exclude) }) : t("of {who}", { who: named(document.audience.include) })}
    ${" "}${many > 1 ? t("get one of the {n} messages of", { n: many }) : t("get the message of")} <b>“${document.name || it.id}”</b>
    ${" "}${document.schedule ? inWords(document.schedule) : t("as soon as you launch it")}; ${t("{n} are held back", { n: found.control })}${cap ? `, ${t("nobody gets more than {n} in {span}", { n: cap.count, span: spanInWords(cap.within) })}` : ""}.
    ${" "}${t("It costs {cost}.", { cost: format.dollars(found.cost_usd) })}`;
}

const runPath = (id) => `/runs/${encodeURIComponent(id)}`;

/**
 * One intention has one key, kept until it is launched: a double click, a lost answer and a fresh sign-in in between are one run. What was launched lately
 * is said; what somebody launches while this is read, the API finds by the `last` run that we know.
 */
function Launch({ it, verdict, isReady }) {
  const { found } = it.preflight;
  const [typed, setTyped] = useState("");
  const [day, setDay] = useState("");
  const name = `launch.${it.id}`;
  const runs = useRead(it.isNew ? null : `/admin/runs?campaign_id=${encodeURIComponent(it.id)}&limit=20`);
  const lately = launchedLately(runs.data?.runs ?? []);
  const launch = useAction(async (asOf) => {
    const about = canonical({ version: it.saved?.version, asOf });
    const kept = drafts.kept(name);
    const key = kept?.about === about ? kept.key : crypto.randomUUID();
    drafts.keep(name, { key, about });
    const { body } = await world.api.post(`${it.path}/runs`, asOf ? { as_of: asOf } : { last: runs.data.runs[0]?.run_id ?? "" }, { headers: { "Idempotency-Key": key }, again: true });
    drafts.forget(name);
    drafts.forget(`preflight.${it.id}`);
    toast(body.rehearsal ? t("The rehearsal {run} has begun", { run: body.run_id }) : t("The run {run} has begun", { run: body.run_id }));
    go(runPath(body.run_id));
  });
  useEffect(() => void (launch.error?.runId && (setTyped(""), runs.reload())), [launch.error]);
  const isAsked = verdict?.second || lately;
  const isTyped = !isAsked || typed.replace(/\D/g, "") === String(found?.eligible);
  const other = launch.error?.code === "run_under_way" && runPath(launch.error.runId);
  return html`<div class="stack">
    ${lately && html`<p class="note warn">${t("It was launched {when} by {who}, to {n} people.", { when: format.ago(lately.launched_at), who: lately.launched_by === me.value.id ? me.value.name : lately.launched_by, n: lately.counts.sent + lately.counts.unknown })}
      ${" "}<a href=${href(runPath(lately.run_id))}>${t("Go to its run")}</a></p>`}
    ${!it.isNew && runs.error && html`<${Failure} error=${runs.error} retry=${runs.reload} />`}
    ${isReady && isAsked && html`<${Field} label=${t("Type how many people that is: {n}", { n: found.eligible })} hint=${found.eligible > MANY ? t("It is asked above {n} people.", { n: MANY }) : t("It is asked because of what is said above.")}>
      ${(given) => html`<input ...${given} inputmode="numeric" value=${typed} onInput=${(event) => setTyped(event.target.value)} />`}<//>`}
    <${Refusal} error=${launch.error} />
    ${other && html`<p><a href=${href(other)}>${t("Go to the run that is under way")}</a></p>`}
    <p class="row"><button type="button" class=${it.document.schedule ? "" : "primary"} disabled=${!isReady || !runs.data || !isTyped} aria-disabled=${launch.isRunning} onClick=${() => launch.run("")}>
      ${launch.isRunning ? t("Launching") : it.document.schedule ? t("Launch it now as well") : found ? t("Launch: send to {n} people", { n: found.eligible }) : t("Launch")}</button></p>
    ${!it.isNew && html`<details open=${verdict?.nobody}><summary class="sm">${t("Rehearse it on the past first")}</summary>
      <div class="row"><${Field} label=${t("As of")} hint=${t("What is saved, to whom it would have gone that day. Nothing is sent; the run's report shows what to expect.")}>
        ${(given) => html`<span class="row"><input ...${given} type="date" value=${day} onInput=${(event) => setDay(event.target.value)} /> UTC</span>`}<//>
        <button type="button" disabled=${!day} aria-disabled=${launch.isRunning} onClick=${() => launch.run(day)}>${t("Rehearse")}</button></div></details>`}
  </div>`;
}
