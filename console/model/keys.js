/** The path of the first key that stands twice in the same object of this JSON: JSON.parse keeps the last of them, and nobody hears of the other. */
export function twice(text) {
  const open = [];
  for (const [each] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"\s*:?|[[\]{},]/g)) {
    const here = open.at(-1);
    if (/[[{]/.test(each[0])) open.push({ at: 0, names: new Set() });
    else if (/[\]}]/.test(each[0])) open.pop();
    else if (each === ",") here.at++;
    else if (each.endsWith(":")) {
      here.at = JSON.parse(each.slice(0, -1));
      if (here.names.has(here.at)) return open.map(({ at }) => at).join(".");
      here.names.add(here.at);
    }
  }
}
