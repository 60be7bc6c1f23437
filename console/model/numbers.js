/** Numbers as they are written: one that JavaScript cannot hold stays the text that it is, and is never shown as its neighbour. */

const isHeld = (text) => !/^-?\d{16,}$/.test(text) || String(Number(text)) === text;

/** What a field means: what is no number stays as it was typed, so that the API says what it wants; `nothing` is what an empty field means. */
export function numberOf(text, nothing) {
  const typed = text.trim();
  if (!typed) return nothing;
  return Number.isFinite(Number(typed)) && isHeld(typed) ? Number(typed) : text;
}

/** JSON, with whole numbers that cannot be held as their digits. Throws as JSON.parse does. */
export const parse = (text) => JSON.parse(text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g, (each) => (each.startsWith('"') || isHeld(each) ? each : `"${each}"`)));

/** JSON (`7`, `true`, `null`, `"7"`), or else a text, as the command line reads it. */
export function valueOf(text) {
  try {
    return parse(text);
  } catch {
    return text;
  }
}
