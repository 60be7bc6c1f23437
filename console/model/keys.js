/** The paths of keys that stand twice in the same object of this JSON: JSON.parse keeps the last of them, and nobody hears of the other. */
export function twice(text) {
  const found = [], open = [];
  for (const [each] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"\s*:?|[[\]{},]/g)) {
    const here = open.at(-1);
    if (each === "{" || each === "[") open.push({ at: each === "[" ? 0 : "", names: new Set() });
    else if (each === "}" || each === "]") open.pop();
    else if (each === ",") here.at += here.at === +here.at ? 1 : "";
    else if (each.endsWith(":")) {
      here.at = JSON.parse(each.slice(0, -1));
      if (here.names.has(here.at)) found.push(open.map(({ at }) => (at === +at ? `[${at}]` : `.${at}`)).join("").replace(/^\./, ""));
      here.names.add(here.at);
    }
  }
  return found;
}
