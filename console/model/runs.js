/** What a run's figures come to: who had their turn, and everybody of its audience once, with what became of them. */
import { reason, whatNext } from "./reasons.js";
import { t } from "./text.js";

const ENDED = new Set(["succeeded", "failed", "aborted"]);

export const hasEnded = (run) => ENDED.has(run.state);

/** Whether its figures stay: an aborted run says so at once, and is counted a little later. */
export const isOver = (run) => hasEnded(run) && (run.state !== "aborted" || Boolean(run.concluded_at));

/** How many had their turn, of how many. */
export const turns = ({ counts }) => [counts.treated - (counts.skipped.not_reached ?? 0), counts.treated];

/** `[{ key, looks, text, people, next }..]`, the most first, as parts of a bar: together they are the audience, in any state of the run. */
export function fates({ counts, state }) {
  const rows = (people, looks) => Object.entries(people).map(([word, number]) => ({ key: word, looks: LOOKS[word] ?? looks, text: reason(word, state), people: number, next: whatNext(word, state) }));
  const found = [
    { key: "sent", looks: "arm-0", text: t("accepted by FCM"), people: counts.sent, next: t("On its way, to {n} devices", { n: counts.pushes }) },
    { key: "control", looks: "control", text: t("control group"), people: counts.control, next: t("Never sent to; compared with") },
    { key: "unknown", looks: "failed", text: t("nobody knows whether it arrived"), people: counts.unknown, next: t("Not sent to again, unless the campaign says so") },
    ...rows(counts.failed, "failed"),
    ...rows(counts.skipped, "arm-1"),
  ];
  return found.filter(({ people }) => people).sort((a, b) => (a.key === "not_reached") - (b.key === "not_reached") || b.people - a.people);
}

const LOOKS = { rehearsal: "arm-2", not_reached: "track" };

/** `42 s`, `12 min`, `3 h 5 min`: in words of the reader's language. */
export function span(seconds) {
  const minutes = Math.round(seconds / 60);
  if (seconds < 100) return t("{n} s", { n: Math.round(seconds) });
  return minutes < 100 ? t("{n} min", { n: minutes }) : t("{h} h {m} min", { h: Math.floor(minutes / 60), m: minutes % 60 });
}
