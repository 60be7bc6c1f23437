/**
 * Keys: `add("g s", () => t("Go to segments"), () => go("/segments"))` until what it answers is called.
 *
 * Single keys are for whoever is not typing, and can be switched off (WCAG 2.1.4): those with Ctrl or ⌘ stay.
 */
import { signal } from "../parts/html.js";

const OFF = "regulars.keys-off";
const PATIENCE_MS = 1200;
const known = new Map();
let typed = "";
let typedAt = 0;

export const areOff = signal(localStorage.getItem(OFF) === "yes");
export const all = signal([]);

export function switchOff(off) {
  areOff.value = off;
  off ? localStorage.setItem(OFF, "yes") : localStorage.removeItem(OFF);
}

export function add(keys, label, run) {
  known.set(keys, { keys, label, run });
  all.value = [...known.values()];
  return () => {
    if (known.get(keys)?.run === run) known.delete(keys);
    all.value = [...known.values()];
  };
}

const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable]") !== null;
const written = (event) => (event.ctrlKey || event.metaKey ? "mod+" : "") + (event.altKey ? "alt+" : "") + event.key.replace(/^[A-Z]$/, (letter) => letter.toLowerCase());

export function listen(target = document) {
  target.addEventListener("keydown", (event) => {
    const key = written(event);
    const single = !key.startsWith("mod+") && !key.startsWith("alt+");
    if (event.defaultPrevented || event.isComposing || (single && (areOff.value || isTyping(event.target) || document.querySelector("dialog[open]")))) return;
    typed = single && event.timeStamp - typedAt < PATIENCE_MS ? `${typed} ${key}`.trim() : key;
    typedAt = event.timeStamp;
    const found = known.get(typed) ?? known.get(key);
    if (!found) return;
    typed = "";
    event.preventDefault();
    found.run(event);
  });
}
