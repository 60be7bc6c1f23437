/**
 * When a campaign goes out, as a form has it and as a document has it. `kind` is `hand`, `once`, `weekly`, `monthly`, `rate` or `cron`, which is any
 * cron that the form has no words for.
 *
 *     formOf({ cron: "0 18 ? * THU *", timezone: "user" })      { kind: "weekly", days: ["THU"], time: "18:00", timezone: "user" }
 */
import { language, t } from "./text.js";

export const DAYS = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];
const MONDAY = Date.UTC(2024, 0, 1);

export function formOf(schedule) {
  if (!schedule) return { kind: "hand" };
  const { at, cron, rate, ...bounds } = schedule;
  if (at !== undefined) return { kind: "once", at, ...bounds };
  if (rate !== undefined) return { kind: "rate", rate, ...bounds };
  const [minute, hour, date, month, day, year] = String(cron).trim().split(/\s+/);
  const isPlain = /^\d{1,2}$/.test(minute) && /^\d{1,2}$/.test(hour) && month === "*" && (year === "*" || year === undefined);
  const time = `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
  const days = date === "*" && day === "?" ? DAYS : date === "?" ? String(day).toUpperCase().split(",") : [];
  if (isPlain && days.length && days.every((each) => DAYS.includes(each))) return { kind: "weekly", days: DAYS.filter((each) => days.includes(each)), time, ...bounds };
  if (isPlain && day === "?" && /^(\d{1,2}|L)$/.test(date)) return { kind: "monthly", date, time, ...bounds };
  return { kind: "cron", cron, ...bounds };
}

/** Undefined where nobody but a person launches it. */
export function scheduleOf({ kind, days, date, time = "", ...rest }) {
  const [hour, minute] = time.split(":").map(Number);
  if (kind === "hand") return undefined;
  if (kind === "weekly") return { cron: days.length === 7 ? `${minute} ${hour} * * ? *` : `${minute} ${hour} ? * ${days.join(",")} *`, ...rest };
  if (kind === "monthly") return { cron: `${minute} ${hour} ${date} * ? *`, ...rest };
  return rest;
}

/** What somebody chooses first of a kind; zone and bounds stay. */
export function begun(kind, { timezone, from, until }, now = new Date()) {
  const zone = { ...(timezone ? { timezone } : {}) };
  const bounds = { ...zone, ...(from ? { from } : {}), ...(until ? { until } : {}) };
  const tomorrow = new Date(now.getTime() + 86_400_000).toISOString().slice(0, 10);
  return {
    hand: { kind },
    once: { kind, at: `${tomorrow}T18:00`, ...zone },
    weekly: { kind, days: ["THU"], time: "18:00", ...bounds },
    monthly: { kind, date: "1", time: "18:00", ...bounds },
    rate: { kind, rate: "7 days", ...bounds, from: from ?? `${tomorrow}T18:00` },
    cron: { kind, cron: "0 18 ? * THU#1 *", ...bounds },
  }[kind];
}

export const dayName = (day, weekday = "long") => new Intl.DateTimeFormat(language.value, { weekday, timeZone: "UTC" }).format(MONDAY + DAYS.indexOf(day) * 86_400_000);

/** In words, as the last part of a sentence: `each Thursday at 18:00, by each person's own clock`. */
export function inWords(schedule) {
  const form = formOf(schedule);
  const days = form.days?.length === 7 ? t("each day") : form.days && t("each {days}", { days: new Intl.ListFormat(language.value).format(form.days.map((day) => dayName(day))) });
  const said = {
    hand: () => t("when somebody launches it"),
    once: () => t("once, at {moment}", { moment: clockTime(form.at) }),
    weekly: () => t("{days} at {time}", { days, time: form.time }),
    monthly: () => (form.date === "L" ? t("on the last day of each month at {time}", { time: form.time }) : t("on day {date} of each month at {time}", { date: form.date, time: form.time })),
    rate: () => t("every {span}", { span: spanInWords(form.rate) }),
    cron: () => t("whenever the clock shows {cron}", { cron: form.cron }),
  }[form.kind]();
  if (form.kind === "hand") return said;
  return form.timezone === "user" ? t("{when}, by each person's own clock", { when: said }) : t("{when} ({zone})", { when: said, zone: form.timezone ?? "UTC" });
}

const UNITS = { m: "minute", h: "hour", d: "day", w: "week" };

/** `7d` and `7 days` in words; what is no span as it is. */
export function spanInWords(span) {
  const [, count, unit] = /^\s*(\d+)\s*([mhdw])/.exec(span) ?? [];
  return unit ? new Intl.NumberFormat(language.value, { style: "unit", unit: UNITS[unit], unitDisplay: "long" }).format(count) : String(span);
}

/** What a clock shows, whose zone is said beside it: `2026-12-03T18:00+01:00` is read as 18:00. */
export function clockTime(text) {
  const shown = new Date(`${String(text).slice(0, 16)}Z`);
  if (Number.isNaN(shown.getTime())) return String(text);
  return new Intl.DateTimeFormat(language.value, { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZone: "UTC" }).format(shown);
}
