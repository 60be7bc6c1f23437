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
