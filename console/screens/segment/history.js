/** Undo and redo: what is written is one value that is never changed in place, so a step is the value before it. */
import { useRef } from "../../parts/html.js";

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
