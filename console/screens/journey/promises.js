/** What ends a journey from anywhere, what it is for, and what each person is promised. */
import { isObject } from "../../model/journeys.js";
import { t } from "../../model/text.js";
import { Choice } from "../../parts/fields.js";
import { Goal } from "../../parts/goal.js";
import { html } from "../../parts/html.js";
import { Priority, Promises } from "../../parts/promises.js";
import { pattern, Row } from "./fields.js";
import { Remarks } from "./remarks.js";
import { AsJson } from "./rules.js";
import { NUMBER } from "./typed.js";

const As = (field) => html`<${Choice} ...${field} options=${[["exit", t("a reason to leave")], ["goal", t("the goal")]]} />`;
const Again = (field) => html`<${Choice} ...${field} options=${[["ignore", t("goes on")], ["restart", t("begins anew")]]} />`;
const isMaybe = (value) => value === undefined || isObject(value);

/** A list of events, each of which ends it at once. */
export function Exits({ it, path, label }) {
  const ends = it.document.exit ?? [];
  if (!Array.isArray(ends) || !ends.every(isObject)) return html`<${AsJson} it=${it} path=${path} label=${label} />`;
  const put = (next) => it.change(path, next.length ? next : undefined);
  const places = ends.map((_, index) => `${path}[${index}]`);
  return html`<div class="stack tight wide" role="group" aria-label=${label}><b class="sm">${label}</b>
    ${places.map((place, index) => {
      const fields = [...pattern(place), [`${place}.as`, t("It counts as"), As]];
      return html`<div key=${place} class="stack tight step" role="group" aria-label=${t("End {n}", { n: index + 1 })}><${Row} it=${it} fields=${fields} /><${Remarks} it=${it} within=${place} fields=${fields.map(([field]) => field)} />
        <p><button type="button" class="quiet" onClick=${() => put(ends.toSpliced(index, 1))}>${t("Remove end {n}", { n: index + 1 })}</button></p></div>`;
    })}
    <${Remarks} it=${it} within=${path} fields=${places} />
    <p><button type="button" onClick=${() => put([...ends, { event: "" }])}>${t("Add an event that ends it")}</button></p></div>`;
}

/** Who may begin again, and when. */
export const reentry = ({ reentry: said }) => isMaybe(said) ? [["reentry.after", t("May begin again after"), { size: "6" }], ["reentry.max", t("At most so often"), NUMBER], ["reentry.while_in", t("Who is inside and does it again"), Again]] : [["reentry", t("Who may begin again"), AsJson]];

export function Aim({ it, path, label }) {
  if (!isMaybe(it.document.goal)) return html`<${AsJson} it=${it} path=${path} label=${label} />`;
  return html`<div class="stack tight wide"><${Goal} it=${it} events=${it.rules.vocabulary?.names.events ?? []} label=${label} /><${Rest} it=${it} path=${path} shown=${["event", "within", "value", "currency"]} /></div>`;
}

export function Delivery({ it, path, label }) {
  const { delivery } = it.document;
  if (!isMaybe(delivery) || ![delivery?.quiet_hours, delivery?.cap].every(isMaybe)) return html`<${AsJson} it=${it} path=${path} label=${label} />`;
  return html`<div class="stack tight wide" role="group" aria-label=${label}><b class="sm">${label}</b><${Promises} it=${it} purposes=${it.rules.vocabulary?.names.purposes} /><${Priority} it=${it} />
    <${Rest} it=${it} path=${path} shown=${["purpose", "quiet_hours", "cap", "priority"]} /></div>`;
}

/** What is said of the keys that have no field here. */
const Rest = ({ it, path, shown }) => html`<${Remarks} it=${it} within=${path} fields=${shown.map((key) => `${path}.${key}`)} />`;
