/** Files that the browser saves. */
import { world } from "./world.js";

/**
 * What the API answers page by page (`{ text, next }`), as one file. It is put together here, so that no link to people's data is ever made that works
 * without a sign-in.
 */
export async function download(path, query, name, type) {
  const parts = [];
  for (let page = ""; ; ) {
    const { body } = await world.api.get(`${path}?${new URLSearchParams({ ...query, page })}`);
    parts.push(body.text);
    if (!(page = body.next)) break;
  }
  save(parts, name, type);
}

export function save(parts, name, type) {
  const url = URL.createObjectURL(new Blob(parts, { type }));
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  URL.revokeObjectURL(url);
}
