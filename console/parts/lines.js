/** Lines over time as SVG, letter by letter as reports have them (domain/charts, tests/domain/charts/golden). The other pictures come drawn, with a report. */
import { locale } from "../model/text.js";
import { h } from "./html.js";

const WIDTH = 480;
const LETTER_WIDTH = 17 * 0.56;
const MINUS = "−";
const BARE = {};

/** `12.3`, `12`: half a tenth goes up. */
function tenths(number) {
  const all = Math.floor(Math.abs(number) * 10 + 0.5);
  return `${number < 0 && all ? "-" : ""}${Math.floor(all / 10)}${all % 10 ? `.${all % 10}` : ""}`;
}

const element = (tag, attributes, ...content) =>
  h(tag, Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, typeof value === "number" ? tenths(value) : value])), ...content);
const picture = (title, words, height, ...parts) =>
  element("svg", { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${WIDTH} ${height}`, role: "img", class: "chart" }, h("title", null, title), h("desc", null, words), parts);
const textWidth = (text) => [...text].length * LETTER_WIDTH;
const label = (text, x, y, looks) => element("text", { x, y, class: looks }, text);
const line = (x1, y1, x2, y2, looks) => element("line", { x1, y1, x2, y2, class: looks });
const circle = (cx, cy, r, looks) => element("circle", { cx, cy, r, class: looks });

const scale = (low, high, start, end) => Object.assign((value) => start + ((value - low) / (high - low)) * (end - start), { low, high });
const digitsOf = (value, digits) => new Intl.NumberFormat(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
const amount = (value, digits, { before = "", after = "" }) => `${before}${digitsOf(Math.abs(value), digits)}${after}`;
const plain = (value, digits, unit) => (value < 0 ? MINUS : "") + amount(value, digits, unit);
const withSign = (value, digits, unit) => (value === 0 ? "" : value > 0 ? "+" : MINUS) + amount(value, digits, unit);

/** Steps from a fiftieth of the span up, each with the decimals that its figures need. */
function* steps(span) {
  for (let power = -9; power < 15; power += 1)
    for (const times of [1, 2, 5]) {
      const step = times * Number(`1e${power}`);
      if (50 * step >= span) yield [step, Math.max(0, -power)];
    }
}

function multiples({ low, high }, step) {
  const found = [];
  for (let number = Math.trunc(low / step) - 1; number <= Math.trunc(high / step) + 1; number += 1)
    if (low <= number * step && number * step <= high) found.push(number * step || 0);
  return found;
}

function ticks(at, unit) {
  for (const [step, digits] of steps(at.high - at.low)) {
    const named = multiples(at, step).map((value) => [value, withSign(value, digits, unit)]);
    const room = Math.abs(at(step) - at(0));
    if (named.every(([, name]) => textWidth(name) + 14 <= room)) return named;
  }
  return [];
}

function levels(at, unit, most) {
  for (const [step, digits] of steps(at.high - at.low)) {
    const values = multiples(at, step);
    if (values.length <= most) return values.map((value) => [value, plain(value, digits, unit)]);
  }
  return [];
}

const HEIGHT = 200;
const LEFT = 84;
const [NAMES, TOP, FLOOR] = [192, 14, 166];

function sheet(values, unit) {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const at = scale(low, low === high ? 1 : high, FLOOR, TOP);
  const drawn = levels(at, unit, 4).flatMap(([value, name]) => [line(LEFT, at(value), WIDTH, at(value), value === 0 ? "axis" : "grid"), label(name, LEFT - 8, at(value) + 5, "end")]);
  return { at, drawn };
}

/** The names that have room at their places, from the first on: every one, every second, every third. */
function named(names, places) {
  for (let every = 1; every <= names.length; every += 1) {
    const chosen = names.map((name, index) => [name, places[index]]).filter((_, index) => index % every === 0);
    const start = ([name, place]) => place - textWidth(name) / 2;
    const end = ([name, place]) => place + textWidth(name) / 2;
    if (chosen.every((each, index) => !index || end(chosen[index - 1]) + 12 <= start(each)))
      return chosen.filter((each) => end(each) <= WIDTH + 12).map(([name, place]) => label(name, place, NAMES, "mid"));
  }
  return [];
}

/** `shown` is `[{ name, values }..]`, one value a name of the axis; null where it is not known. */
export function lines({ title, words, names, shown, unit = BARE }) {
  const { at, drawn } = sheet(shown.flatMap(({ values }) => values.filter((value) => value !== null)), unit);
  const step = (WIDTH - 24 - LEFT) / Math.max(names.length - 1, 1);
  const places = names.map((_, index) => LEFT + 12 + index * step);
  const line = ({ values }, number) => runs(values.map((value, index) => value !== null && [places[index], at(value)])).flatMap((run) => {
    const look = `line-${(number % 4) + 1}`;
    const path = run.map(([x, y]) => `${tenths(x)},${tenths(y)}`).join(" ");
    return [...(run.length > 1 ? [element("polyline", { points: path, class: `line ${look}` })] : []), ...run.map(([x, y]) => circle(x, y, 3, `knot ${look}`))];
  });
  return picture(title, words, HEIGHT, ...drawn, ...shown.flatMap(line), ...named(names, places));
}

/** What is known, in pieces without a gap. */
function runs(points) {
  const found = [[]];
  for (const point of points) point ? found.at(-1).push(point) : found.push([]);
  return found.filter((run) => run.length);
}
