/** What all parts of a journey's screen share: what is written, what the API says of it, how it looks, and where people are in it. */
import { changed } from "../../model/documents.js";
import { BLANK } from "../../model/journeys.js";
import { t } from "../../model/text.js";
import { useDocument } from "../../parts/document.js";
import { useEditKeys } from "../../parts/history.js";
import { useCallback, useEffect, useRef } from "../../parts/html.js";
import { useAnswer, useRead } from "../../parts/use.js";
import { useRules } from "./rules.js";

const LOOK_MS = 10_000;

/** `id` is undefined for a journey that is being begun. */
export function useJourney(id) {
  const it = useDocument("journey", id, BLANK, () => status.reload());
  const { path, document, draft, judged, save } = it;
  const picture = useAnswer(`${path}/pictures`, it.isBegun ? { document } : null);
  const status = useRead(it.isNew ? null : `${path}/status`, { every: LOOK_MS, done: ({ standing }) => standing === "saved" || standing === "stopped" });
  useEffect(() => {
    if (status.at) picture.reload(); // so that both say the same of who is where
  }, [status.at]);
  useEditKeys(draft, save);
  // A step that was not drawn again since something was saved asks for the draft as it is now.
  const now = useRef();
  now.current = { document, draft };
  const edit = useCallback((next, about) => now.current.draft.change(next, about), []);
  const change = useCallback((where, value) => edit((before) => changed(before, where, value), where), []);
  const refused = [save.error?.field === "name" && save.error, judged.error?.field && judged.error].filter(Boolean);
  return {
    ...it,
    picture,
    status,
    errors: [...refused, ...(judged.data?.errors ?? []).map(({ path: field, message }) => ({ field, message }))],
    now,
    edit,
    change,
    rules: useRules(document?.entry?.event),
  };
}

/** People, or runs of theirs, as the API says what it `counts`. */
export const counted = (n, counts) => (counts === "runs" ? t("{n} runs", { n }) : t("{n} people", { n }));
