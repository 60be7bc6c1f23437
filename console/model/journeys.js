/** Journeys as documents (docs/journeys.md): how one is begun, read and changed. Nothing here draws, and nothing is changed in place. */

/** What a step says that is being begun, by its kind, in the order in which they are offered. `next` is where it leads. */
const BEGUN = {
  message: (next) => ({ message: { push: { title: "" } }, then: next }),
  wait: (next) => ({ wait: "1d", then: next }),
  wait_until: (next) => ({ wait_until: { time: "09:00", timezone: "user", spread: "15m" }, then: next }),
  wait_for: (next) => ({ wait_for: { event: "" }, within: "1d", then: next, else: next }),
  branch: (next) => ({ branch: [choiceTo(next)], else: next }),
  split: (next) => ({ split: [armTo(next), armTo(next, "b")] }),
  collect: (next) => ({ collect: { event: "" }, for: "6h", max: 10, then: next }),
  set: (next) => ({ set: { traits: {} }, then: next }),
  webhook: (next) => ({ webhook: { url: "https://" }, then: next }),
  start: (next) => ({ start: "", then: next }),
  exit: () => ({ exit: "done" }),
};

export const KINDS = Object.keys(BEGUN);

/** One way more out of a branch, and out of a split. */
export const choiceTo = (next) => ({ if: { everyone: true }, then: next });
export const armTo = (next, id = "a") => ({ id, weight: 1, then: next });

/** A journey that is being begun. Its id is made of its name until somebody saves it. */
export const BLANK = { name: "", entry: { event: "" }, holdout: { percent: 10 }, start: "message", steps: { message: BEGUN.message(null) } };

/** What begins a run, as each way says it first. */
export const ENTRIES = { event: "", segment: "", near: { places: "" }, content: {}, api: true };
export const entryOf = ({ entry }) => Object.keys(ENTRIES).find((way) => isObject(entry) && way in entry);

export const isObject = (value) => Boolean(value) && typeof value === "object" && !Array.isArray(value);

const NAME = /^[\w-]{1,48}$/;

/** Whether it can be edited step by step. What is in the steps may be wrong: the API says so. */
export const isJourney = ({ name = "", steps }) => typeof name === "string" && isObject(steps) && Object.entries(steps).every(([each, step]) => NAME.test(each) && isObject(step));

/** Undefined where it says none that is known here. */
export const kindOf = (step) => KINDS.find((kind) => kind in step);

/** The step with `lead(to)` in the place of each step that it leads to, in the order in which somebody reads them. */
function led(step, lead) {
  const next = { ...step };
  for (const list of ["branch", "split"])
    if (Array.isArray(step[list])) next[list] = step[list].map((each) => (isObject(each) && "then" in each ? { ...each, then: lead(each.then) } : each));
  for (const key of ["then", "else"]) if (key in step) next[key] = lead(step[key]);
  return next;
}

function targetsOf(step) {
  const found = [];
  led(step, (to) => (found.push(to), to));
  return found;
}

/** The names of all steps so that each comes before those that it leads to, as far as that can be; what nobody gets to is last. */
export function inOrder({ start, steps }) {
  const [seen, found] = [new Set(), []];
  const visit = (name) => {
    if (seen.has(name) || !Object.hasOwn(steps, name)) return;
    seen.add(name);
    targetsOf(steps[name]).reverse().forEach(visit);
    found.unshift(name);
  };
  visit(start);
  return [...found, ...Object.keys(steps).filter((name) => !seen.has(name))];
}

/** Where somebody goes on whom nothing special leads elsewhere: `then`, the `else` of a branch, the first arm; null where all leave. */
const mainOf = (step) => ("then" in step ? step.then : "else" in step ? step.else : (targetsOf(step)[0] ?? null));

/** A new step of the kind behind `after`, or before all others where that is null: `{ document, name }`. */
export function withStep(document, after, kind) {
  const { steps, start } = document;
  const plain = kind.replace("_", "-");
  let name = plain;
  for (let number = 2; Object.hasOwn(steps, name); number += 1) name = `${plain}-${number}`;
  if (after === null) return { document: { ...document, start: name, steps: { [name]: BEGUN[kind](start), ...steps } }, name };
  const next = mainOf(steps[after]);
  let isDone = false;
  const once = (to) => (to === next && !isDone ? ((isDone = true), name) : to);
  const before = "then" in steps[after] ? { ...steps[after], then: name } : led(steps[after], once);
  const entries = Object.entries({ ...steps, [after]: before });
  entries.splice(entries.findIndex(([each]) => each === after) + 1, 0, [name, BEGUN[kind](next)]);
  return { document: { ...document, steps: Object.fromEntries(entries) }, name };
}

/** Whoever would have come to it goes on where it led. */
export function withoutStep(document, name) {
  const { [name]: gone, ...steps } = document.steps;
  const next = mainOf(gone) === name ? null : mainOf(gone);
  const past = (to) => (to === name ? next : to);
  return { ...document, start: past(document.start) ?? "", steps: Object.fromEntries(Object.entries(steps).map(([each, step]) => [each, led(step, past)])) };
}

/** In its place, and whatever led there leads there still. A name that is taken, or that no step may have, changes nothing. */
export function renamed(document, from, to) {
  if (!NAME.test(to) || Object.hasOwn(document.steps, to)) return document;
  const other = (name) => (name === from ? to : name);
  return { ...document, start: other(document.start), steps: Object.fromEntries(Object.entries(document.steps).map(([each, step]) => [other(each), led(step, other)])) };
}
