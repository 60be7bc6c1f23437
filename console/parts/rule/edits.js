/**
 * Edits of a rule, which is one value that nothing changes in place. `keys` lead to a part of it, as `["all", 1, "not"]`; `pathOf` writes them as the
 * API does in refusals, warnings and figures.
 */

/** `["all", 1, "not"]` is `rule.all[1].not`. */
export const pathOf = (keys) => keys.reduce((path, key) => path + (typeof key === "number" ? `[${key}]` : `.${key}`), "rule");
export const partOf = (rule, keys) => keys.reduce((part, key) => part?.[key], rule);

/** A copy with `value` at the place; undefined takes a key away. */
export function put(rule, [key, ...rest], value) {
  if (key === undefined) return value;
  const next = put(rule?.[key], rest, value);
  if (Array.isArray(rule)) return rule.map((each, index) => (index === key ? next : each));
  return next === undefined ? without(rule, [key]) : { ...rule, [key]: next };
}

export const without = (record, keys) => Object.fromEntries(Object.entries(record ?? {}).filter(([key]) => !keys.includes(key)));

/** The keys that lead from a part to the list of what it joins: `["any"]`, `["not", "all"]`; null where it joins nothing. */
export function listIn(part) {
  if (!part || typeof part !== "object" || Object.keys(part).length !== 1) return null;
  if (Array.isArray(part.all)) return ["all"];
  if (Array.isArray(part.any)) return ["any"];
  const inner = "not" in part && !part.not?.not ? listIn(part.not) : null;
  return inner && ["not", ...inner];
}

const splice = (rule, list, index, gone, ...added) => put(rule, list, partOf(rule, list).toSpliced(index, gone, ...added));

/** One part more at the end of a list. What is no group becomes the first of `all`, unless it says nothing: everyone. */
export const add = (rule, list, part) => (list.length ? splice(rule, list, partOf(rule, list).length, 0, part) : { all: rule.everyone ? [part] : [rule, part] });

/** Without the part, and without a group that it leaves empty. */
export function remove(rule, keys) {
  const outer = listAround(keys);
  if (!outer) return { all: [] };
  const [list, index] = outer;
  return partOf(rule, list).length > 1 || !listAround(list) ? splice(rule, list, index, 1) : remove(rule, list);
}

/** The innermost list that something lies in, and where: `["all", 1, "not", "any"]` lies at 1 of `["all"]`. */
function listAround(keys) {
  const last = keys.findLastIndex((key) => typeof key === "number");
  return last < 0 ? null : [keys.slice(0, last), keys[last]];
}

/** Up (-1) or down (1) through the rule as it is read, into groups and out of them: `{ rule, keys }` with where it is then, or null at either end. */
export function move(rule, keys, step) {
  const around = listAround(keys);
  if (!around) return null;
  const [list, index] = around;
  const part = partOf(rule, keys);
  const next = partOf(rule, list)[index + step];
  const into = listIn(next);
  if (into) {
    const group = [...list, index + step, ...into];
    const place = step > 0 ? 0 : partOf(rule, group).length;
    const without = splice(splice(rule, group, place, 0, part), list, index, 1);
    return { rule: without, keys: [...list, step > 0 ? index : index - 1, ...into, place] };
  }
  if (next !== undefined) return { rule: put(put(rule, [...list, index], next), [...list, index + step], part), keys: [...list, index + step] };
  const outside = listAround(list);
  if (!outside) return null;
  const [outer, at] = outside;
  const isLast = partOf(rule, list).length === 1;
  const place = step > 0 && !isLast ? at + 1 : at;
  return { rule: isLast ? put(rule, [...outer, at], part) : splice(splice(rule, list, index, 1), outer, place, 0, part), keys: [...outer, place] };
}

export const wrap = (rule, keys, head) => put(rule, keys, { [head]: [partOf(rule, keys)] });

export function negate(rule, keys) {
  const part = partOf(rule, keys);
  return put(rule, keys, isNot(part) ? part.not : { not: part });
}

export const isNot = (part) => Boolean(part && typeof part === "object" && "not" in part && Object.keys(part).length === 1);

/** Whether there is something to count: at least one part, and no group without any. */
export const isWhole = (rule) => {
  const list = listIn(rule);
  if (!list) return Boolean(rule) && (!isNot(rule) || isWhole(rule.not));
  return partOf(rule, list).length > 0 && partOf(rule, list).every(isWhole);
};

/** What a new part of the rule says until somebody says more. `word` is of the schema's heads, `named` what was chosen, of which `known` is what is suggested. */
export function begun({ head, value }, named, isNegated, known = {}) {
  const said = { event: isNegated ? { within: "30d" } : { count: { gte: 1 } }, trait: testOf(known), property: testOf(known) }[value] ?? {};
  const own = {
    rules: [],
    true: true,
    texts: [],
    steps: [{ event: named }, { event: named }],
    place: { lat: 0, lon: 0, radius_m: 5000 },
    bucket: { salt: "sample", from: 0, to: 999 },
  }[value] ?? named;
  const part = { [head]: own, ...said, ...(value === "steps" ? { within: "7d" } : {}) };
  return isNegated ? { not: part } : part;
}

function testOf({ types = [], values = [] }) {
  if (types[0] === "boolean") return { eq: true };
  if (values.length) return { eq: values[0] };
  return types[0] === "number" || types[0] === "integer" ? { gte: 1 } : { exists: true };
}
