/** The line of a clause: whatever its head may have beside it, as the schema says. */
import { t } from "../../model/text.js";
import { Typed } from "../form.js";
import { html } from "../html.js";
import { Choose, Given, Gone, isRecord, named, of, operatorIn, Test, text } from "./controls.js";
import { without } from "./edits.js";
import { fitted, LINES } from "./values.js";
import { Where } from "./where.js";

const PERIODS = ["from", "to", "before", "after", "within"];

const isStep = (step) => isRecord(step) && Object.keys(step).every((key) => ["event", "where", ...PERIODS].includes(key));
/** What the key of a head has to be to be drawn, by its kind; of any other kind a text. */
const SHAPES = {
  true: (value) => value === true,
  texts: LINES.texts.fits,
  steps: (value) => Array.isArray(value) && value.every(isStep),
  place: isRecord,
  bucket: isRecord,
  trait: (value) => value !== undefined,
  property: (value) => value !== undefined,
};

/** The word of the schema that the clause begins with, if all that it says can be drawn; else null, and it is shown as JSON. */
export function wordOf(part, { schema }) {
  const keys = isRecord(part) ? Object.keys(part) : [];
  const word = schema.heads.find(({ head, value }) => !/^rules?$/.test(value) && keys.includes(head));
  if (!word || !(SHAPES[word.value] ?? ((value) => typeof value === "string"))(part[word.head])) return null;
  const measures = word.keys.includes("count") ? schema.measures.filter(({ key }) => keys.includes(key)) : [];
  const inside = measures.every(({ key, of: kind, tests }) => /property/.test(kind) || (isRecord(part[key]) && (kind === "period" || operatorIn(part[key], kindsOf(tests, schema)))));
  const tables = word.tests ? [word.tests] : measures.flatMap(({ of: kind, tests }) => (/property/.test(kind) ? tests : []));
  const operators = kindsOf(tables, schema).filter(({ name }) => keys.includes(name));
  const isKnown = (key) => key === word.head || word.keys.includes(key) || operators.some(({ name }) => name === key);
  return measures.length < 2 && inside && operators.length === (tables.length ? 1 : 0) && keys.every(isKnown) && isStep(part.then_not ?? {}) ? word : null;
}

const kindsOf = (tables, { operators }) => tables.flatMap((table) => operators[table]);

/** `change` takes the clause as it is to be. */
export function Line({ part, word, edit, change, isNegated }) {
  const { schema, names } = edit;
  const { head, keys, label } = word;
  const set = (key) => (value) => change(value === undefined ? without(part, [key]) : { ...part, [key]: value });
  const own = keys.includes("timezone") && part.timezone === "user" ? schema.own_time : [];
  const kinds = (table) => schema.operators[table].map((each) => own.find(({ name }) => name === each.name) ?? each);
  const known = of(names.events, part[head]);
  // Beside when the first or the last was, a period is drawn where there is one only.
  const isDated = !schema.measures.some(({ key, of: kind }) => kind === "period" && key in part) || schema.periods.some(({ key }) => key in part);
  const shared = { part, words: schema, change, edit, known };
  return html`<${Head} ...${shared} word=${word} set=${set(head)} />
    ${word.tests && html`<${Test} part=${part} kinds=${kinds(word.tests)} words=${schema} label=${text(part[head]) || label} change=${change} offered=${of(word.value === "property" ? names.properties : names.traits, part[head])?.values} />`}
    ${keys.includes("campaign") && html`${t("of campaign")} <${Choose} label=${t("Campaign")} value=${part.campaign ?? ""} change=${(id) => set("campaign")(id || undefined)}
      options=${[["", t("any")], ...names.campaigns.map(({ id, name }) => [id, name])]} />`}
    ${keys.includes("count") && part[head] !== "converted" && html`<${Measure} ...${shared} keys=${keys} isNegated=${isNegated} />`}
    ${keys.includes("from") ? isDated && html`<${Period} at=${part} words=${schema} change=${change} label=${t("Period")} />`
      : keys.includes("within") && html`<${Within} value=${part.within} words=${schema} set=${set("within")} />`}
    ${keys.includes("where") && html`<${Where} ...${shared} kinds=${kinds("value")} />`}
    ${part.timezone === "user" && html`<span class="soft sm">${t("by their own clock")}</span>`}`;
}

