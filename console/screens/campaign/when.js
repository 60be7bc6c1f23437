/** When it goes out: by hand, once, or whenever clocks show it; in words, with the next five times. */
import { begun, clockTime, dayName, DAYS, formOf, inWords, scheduleOf } from "../../model/schedules.js";
import { t } from "../../model/text.js";
import { Line } from "../../parts/fields.js";
import { Field } from "../../parts/form.js";
import { html } from "../../parts/html.js";
import { Card } from "../../parts/page.js";

export function When({ it }) {
  const { schedule } = it.document;
  const form = formOf(schedule);
  const set = (next) => it.change("schedule", scheduleOf(next));
  const kinds = { hand: t("When somebody launches it"), once: t("Once"), weekly: t("On days of the week"), monthly: t("Once a month"), rate: t("Every so often"), cron: t("By a cron of its own") };
  const next = schedule ? (it.judged.data?.next ?? it.saved?.next ?? []) : [];
  return html`<${Card} title=${t("When it goes out")}>
    <fieldset class="stack" disabled=${it.mayNot}>
      <div class="row" role="group" aria-label=${t("How it is launched")}>
        ${Object.entries(kinds).map(([kind, text]) => html`<button type="button" key=${kind} class="pill" aria-pressed=${form.kind === kind} onClick=${() => form.kind !== kind && set(begun(kind, form))}>${text}</button>`)}
      </div>
      <${Moments} it=${it} form=${form} set=${set} />
      ${form.kind !== "hand" && html`<${Zone} it=${it} form=${form} set=${set} />`}
      ${!["hand", "once"].includes(form.kind) && html`<div class="row">
        <${Bound} it=${it} form=${form} set=${set} name="from" label=${t("From")} /><${Bound} it=${it} form=${form} set=${set} name="until" label=${t("Until")} /></div>`}
    </fieldset>
    <p class="verdict" role="status">${t("It goes out {when}.", { when: inWords(schedule) })}</p>
    ${next.length > 0 && html`<div class=${it.judged.isLoading || it.judged.error ? "old" : ""}><h3>${t("The next times")}</h3>
      <ol class="num">${next.map((each) => html`<li>${clockTime(each)}${form.timezone === "user" ? ` ${t("by each person's clock")}` : ""}</li>`)}</ol></div>`}
    ${schedule && html`<p class="note">${t("It launches itself from the moment that it is saved: that is done on the last page, after the review.")}</p>`}
  <//>`;
}

function Moments({ it, form, set }) {
  /** An empty one changes nothing: the browser says so of a time while a part of it is typed. */
  const line = (name, label, { value = form[name], ...more }) => html`<${Line} it=${it} path=${name === "time" ? "schedule.cron" : `schedule.${name}`} label=${label} value=${value} read=${(text) => text || value} change=${(next) => set({ ...form, [name]: next })} ...${more} />`;
  const time = () => line("time", t("At"), { type: "time" });
  switch (form.kind) {
    case "once":
      return line("at", t("On"), { type: "datetime-local", value: form.at.slice(0, 16) });
    case "weekly":
      return html`<div class="row"><div class="row" role="group" aria-label=${t("Days of the week")}>${DAYS.map((day) => html`<button type="button" key=${day} class="pill" aria-label=${dayName(day)} aria-pressed=${form.days.includes(day)}
        onClick=${() => toggled(form, day).length && set({ ...form, days: toggled(form, day) })}>${dayName(day, "short")}</button>`)}</div>${time()}</div>`;
    case "monthly":
      return html`<div class="row"><${Field} label=${t("Day of the month")}>
        ${(given) => html`<select ...${given} value=${form.date} onChange=${(event) => set({ ...form, date: event.target.value })}>
          ${Array.from({ length: 31 }, (_, index) => html`<option>${index + 1}</option>`)}<option value="L">${t("the last")}</option></select>`}<//>${time()}</div>`;
    case "rate":
      return line("rate", t("Every"), { hint: t("As in 7 days, 12 hours. A day is 24 hours, also when clocks change.") });
    case "cron":
      return line("cron", "Cron", { class: "wide", hint: t("Minutes, hours, day of month, month, day of week, year; one of the two days is ?") });
    default:
      return null;
  }
}

const toggled = ({ days }, day) => DAYS.filter((each) => (each === day) !== days.includes(each));

/** Whose clock. Every zone that the browser knows is suggested. */
function Zone({ it, form, set }) {
  const isOwn = form.timezone === "user";
  const zone = (timezone) => set({ ...form, timezone: timezone || undefined });
  return html`<div class="row">
    <label class="row"><input type="checkbox" checked=${isOwn} onChange=${(event) => zone(event.target.checked && "user")} /> ${t("By each person's own clock")}</label>
    ${!isOwn && html`<${Line} it=${it} path="schedule.timezone" label=${t("Time zone")} list="zones" placeholder="UTC" change=${zone}>
      <datalist id="zones">${Intl.supportedValuesOf("timeZone").map((each) => html`<option value=${each}></option>`)}</datalist><//>`}
  </div>`;
}

const Bound = ({ it, form, set, name, label }) => html`<${Line} it=${it} path=${`schedule.${name}`} label=${label} type="datetime-local" value=${shownBound(form[name])} change=${(value) => set({ ...form, [name]: value })} />`;

/** A day is its first minute. */
const shownBound = (bound = "") => (bound.length === 10 ? `${bound}T00:00` : bound.slice(0, 16));
