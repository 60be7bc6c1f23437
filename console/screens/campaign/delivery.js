/** What each person is promised: what it is for, when nobody is disturbed, how often is too often; and how fast it goes. */
import { at } from "../../model/campaigns.js";
import { t } from "../../model/text.js";
import { html } from "../../parts/html.js";
import { Card } from "../../parts/page.js";
import { At, numberOf, Span } from "./campaign.js";

const QUIET = { from: "21:00", to: "08:00", otherwise: "hold" };
const CAP = { count: 3, within: "7d" };
const MOST_HOURS = 672;

export function Delivery({ it }) {
  const delivery = it.document.delivery ?? {};
  const set = (key, value) => it.change(`delivery.${key}`, value);
  const purposes = it.names.data?.purposes ?? [];
  const known = [...new Set([...purposes, "transactional", ...(delivery.purpose ? [delivery.purpose] : [])])];
  return html`<${Card} title=${t("What people are promised")}>
    <fieldset class="stack" disabled=${it.mayNot}>
      <${At} it=${it} path="delivery.purpose" label=${t("What it is for")} hint=${t("Whoever said no to that, or not the yes that it asks for, gets nothing.")}>
        ${(given) => html`<select ...${given} value=${delivery.purpose ?? ""} onChange=${(event) => set("purpose", event.target.value || undefined)}>
          <option value="">${t("nothing that consent is asked for")}</option>${known.map((each) => html`<option value=${each}>${each === "transactional" ? t("a message that people wait for") : each}</option>`)}</select>`}<//>
      <${Promise_} isOn=${delivery.quiet_hours} toggle=${(isOn) => set("quiet_hours", isOn ? QUIET : undefined)} text=${t("Quiet hours by each person's clock")}>
        <div class="row">
          <${At} it=${it} path="delivery.quiet_hours.from" label=${t("From")}>${(given) => html`<input ...${given} type="time" value=${delivery.quiet_hours?.from} onInput=${(event) => set("quiet_hours.from", event.target.value)} />`}<//>
          <${At} it=${it} path="delivery.quiet_hours.to" label=${t("To")}>${(given) => html`<input ...${given} type="time" value=${delivery.quiet_hours?.to} onInput=${(event) => set("quiet_hours.to", event.target.value)} />`}<//>
          <${At} it=${it} path="delivery.quiet_hours.otherwise" label=${t("Who would get it then")}>${(given) => html`<select ...${given} value=${delivery.quiet_hours?.otherwise ?? "hold"} onChange=${(event) => set("quiet_hours.otherwise", event.target.value)}>
            <option value="hold">${t("gets it after them")}</option><option value="drop">${t("does not get it")}</option></select>`}<//>
        </div>
      <//>
      <${Promise_} isOn=${delivery.cap} toggle=${(isOn) => set("cap", isOn ? CAP : undefined)} text=${t("A cap, of all campaigns together")}>
        <div class="row">
          <${At} it=${it} path="delivery.cap.count" label=${t("Pushes at most")}>${(given) => html`<input ...${given} inputmode="numeric" size="4" value=${delivery.cap?.count ?? ""} onInput=${(event) => set("cap.count", numberOf(event.target.value))} />`}<//>
          <${At} it=${it} path="delivery.cap.within" label=${t("in any")}>${(given) => html`<${Span} given=${given} label=${t("in any")} value=${delivery.cap?.within} change=${(value) => set("cap.within", value)} />`}<//>
        </div>
      <//>
      <${Lifetime} it=${it} />
      <div class="row">
        <${At} it=${it} path="delivery.per_second" label=${t("Pushes a second, at most")}>${(given) => html`<input ...${given} inputmode="numeric" size="7" placeholder="8000" value=${delivery.per_second ?? ""} onInput=${(event) => set("per_second", numberOf(event.target.value))} />`}<//>
        <${At} it=${it} path="delivery.priority" label=${t("Weight beside other campaigns, 1 to 10")}>${(given) => html`<input ...${given} inputmode="numeric" size="4" placeholder="5" value=${delivery.priority ?? ""} onInput=${(event) => set("priority", numberOf(event.target.value))} />`}<//>
      </div>
      <${At} it=${it} path="delivery.when_unsure" label=${t("After a crash, whoever may have got it")}>${(given) => html`<select ...${given} value=${delivery.when_unsure ?? "skip"} onChange=${(event) => set("when_unsure", event.target.value)}>
        <option value="skip">${t("gets nothing more: never twice")}</option><option value="resend">${t("gets it again: never missed")}</option></select>`}<//>
    </fieldset>
  <//>`;
}

const Promise_ = ({ isOn, toggle, text, children }) => html`<div class="stack tight">
  <label class="row"><input type="checkbox" checked=${Boolean(isOn)} onChange=${(event) => toggle(event.target.checked)} /> ${text}</label>${isOn && children}</div>`;

/** How long FCM keeps it for a telephone that is off: the same for all variants. */
function Lifetime({ it }) {
  const path = `${it.edited.path}.ttl`;
  const seconds = /^(\d+)s$/.exec(at(it.document, path) ?? "")?.[1];
  const change = (text) => {
    const hours = numberOf(text);
    const ttl = hours === undefined ? undefined : typeof hours === "number" ? `${Math.round(hours * 3600)}s` : hours;
    for (const { path: push } of it.variants) it.change(`${push}.ttl`, ttl);
  };
  return html`<${At} it=${it} path=${path} label=${t("Hours that it waits for a telephone that is off")} hint=${t("Empty: four weeks, which are {hours} hours", { hours: MOST_HOURS })}>
    ${(given) => html`<input ...${given} inputmode="decimal" size="5" value=${seconds ? seconds / 3600 : (at(it.document, path) ?? "")} onInput=${(event) => change(event.target.value)} />`}<//>`;
}
