/** Undo, redo and save by keys: what is written is one value that is never changed in place, so a step back is the value before it. */
import * as shortcuts from "../model/shortcuts.js";
import { t } from "../model/text.js";
import { useEffect, useRef } from "./html.js";
import { may } from "./world.js";

const TOGETHER_MS = 1000;

/** A draft (useDraft) whose changes can be taken back. Changes about the same thing that follow each other within a second are one step. */
export function useHistory(draft) {
  const steps = useRef({ past: [], future: [], about: "", at: 0 }).current;
  const latest = useRef();
  latest.current = draft.value;
  const become = (value) => ((latest.current = value), draft.change(value));
  const change = (next, about = "") => {
    const value = typeof next === "function" ? next(latest.current) : next;
    if (value === latest.current) return;
    const isOneStep = about && about === steps.about && Date.now() - steps.at < TOGETHER_MS;
    if (!isOneStep) steps.past.push(latest.current);
    Object.assign(steps, { future: [], about, at: Date.now() });
    become(value);
  };
  const step = (from, to) => () => {
    if (!steps[from].length) return;
    steps[to].push(latest.current);
    steps.about = "";
    become(steps[from].pop());
  };
  return { ...draft, change, undo: step("past", "future"), redo: step("future", "past"), canUndo: steps.past.length > 0, canRedo: steps.future.length > 0 };
}

/** Ctrl+S saves, Ctrl+Z takes back, with Shift does again; also while somebody types. */
export function useEditKeys(draft, save) {
  const now = useRef();
  now.current = { draft, save };
  useEffect(() => {
    if (!may("write")) return undefined;
    const added = [
      shortcuts.add("mod+s", () => t("Save"), () => now.current.draft.isChanged && now.current.save.run()),
      shortcuts.add("mod+z", () => t("Undo; with Shift do it again"), ({ shiftKey }) => (shiftKey ? now.current.draft.redo() : now.current.draft.undo())),
    ];
    return () => added.forEach((remove) => remove());
  }, []);
}
