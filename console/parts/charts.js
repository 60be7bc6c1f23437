/**
 * Pictures of figures, as SVG: `columns`, `dots`, `funnel`, `interval` and `lines`, as regulars/domain/charts draws them for reports. Both are held to
 * tests/domain/charts/golden, so what is drawn why and by whose paper is said there, once. Colours and widths are the style sheet's.
 *
 *     ${lines({ title, words, names: ["1 Oct", ..], shown: [{ name: "People", values: [1, null, ..] }], unit: { after: " %" } })}
 *
 * `words` say what is seen to whoever can't see it. `unit` is `{ before, after }`.
 */
import { language, t } from "../model/text.js";
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
const bar = (x, y, width, height, radius, looks) =>
  element("rect", { x, y, width: Math.max(width, 0), height, rx: Math.min(radius, Math.max(width, 0) / 2), class: looks });

const scale = (low, high, start, end) => Object.assign((value) => start + ((value - low) / (high - low)) * (end - start), { low, high });
const digitsOf = (value, digits) => new Intl.NumberFormat(language.value, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
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

// The ground of columns and lines.
const [HEIGHT, NAMES, LEFT, TOP, FLOOR] = [200, 192, 84, 14, 166];

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

/** `shown` is `[{ name, value }..]`. */
export function columns({ title, words, shown, unit = BARE }) {
  const { at, drawn } = sheet(shown.map(({ value }) => value), unit);
  const room = (WIDTH - LEFT) / Math.max(shown.length, 1);
  const places = shown.map((_, index) => LEFT + (index + 0.5) * room);
  const bars = shown.map(({ value }, index) =>
    bar(places[index] - room * 0.35, Math.min(at(0), at(value)), room * 0.7, Math.abs(at(value) - at(0)), 3, value >= 0 ? "bar" : "bar bad"),
  );
  return picture(title, words, HEIGHT, ...drawn, ...bars, ...named(shown.map(({ name }) => name), places));
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

/** `steps` is `[{ name, people }..]`: each bar is a share of the greatest. */
export function funnel({ title, words, steps }) {
  const everybody = Math.max(0, ...steps.map(({ people }) => people));
  const row = ({ name, people }, number) => [
    label(name, 0, number * 44 + 18, "start strong"),
    label(figure(people, everybody), WIDTH, number * 44 + 18, "end"),
    bar(0, number * 44 + 26, WIDTH, 10, 5, "track"),
    ...(people ? [bar(0, number * 44 + 26, Math.max((people / everybody) * WIDTH, 3), 10, 5, "bar")] : []),
  ];
  return picture(title, words, 44 * steps.length, ...steps.flatMap(row));
}

/** `4,182 (19.6 %)`: a share that is there is never 0, and one that is not all is never 100. */
export function figure(people, everybody) {
  if (!everybody) return digitsOf(people, 0);
  let share = Math.trunc((1000 * people) / everybody + 0.5);
  if (people) share = Math.max(share, 1);
  if (people < everybody) share = Math.min(share, 999);
  return `${digitsOf(people, 0)} (${digitsOf(share / 10, 1)} %)`;
}

// An effect: { title, words, estimate, low, high, values, more_is, unit, span }, against none.
const MARGIN = 24;

function scaleOf({ estimate, low, high, values = [], span = [] }) {
  const shown = [0, low, high, estimate, ...values, ...(span ?? [])];
  let [least, most] = [Math.min(...shown), Math.max(...shown)];
  if (least === most) [least, most] = [-1, 1];
  const free = (most - least) * 0.09;
  return scale(least - free, most + free, MARGIN, WIDTH - MARGIN);
}

function axis(at, unit, y, namesY) {
  const none = t("no effect");
  const [zero, own] = [at(0), textWidth(none) / 2];
  const drawn = [line(MARGIN, y, WIDTH - MARGIN, y, "axis"), label(none, Math.min(Math.max(zero, own), WIDTH - own), namesY, "mid strong")];
  for (const [value, name] of ticks(at, unit)) {
    const [x, half] = [at(value), textWidth(name) / 2];
    if (value === 0) continue;
    drawn.push(line(x, y, x, y + 5, "axis"));
    if (Math.abs(x - zero) >= half + own + 8 && half <= x && x <= WIDTH - half) drawn.push(label(name, x, namesY, "mid"));
  }
  return drawn;
}

function whisker(at, { low, high, estimate }, y) {
  const [start, end] = [at(low), at(high)];
  return [bar(start, y - 2.5, end - start, 5, 2.5, "whisker"), line(start, y - 5, start, y + 5, "end-mark"), line(end, y - 5, end, y + 5, "end-mark"), circle(at(estimate), y, 6, "point")];
}

export function interval(effect) {
  const at = scaleOf(effect);
  return picture(effect.title, effect.words, 72, line(at(0), 2, at(0), 48, "none"), ...axis(at, effect.unit ?? BARE, 34, 62), ...whisker(at, effect, 18));
}

/** Twenty equally likely values as dots, none of which is ever across the line of no effect: piles begin there, to both sides. */
export function dots(effect) {
  const at = scaleOf(effect);
  const [zero, low, high] = [at(0), at(effect.low), at(effect.high)];
  return picture(
    effect.title, effect.words, 196,
    bar(low, 24, high - low, 116, 4, "band"),
    line(zero, 6, zero, 172, "none"),
    label(t("less"), zero - 8, 18, "end"),
    label(t("more"), zero + 8, 18, "start"),
    ...piled(at, effect),
    ...axis(at, effect.unit ?? BARE, 140, 186),
    ...whisker(at, effect, 156),
  );
}

/** How many of the values are above no effect, below it, and exactly at it. */
export function sides(values) {
  const count = (side) => values.filter((value) => Math.sign(value) === side).length;
  return { above: count(1), below: count(-1), at: count(0) };
}

function piled(at, { values = [], more_is: moreIs = "good" }) {
  const radius = radiusOf(at, values);
  const size = 2 * radius + 1.5;
  const looks = moreIs === "bad" ? ["dot good", "dot", "dot bad"] : ["dot bad", "dot", "dot good"];
  const placed = new Map();
  return piles(at, values, size).flatMap(([pile, side, count]) => {
    const before = placed.get(pile) ?? 0;
    placed.set(pile, before + count);
    return Array.from({ length: count }, (_, number) => circle(at(0) + (pile + 0.5) * size, 138 - radius - (before + number) * size, radius, looks[side + 1]));
  });
}

/** As large as lets the highest pile fit. */
function radiusOf(at, values) {
  for (let radius = 7.5; radius > 1; radius -= 0.5) {
    const heights = new Map();
    for (const [pile, , count] of piles(at, values, 2 * radius + 1.5)) heights.set(pile, (heights.get(pile) ?? 0) + count);
    if (Math.max(0, ...heights.values()) * (2 * radius + 1.5) <= 114) return radius;
  }
  return 1;
}

/** `[[pile, side, count]..]` in their order: a pile's number counts from the line of no effect. */
function piles(at, values, size) {
  const found = new Map();
  for (const value of values) {
    const side = Math.sign(value);
    const pile = Math.floor((at(value) - at(0)) / size);
    const place = side > 0 ? Math.max(pile, 0) : side < 0 ? Math.min(pile, -1) : 0;
    const key = `${place} ${side}`;
    found.set(key, [place, side, (found.get(key)?.[2] ?? 0) + 1]);
  }
  return [...found.values()].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}
