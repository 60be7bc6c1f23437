/** Values of a rule as they are typed, by the kinds that GET /admin/schema names. `read(shown(value))` is the value, whatever it is. */

import { numberOf, valueOf } from "../../model/numbers.js";

const quote = JSON.stringify;
const looksNumeric = (text) => /^-?\d+(\.\d+)?$/.test(text) && String(Number(text)) === text;
const isNumber = (value) => typeof value === "number";
const isText = (value) => typeof value === "string";
const isScalar = (value) => ["string", "number", "boolean"].includes(typeof value);

/** A text that could be read as something else stands in quotes. */
const scalarShown = (value) => (isText(value) && (looksNumeric(value) || /^(true|false)$|^"|^\s|\s$/.test(value)) ? quote(value) : String(value));
const scalarRead = (text) => {
  if (/^".*"$/.test(text)) return valueOf(text);
  if (/^(true|false)$/.test(text)) return text === "true";
  return looksNumeric(text) ? Number(text) : text;
};
const number = (text) => numberOf(text, text);

/** `DE, "a, b", 7`. */
const textShown = (text) => (/[,"]|^$|^\s|\s$/.test(text) ? quote(text) : text);
const textRead = (text) => (/^".*"$/.test(text) ? valueOf(text) : text);
const listShown = (values) => values.map((each) => (isText(each) && /,|^$/.test(each) ? quote(each) : scalarShown(each))).join(", ");
const entries = (text) => (text.match(/\s*("(?:[^"\\]|\\.)*"|[^,]*)\s*(,|$)/g) ?? []).map((each) => each.replace(/,$/, "").trim()).filter(Boolean);
const listRead = (text) => entries(text).map(scalarRead);

const plain = { fits: isText, shown: String, read: (text) => text, first: "" };
const decimal = { fits: isNumber, shown: String, read: number, first: 1, attributes: { inputmode: "decimal" } };
const moment = { ...plain, first: "today" };

/** Each kind that is one line of text: whether a value is written so, how, how it is read, and what it is at first. */
export const LINES = {
  scalar: { fits: isScalar, shown: scalarShown, read: scalarRead, first: "" },
  scalars: { fits: (value) => Array.isArray(value) && value.every(isScalar), shown: listShown, read: listRead, first: [] },
  texts: { fits: (value) => Array.isArray(value) && value.every(isText), shown: (values) => values.map(textShown).join(", "), read: (text) => entries(text).map(textRead), first: [] },
  wholes: { fits: (value) => Array.isArray(value) && value.every(isNumber), shown: listShown, read: listRead, first: [1] },
  text: plain,
  pattern: plain,
  version: plain,
  number: decimal,
  whole: decimal,
  share: { fits: (value) => /^[\d.]+%$/.test(value), shown: (value) => value.slice(0, -1), read: (text) => `${text.trim()}%`, first: "20%", after: "%", attributes: { inputmode: "decimal" } },
  moment,
  clock: moment,
  path: { fits: () => true, shown: (path) => (isText(path) ? path : quote(path)), read: (text) => (text.startsWith("[") ? valueOf(text) : text), first: "" },
};

/** What is of no kind that is known here is written as JSON, and never lost. */
export const JSON_LINE = { fits: () => true, shown: (value) => quote(value) ?? "", read: valueOf, first: "" };

const today = () => new Date().toISOString().slice(0, 10);

/** The value as another kind wants it, or what that kind says at first. */
export function fitted(kind, value) {
  const one = Array.isArray(value) ? value[0] : value;
  if (kind === "boolean") return typeof value === "boolean" ? value : true;
  if (kind === "span") return isSpan(value) ? value : "30d";
  if (kind === "anniversary") return value === true || isSpan(value) ? value : true;
  if (kind === "range" || kind === "whole_range") return isNumber(one) ? [one, one] : [1, 2];
  const line = LINES[kind];
  if (!line) return value ?? "";
  if (line.fits(value)) return value;
  if (Array.isArray(line.first) && one !== undefined) return line.fits([one]) ? [one] : line.first;
  if (line.fits(one)) return one;
  return line.first === "today" ? today() : line.first;
}

const isSpan = (value) => /^\d*[a-z]$/.test(value);
