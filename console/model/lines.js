/**
 * Two values as lines of JSON, and which lines only one of them has: `[[text, "same" | "gone" | "new"]..]`, by the longest common subsequence. A comma at
 * the end of a line says that another one follows, which is no change of it.
 */
const lines = (value) => (value === undefined ? [] : JSON.stringify(value, null, 2).split("\n").map((line) => line.replace(/,$/, "")));
const MOST = 400;

export function compared(before, after) {
  const [a, b] = [lines(before), lines(after)];
  if (a.length > MOST || b.length > MOST) return [...a.map((text) => [text, "gone"]), ...b.map((text) => [text, "new"])];
  const common = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1) common[i][j] = a[i] === b[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
  const found = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) found.push([a[i], "same"]), (i += 1), (j += 1);
    else if (j >= b.length || (i < a.length && common[i + 1][j] >= common[i][j + 1])) found.push([a[i], "gone"]), (i += 1);
    else found.push([b[j], "new"]), (j += 1);
  }
  return found;
}
