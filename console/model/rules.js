/** Rules of segments as values: what they are made of, and whom they name. Nothing here draws. */

/** The ids of the segments that a rule refers to, each once. */
export const references = (rule) => [...new Set(inside(rule).flatMap((clause) => ("segment" in clause ? [clause.segment] : [])))];

const inside = (rule) => {
  if (!rule || typeof rule !== "object") return [];
  const below = [...(rule.all ?? []), ...(rule.any ?? []), ...("not" in rule ? [rule.not] : [])];
  return [rule, ...below.flatMap(inside)];
};

/** Who uses each segment: `{ lapsing: { segments: [id..], campaigns: [id..] } }`. */
export function users(segments, campaigns) {
  const found = Object.fromEntries(segments.map(({ id }) => [id, { segments: [], campaigns: [] }]));
  for (const { id, rule } of segments) for (const named of references(rule)) found[named]?.segments.push(id);
  for (const { id, audience } of campaigns)
    for (const named of new Set([...(audience?.include ?? []), ...(audience?.exclude ?? [])])) found[named]?.campaigns.push(id);
  return found;
}

/** What a segment that is being begun says. */
export const BLANK = { name: "", rule: { all: [] } };
const MOST_NAMED = 80;

/** A name for who gives none: what the rule is about, as in `Order Completed 3 times, not Order Completed in 60d`. */
export const nameOf = (rule) => about(rule).filter(Boolean).join(", ").slice(0, MOST_NAMED);

const about = (rule) => {
  if (!rule || typeof rule !== "object") return [];
  if (rule.all || rule.any) return [rule.all ?? rule.any].flat().flatMap(about);
  if ("not" in rule) return about(rule.not).map((each) => `not ${each}`);
  const times = Number(Object.values(rule.count ?? {})[0]);
  const name = Object.values(rule)[0];
  return [[typeof name === "string" ? name : Object.keys(rule)[0], times > 1 && `${times} times`, rule.within && `in ${rule.within}`].filter(Boolean).join(" ")];
};
