/**
 * What was typed and is not saved yet: kept in this tab, so that neither a lost connection nor a reload nor a sign-in in between takes it.
 * A draft remembers the ETag of what it changes, so that it is never put over a version that nobody has seen. It is its writer's: whoever signs in
 * after them in the same tab does not see it, and it is there again when they come back.
 */
let writer = "";
const name = (key) => `regulars.draft.${writer}/${key}`;

export const belongTo = (id) => void (writer = id);

export const keep = (key, draft, storage = sessionStorage) => storage.setItem(name(key), JSON.stringify(draft));
export const forget = (key, storage = sessionStorage) => storage.removeItem(name(key));

/** `{ value, etag }`, or null. */
export function kept(key, storage = sessionStorage) {
  try {
    return JSON.parse(storage.getItem(name(key)));
  } catch {
    return null;
  }
}
