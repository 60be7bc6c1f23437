/** Documents of any kind (a campaign, a segment): their ids, and what stands at a path in them, as the API names it in refusals. Nothing is changed in place. */

/** As it is put: without what an answer adds to it. */
export const documentOf = ({ version, archived, next, ...document }) => document;

/** An id as the API takes it, of any name: `A reason to come!` is `a-reason-to-come`. */
export const idOf = (name) =>
  name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 48);

/** `message.push.title` and `variants[0].message` as the keys that lead there. */
export const keysOf = (path) => path.split(".").flatMap((part) => part.split(/[[\]]+/).filter(Boolean).map((key, index) => (index ? Number(key) : key)));

export const at = (document, path) => keysOf(path).reduce((found, key) => found?.[key], document);

/** A copy with `value` at the path; undefined takes the key away, and what is empty without it. */
export const changed = (document, path, value) => put(document, keysOf(path), value) ?? {};

function put(into, [key, ...rest], value) {
  const next = rest.length ? put(into?.[key], rest, value) : value;
  if (Array.isArray(into)) return into.map((each, index) => (index === key ? next : each));
  const { [key]: _, ...others } = into ?? {};
  if (next === undefined) return Object.keys(others).length ? others : undefined;
  return { ...(into ?? {}), [key]: next };
}

/** The same text for two documents that say the same, whatever the order of their keys. */
export const canonical = (value) =>
  JSON.stringify(value, (_, each) => (each && typeof each === "object" && !Array.isArray(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each));