/** What the head itself says. */
function Head({ part, word, edit, words, set, change }) {
  const { names } = edit;
  const { head, label, value: kind, choices } = word;
  const value = part[head];
  const byId = (all) => all.map(({ id, name }) => [id, name]);
  switch (kind) {
    case "true":
      return null;
    case "event":
      return html`<${Typed} label=${t("Event")} value=${value} line=${LINES.text} offered=${names.events.map(({ name }) => name)} change=${set} />`;
    case "trait":
    case "property":
      return html`<${Typed} label=${kind === "trait" ? t("Trait") : t("Property")} value=${value} line=${LINES.path} offered=${(kind === "trait" ? names.traits : names.properties).map(({ name }) => name)} change=${set} />`;
    case "segment":
      return html`<${Choose} label=${t("Segment")} value=${value} options=${byId(names.segments)} change=${set} isMain />`;
    case "choice":
      return html`<${Choose} label=${label} value=${value} options=${choices.map((each) => [each, each])} change=${set} isMain />`;
    case "purpose":
      return html`<${Typed} label=${t("Purpose")} value=${value} line=${LINES.text} offered=${names.purposes} change=${set} isMain />`;
    case "texts":
      return html`<${Typed} label=${t("Ids of people, with commas between")} value=${value} line=${LINES.texts} change=${set} isMain />`;
    case "steps":
      return html`<${Steps} part=${part} head=${head} edit=${edit} words=${words} change=${change} />`;
    default:
      return html`<${Fields} value=${value} set=${set} />`;
  }
}

/** A place, and a bucket: a few fields, by the names that the rule has for them. */
const Fields = ({ value, set }) => Object.entries(value).map(([key, each], index) => html`<label key=${key} class="row"><span class="soft sm">${key}</span>
  <${Given} kind=${typeof each === "string" ? "text" : "number"} label=${key} value=${each} isMain=${index === 0} change=${(next) => set({ ...value, [key]: next })} /></label>`);

/** How often, or how much: `{ count: { gte: 3 } }`, `{ sum: "revenue", gte: 100 }`, `{ last: { within: "30d" } }`, or once and more where nothing is said. */
function Measure({ part, keys, words, change, known, isNegated }) {
  const usable = words.measures.filter(({ key }) => keys.includes(key));
  const word = usable.find(({ key }) => key in part);
  const kinds = (each) => kindsOf((each?.tests ?? []).filter((table) => keys.includes("sum") || table !== "rank"), words);
  const rest = without(part, [...usable.map(({ key }) => key), ...usable.filter(({ of: kind }) => kind !== "test").flatMap((each) => (each.key in part ? kinds(each).map(({ name }) => name) : []))]);
  const chosen = !word ? "" : word.of === "test" ? `${word.key} ${operatorIn(part[word.key], kinds(word)).name}` : word.key;
  const options = usable.flatMap((each) => (each.of === "test" ? kinds(each).map(({ name, label }) => [`${each.key} ${name}`, named(label)]) : [[each.key, each.label]]));
  const choose = (next) => {
    const [key, operator] = next.split(" ");
    const to = usable.find((each) => each.key === key);
    if (!to) return change(rest);
    const number = known?.properties.find(({ types }) => /number|integer/.test(types[0]))?.name ?? "";
    if (to.of === "test") return change({ ...rest, [key]: { [operator]: fitted(kinds(to).find(({ name }) => name === operator).value, Object.values(part[key] ?? {})[0]) } });
    return change({ ...rest, [key]: to.of === "period" ? { within: "30d" } : to.of === "property_or_day" ? "day" : number, ...(to.of === "period" ? {} : { gte: 2 }) });
  };
  const set = (value) => change({ ...part, [word.key]: value });
  const operator = word?.of === "test" && operatorIn(part[word.key], kinds(word));
  return html`<${Choose} label=${t("How often or how much")} value=${chosen} options=${[["", isNegated ? t("even once") : t("at least once")], ...options]} change=${choose} />
    ${operator && html`<${Given} kind=${operator.value} value=${part[word.key][operator.name]} words=${words} label=${t("Times")} isMain change=${(next) => set({ [operator.name]: next })} />
      ${operator.value !== "share" && t("times")}`}
    ${word?.of === "period" && html`<${Period} at=${part[word.key]} words=${words} ranks=${kinds(word)} isNeeded change=${set} label=${word.label} />`}
    ${word && /property/.test(word.of) && html`<${Typed} label=${t("Of which property")} value=${part[word.key]} line=${LINES.path} offered=${[...(word.of === "property" ? [] : ["day"]), ...(known?.properties ?? []).map(({ name }) => name)]} change=${set} />
      <${Test} part=${part} kinds=${kinds(word)} words=${words} label=${word.label} change=${change} />`}`;
}

