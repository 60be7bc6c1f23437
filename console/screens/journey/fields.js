/** The fields of a step, by its kind. What has rules of its own is written as JSON, in its place. */
import { at } from "../../model/documents.js";
import { armTo, choiceTo } from "../../model/journeys.js";
import { t } from "../../model/text.js";
import { At, Line } from "../../parts/fields.js";
import { html } from "../../parts/html.js";
import { Remarks } from "./remarks.js";
import { If, Where } from "./rules.js";
import { EVENT, JSON_PART, NEEDED, NUMBER, SPAN } from "./typed.js";

export const KIND_NAMES = {
  message: () => t("Send a message"),
  wait: () => t("Wait"),
  wait_until: () => t("Wait until a time of day"),
  wait_for: () => t("Wait for an event"),
  branch: () => t("Branch by a rule"),
  split: () => t("Split by chance"),
  collect: () => t("Collect events"),
  set: () => t("Set traits"),
  webhook: () => t("Call an address"),
  start: () => t("Start another journey"),
  exit: () => t("Leave the journey"),
};

const then = () => ["then", t("Then"), Target];
const otherwise = () => ["else", t("Else"), Target];
export const pattern = (kind) => [[`${kind}.event`, t("Event"), EVENT], [`${kind}.same`, t("Of the same"), {}], [`${kind}.where`, t("Of which only"), Where]];

/** `[[path, label, how]..]`: a component, or the attributes of a field of one line. */
const FIELDS = {
  message: () => [["message.push.title", t("Title"), { ...NEEDED, class: "wide" }], ["message.push.body", t("Text"), { class: "wide" }], ["message.push.deep_link", t("Link"), { class: "wide" }], then()],
  wait: () => [["wait", t("How long"), SPAN], then()],
  wait_until: () => [["wait_until.time", t("At"), { ...NEEDED, size: "6" }], ["wait_until.timezone", t("By the clock of"), {}], ["wait_until.days", t("On these days, as JSON"), JSON_PART], ["wait_until.spread", t("Spread over"), { size: "6" }], then()],
  wait_for: () => [...pattern("wait_for"), ["within", t("At most for"), SPAN], then(), otherwise()],
  collect: ({ collect }) => [...(collect?.content ? [["collect", t("What, as JSON"), JSON_PART]] : pattern("collect")), ["for", t("At most for"), { size: "6" }], ["until", t("Until a time of day, as JSON"), JSON_PART], ["max", t("At most so many"), NUMBER], ...(collect?.content ? [["top", t("The best so many"), NUMBER]] : []), then()],
  branch: ({ branch }) => [...listed(branch, (index) => [[`branch[${index}].if`, index ? t("Else if") : t("If"), If], [`branch[${index}].then`, t("Then"), Target]]), otherwise()],
  split: ({ split }) => listed(split, (index) => [[`split[${index}].id`, t("Name"), { ...NEEDED, size: "8" }], [`split[${index}].weight`, t("Weight"), NUMBER], [`split[${index}].then`, t("Then"), Target]]),
  set: () => [["set.traits", t("Traits, as JSON"), JSON_PART], then()],
  webhook: () => [["webhook.url", t("Address"), { ...NEEDED, class: "wide" }], ["webhook.body", t("What it is told, as JSON"), JSON_PART], then()],
  start: () => [["start", t("Journey"), NEEDED], then()],
  exit: () => [["exit", t("Why"), NEEDED]],
};

const listed = (entries, fields) => (Array.isArray(entries) ? entries.flatMap((_, index) => fields(index)) : []);

/** `fields` are as above, with the whole of their paths. */
export const Row = ({ it, fields }) => html`<div class="row top">${fields.map(([path, label, how]) => html`<${isComponent(how) ? how : Line} key=${path} it=${it} path=${path} label=${label} ...${isComponent(how) ? {} : how} />`)}</div>`;
const isComponent = (how) => typeof how === "function";

export function Fields({ it, name, kind }) {
  const place = `steps.${name}`;
  const step = it.document.steps[name];
  const fields = (FIELDS[kind]?.(step) ?? []).map(([path, ...others]) => [`${place}.${path}`, ...others]);
  return html`<${Row} it=${it} fields=${fields} />
    ${(kind === "branch" || kind === "split") && html`<${Ways} it=${it} place=${place} step=${step} kind=${kind} />`}
    <${Remarks} it=${it} within=${place} fields=${fields.map(([path]) => path)} />`;
}

/** One way more, or one less. */
function Ways({ it, place, step, kind }) {
  const ways = Array.isArray(step[kind]) ? step[kind] : [];
  const put = (next) => it.change(`${place}.${kind}`, next);
  const free = [..."abcdefghijklmnopqrstuvwxyz"].find((letter) => !ways.some(({ id }) => id === letter));
  const more = kind === "branch" ? choiceTo(step.else ?? null) : armTo(ways.at(-1)?.then ?? null, free);
  const less = (event, index) => (event.target.closest("li").focus(), put(ways.filter((_, each) => each !== index)));
  return html`<p class="row"><button type="button" onClick=${() => put([...ways, more])}>${t("Add a way")}</button>
    ${ways.length > 1 && ways.map((_, index) => html`<button type="button" class="quiet" onClick=${(event) => less(event, index)}>${t("Remove way {n}", { n: index + 1 })}</button>`)}</p>`;
}

/** Where somebody goes next: a step, or out. */
export const Target = ({ it, path, label, out = t("leave the journey") }) => html`<${At} it=${it} path=${path} label=${label}>
  ${(given) => {
    const to = at(it.document, path) ?? "";
    const names = Object.keys(it.document.steps);
    return html`<select ...${given} value=${to} onChange=${({ target }) => it.change(path, target.value || null)}>
      <option value="">${out}</option>${(to && !names.includes(to) ? [to, ...names] : names).map((each) => html`<option value=${each}>${each}</option>`)}</select>`;
  }}
<//>`;
