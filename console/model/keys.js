/**
 * The paths of keys that stand twice in the same object of this JSON, which is an object: JSON.parse keeps the last of them, and nobody hears of the other.
 * `at` is the number in a list, or the key in an object, which a comma makes nothing until the next is read.
 */
export function twice(text) {
  const found = [], open = [];
  for (const [each] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"\s*:?|[[\]{},]/g)) {
    const here = open.at(-1);
    if (each === "{" || each === "[") open.push({ at: 0, names: new Set() });
    else if (each === "}" || each === "]") open.pop();
    else if (each === ",") here.at++;
    else if (each.endsWith(":")) {
      here.at = JSON.parse(each.slice(0, -1));
      if (here.names.has(here.at)) found.push(open.map(({ at }) => (at === +at ? `[${at}]` : `.${at}`)).join("").slice(1));
      here.names.add(here.at);
    }
  }
  return found;
}