/** When: the keys of a period that are in `at`, or ever. `ranks` may stand there instead. */
function Period({ at, words, ranks = [], isNeeded, change, label }) {
  const all = [...words.periods.map(({ key, label: text, value }) => ({ key, text, kind: value })), ...ranks.map(({ name, label: text, value }) => ({ key: name, text: named(text), kind: value }))];
  const used = all.filter(({ key }) => key in at);
  const mode = used.map(({ key }) => key).join(" ");
  const rest = without(at, all.map(({ key }) => key));
  const both = all.some(({ key }) => key === "from") && all.some(({ key }) => key === "to");
  const kindOf = (each) => (each.kind === "moment" && at.timezone === "user" ? "clock" : each.kind);
  const choose = (next) => change({ ...rest, ...Object.fromEntries(next.split(" ").filter(Boolean).map((key) => [key, at[key] ?? fitted(all.find((each) => each.key === key).kind)])) });
  const options = [...(isNeeded ? [] : [["", t("ever")]]), ...all.map(({ key, text }) => [key, text]), ...(both ? [["from to", t("from … to before …")]] : [])];
  return html`<${Choose} label=${label} value=${mode} options=${options} change=${choose} />
    ${used.map((each) => html`<${Given} key=${each.key} kind=${kindOf(each)} value=${at[each.key]} words=${words} label=${each.text} isMain=${each.kind === "span"} change=${(value) => change({ ...at, [each.key]: value })} />`)}`;
}

function Within({ value, words, set }) {
  if (value === undefined) return html`<button type="button" class="quiet sm" onClick=${() => set("7d")}>${t("+ within")}</button>`;
  return html`<span class="row">${t("within")} <${Given} kind="span" value=${value} words=${words} label=${t("Within")} change=${set} />
    <${Gone} what=${t("within")} run=${() => set(undefined)} /></span>`;
}

/** One event after the other, and what did not follow. */
function Steps({ part, head, edit, words, change }) {
  const steps = part[head];
  const next = { event: edit.names.events[0]?.name ?? "" };
  const set = (to) => change({ ...part, [head]: to });
  const setNot = (to) => change(to ? { ...part, then_not: to } : without(part, ["then_not"]));
  return html`${[...steps, ...(part.then_not ? [part.then_not] : [])].map((step, index) => {
      const isNot = index === steps.length;
      const put = (to) => (isNot ? setNot(to) : set(steps.with(index, to)));
      return html`<span class="row" key=${index}>${isNot ? t("then not") : index > 0 && t("then")}
        <${Typed} label=${t("Event")} value=${step.event} line=${LINES.text} isMain=${index === 1} offered=${edit.names.events.map(({ name }) => name)} change=${(event) => put({ ...step, event })} />
        <${Period} at=${step} words=${words} change=${put} label=${t("Period")} />
        <${Where} part=${step} words=${words} change=${put} known=${of(edit.names.events, step.event)} />
        ${(isNot || steps.length > 1) && html`<${Gone} what=${step.event} run=${() => (isNot ? setNot() : set(steps.toSpliced(index, 1)))} />`}</span>`;
    })}
    <button type="button" class="quiet sm" onClick=${() => set([...steps, next])}>${t("+ then")}</button>
    ${!part.then_not && html`<button type="button" class="quiet sm" onClick=${() => setNot(next)}>${t("+ then not")}</button>`}`;
}
