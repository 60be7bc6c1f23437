/**
 * A repair of refused events, as it is written in the form and as the API reads it (docs/quarantine.md). A step of the form is
 * `{ verb, path, to, from }`: `from` says whether `to` is the path of another value.
 */
import { valueOf } from "./numbers.js";

export const VERBS = ["default", "set", "rename", "cast"];
export const TYPES = ["text", "number", "boolean", "moment", "object"];
export const NEW_STEP = { verb: "default", path: "", to: "", from: false };

export const documentOf = (steps) => ({
  steps: steps.map(({ verb, path, to, from }) => {
    if (verb === "rename" || verb === "cast") return { [verb]: path, to };
    return { [verb]: path, ...(from ? { from: to } : { to: valueOf(to) }) };
  }),
});

/** What pages of a trial, or of a replay, came to together. */
export const summed = (pages) =>
  pages.reduce(
    (all, page) => ({
      events: all.events + page.events,
      good: all.good + page.good,
      already: all.already + page.already,
      refused: Object.entries(page.refused).reduce((refused, [reason, n]) => ({ ...refused, [reason]: (refused[reason] ?? 0) + n }), all.refused),
      examples: [...all.examples, ...page.examples],
      applied: page.applied,
    }),
    { events: 0, good: 0, already: 0, refused: {}, examples: [], applied: false },
  );
