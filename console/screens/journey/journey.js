/** What all parts of a journey's screen share: what is written, what the API says of it, how it looks, and where people are in it. */
import { changed, documentOf, idOf } from "../../model/documents.js";
import { BLANK } from "../../model/journeys.js";
import { t } from "../../model/text.js";
import { useEditKeys, useHistory } from "../../parts/history.js";
import { useCallback, useEffect, useRef } from "../../parts/html.js";
import { toast } from "../../parts/toasts.js";
import { NONE, useAnswer, useDraft, useRead, useSave } from "../../parts/use.js";
import { may } from "../../parts/world.js";
import { useRules } from "./rules.js";

const BEGUN = { data: BLANK, etag: NONE, error: null, isLoading: false, reload: () => {} };
const LOOK_MS = 10_000;
const NOTHING = [];

/** `id` is undefined for a journey that is being begun. */
export function useJourney(id) {
  const isNew = id === undefined;
  const asked = useRead(isNew ? null : `/admin/journeys/${encodeURIComponent(id)}`);
  const read = isNew ? BEGUN : asked;
  const draft = useHistory(useDraft(`journey.${id ?? "new"}`, read, documentOf));
  const document = draft.value;
  const known = id ?? (document.id || idOf(document.name) || "journey");
  const path = `/admin/journeys/${encodeURIComponent(known)}`;
  const isBegun = document && (!isNew || draft.isChanged);
  const judged = useAnswer(`${path}/drafts`, isBegun ? document : null);
  const picture = useAnswer(`${path}/pictures`, isBegun ? { document } : null);
  const status = useRead(isNew ? null : `${path}/status`, { every: LOOK_MS, done: ({ standing }) => standing === "saved" || standing === "stopped" });
  useEffect(() => {
    if (status.at) picture.reload(); // so that both say the same of who is where
  }, [status.at]);
  const save = useSave(path, draft, read, (body) => {
    toast(body.unchanged ? t("Nothing was changed") : t("Saved as version {version}", { version: body.version }));
    status.reload();
  }, (body) => `journey.${body.id}`);
  useEditKeys(draft, save);
  // A step that was not drawn again since something was saved asks for the draft as it is now.
  const now = useRef();
  now.current = { document, draft };
  const edit = useCallback((next, about) => now.current.draft.change(next, about), []);
  const change = useCallback((where, value) => edit((before) => changed(before, where, value), where), []);
  const refused = [save.error?.field === "name" && save.error, judged.error?.field && judged.error].filter(Boolean);
  return {
    id: known,
    isNew,
    path,
    read,
    saved: isNew ? null : read.data,
    draft,
    document,
    save,
    judged,
    picture,
    status,
    errors: [...refused, ...(judged.data?.errors ?? NOTHING).map(({ path: field, message }) => ({ field, message }))],
    warnings: judged.data?.warnings ?? NOTHING,
    now,
    edit,
    change,
    rules: useRules(),
    mayNot: !may("write"),
  };
}
