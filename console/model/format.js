/** Numbers, money and moments as the reader's language writes them (Intl). Moments of the API are ISO 8601 in UTC; they are shown in the reader's zone. */
import { locale } from "./text.js";

const made = new Map();
const format = (Kind, options) => {
  const key = Kind.name + locale() + JSON.stringify(options);
  if (!made.has(key)) made.set(key, new Kind(locale(), options));
  return made.get(key);
};

export const number = (value) => format(Intl.NumberFormat, {}).format(value);
/** With its sign, as a difference is written: `+1.2`, `−0.3`. */
export const signed = (value, digits = 1) => format(Intl.NumberFormat, { signDisplay: "exceptZero", maximumFractionDigits: digits }).format(value);
export const percent = (share, digits = 1) => format(Intl.NumberFormat, { style: "percent", maximumFractionDigits: digits }).format(share);
export const bytes = (value) => {
  const power = Math.min(4, Math.floor(Math.log10(Math.max(value, 1)) / 3));
  const unit = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"][power];
  return format(Intl.NumberFormat, { style: "unit", unit, maximumFractionDigits: 2 }).format(value / 1000 ** power);
};

/** What Regulars itself costs, in US dollars: whole cents from a dollar on, below that the first two digits that are not 0. */
export const dollars = (value) => money(value, "USD");
export const money = (value, currency) =>
  format(
    Intl.NumberFormat,
    Math.abs(value) >= 1 || !value ? { style: "currency", currency } : { style: "currency", currency, maximumSignificantDigits: 2 },
  ).format(value);

export const moment = (iso) => format(Intl.DateTimeFormat, { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso));
export const clock = (iso) => format(Intl.DateTimeFormat, { timeStyle: "short" }).format(new Date(iso));
/** Of a moment by the reader's clock; a day that is written as one is that day for everybody. */
export const day = (iso) => (iso.length === 10 ? utcDay(iso) : format(Intl.DateTimeFormat, { dateStyle: "medium" }).format(new Date(iso)));
/** The day of a moment that is one in UTC, as a backtest's are, wherever the reader is. */
export const utcDay = (iso, options = { dateStyle: "medium" }) => format(Intl.DateTimeFormat, { ...options, timeZone: "UTC" }).format(new Date(iso));

/** Of whom something is told: a moment at which a day begins in UTC was asked for as that day. */
export const asOf = (iso) => (Date.parse(iso) % 86_400_000 ? moment(iso) : `${utcDay(iso)} (UTC)`);

/** `3 minutes ago`, `in 2 days`: in the largest unit that is not 0; the day itself where it is a season away, of which nobody counts days. */
export const ago = (iso, now = Date.now()) => {
  const seconds = (new Date(iso) - now) / 1000;
  if (Math.abs(seconds) > 90 * 86400) return day(iso);
  const [unit, length] = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]].find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return format(Intl.RelativeTimeFormat, { numeric: "auto" }).format(Math.round(seconds / length), unit);
};
