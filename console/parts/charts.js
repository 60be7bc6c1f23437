/**
 * Pictures of figures, as SVG: `columns`, `dots`, `funnel`, `interval` and `lines`, as regulars/domain/charts draws them for reports. Both are held to
 * tests/domain/charts/golden, so what is drawn why and by whose paper is said there, once. Colours and widths are the style sheet's.
 *
 *     ${lines({ title, words, names: ["1 Oct", ..], shown: [{ name: "People", values: [1, null, ..] }], unit: { after: " %" } })}
 *
 * `words` say what is seen to whoever can't see it. `unit` is `{ before, after }`.
 */
import { t } from "../model/text.js";
import { BARE, circle, digitsOf, element, HEIGHT, label, LEFT, line, named, picture, scale, sheet, textWidth, ticks, WIDTH } from "./lines.js";
export * from "./lines.js";

const bar = (x, y, width, height, radius, looks) =>
  element("rect", { x, y, width: Math.max(width, 0), height, rx: Math.min(radius, Math.max(width, 0) / 2), class: looks });

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
