/**
 * What was typed and is not saved yet: kept in this tab, so that neither a lost connection nor a reload nor a sign-in in between takes it.
 * A draft remembers the ETag of what it changes, so that it is never put over a version that nobody has seen.
 */
const name = (key) => `regulars.draft.${key}`;

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
