/** What is known of a person, as it is told: their name, their history in one list, and what somebody is looking for. Nothing here draws. */
import * as format from "./format.js";

/** Moments of the lake have a space and no zone: they are UTC. */
export const instant = (text) => (/Z|[+-]\d\d:?\d\d$/.test(text) ? text : `${text.replace(" ", "T")}Z`);

/** By the traits that Segment's specification names: `name`, or the first and the last; empty where nobody told any. */
export function nameOf(traits) {
  const told = (name) => (typeof traits[name]?.value === "string" ? traits[name].value : "");
  return (told("name") || [told("firstName") || told("first_name"), told("lastName") || told("last_name")].filter(Boolean).join(" ")).trim();
}

/** Everything that happened, the newest first: `[{ at, kind, ..what the API says of it }..]`, where `kind` is `did`, `sent`, `not_sent`, `consent` or `known`. */
export function moments(view, identities) {
  const known = identities.filter((each) => each.since).map((each) => ({ ...each, at: each.since, kind: "known" }));
  const all = [
    ...(view.events ?? []).map((each) => ({ ...each, kind: "did" })),
    ...(view.messages ?? []).map((each) => ({ ...each, kind: each.outcome === "sent" || each.outcome === "unknown" ? "sent" : "not_sent" })),
    ...saidOnce(view.consent_history ?? []).map((each) => ({ ...each, kind: "consent" })),
    ...known,
  ];
  return all.map((each) => ({ ...each, at: instant(each.at) })).sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

/** What was said in one moment, once, with its `traits`: several tell a yes or a no to everything. */
export function saidOnce(changes) {
  const said = new Map();
  for (const each of changes) {
    const key = `${each.agreed} ${each.at} ${each.purpose}`;
    said.set(key, { ...each, traits: [...(said.get(key)?.traits ?? []), each.trait] });
  }
  return [...said.values()];
}

/** `[[day, moments]..]` in the reader's zone. */
export function byDay(all) {
  const days = new Map();
  for (const each of all) days.set(format.day(each.at), [...(days.get(format.day(each.at)) ?? []), each]);
  return [...days];
}

/** What an event says in a line: at which step of a journey, and why; how much it came to, and what of; or else its first properties. */
export function summary({ revenue, currency, products, ...others }) {
  if (others.journey && others.step) return [others.journey, others.step, others.because ?? others.reason].filter(Boolean).join(" · ");
  const names = (Array.isArray(products) ? products : []).map((each) => each?.name).filter((name) => typeof name === "string");
  const said = Number.isFinite(revenue) ? [amount(revenue, currency)] : [];
  if (names.length) said.push(names.slice(0, 2).join(", ") + (names.length > 2 ? `, +${format.number(names.length - 2)}` : ""));
  if (said.length) return said.join(" · ");
  return Object.values(others).filter((value) => ["string", "number", "boolean"].includes(typeof value) && value !== "").slice(0, 2).join(" · ");
}

/** Without a currency that is one, a number alone. */
export const amount = (value, currency) => (/^[A-Z]{3}$/.test(currency ?? "") ? format.money(value, currency) : format.number(value));

/** What somebody has typed: an `email`, a `phone` number (of at most 15 digits: ITU-T E.164), else an `id`. A guess: an id may look like both. */
export function soughtFor(text) {
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) return "email";
  return /^\+?[\d\s()./-]+$/.test(text) && /^\d{7,15}$/.test(text.replace(/\D/g, "")) ? "phone" : "id";
}

/** Whether something leads pushes to a device, and its system shows them. */
export const isReachable = (device) => Boolean(device.token || device.fid) && device.push_enabled !== false;

/** `names` is what /admin/suggestions says, or nothing yet. */
export const campaignOf = (names, id) => names?.campaigns.find((each) => each.id === id)?.name || id;
