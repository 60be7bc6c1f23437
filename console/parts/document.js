/** What the screens of campaigns, journeys and segments share: a document that is read, written, looked at by the API as it is written, and saved. */
import { documentOf, idOf } from "../model/documents.js";
import { go } from "../model/router.js";
import { t } from "../model/text.js";
import { useHistory } from "./history.js";
import { html } from "./html.js";
import { focusHeading, Page, Tag } from "./page.js";
import { Loaded } from "./states.js";
import { toast } from "./toasts.js";
import { NONE, useAnswer, useDraft, useRead, useSave, useShown } from "./use.js";
import { may } from "./world.js";

/** `{ read, draft }` of the newest version; `id` is undefined for a document that is being begun, and says `blank`. */
export function useNewest(noun, id, blank) {
  const asked = useRead(id && `/admin/${noun}s/${encodeURIComponent(id)}`);
  const read = id ? asked : { data: blank, etag: NONE, error: null, isLoading: false, reload: () => {} };
  return { read, draft: useHistory(useDraft(`${noun}.${id ?? "new"}`, read, documentOf)) };
}

const NOTHING = [];

/** Says what a save came to; whoever saved what is new is taken to its address, with the tab that it has. */
export function useSaid(noun, isNew) {
  const shown = useShown();
  return ({ unchanged, version, id }) => {
    toast(unchanged ? t("Nothing was changed") : t("Saved as version {version}", { version }));
    if (isNew && shown.current) go(`/${noun}s/${encodeURIComponent(id)}${location.search}`, { replace: true });
  };
}

/** `judged` is what a put of it would say; `onSaved` is given what the API answered. */
export function useDocument(noun, id, blank, onSaved) {
  const isNew = id === undefined;
  const { read, draft } = useNewest(noun, id, blank);
  const document = draft.value;
  const known = id ?? (document.id || idOf(document.name) || noun);
  const path = `/admin/${noun}s/${encodeURIComponent(known)}`;
  const isBegun = document && (!isNew || draft.isChanged);
  const judged = useAnswer(`${path}/drafts`, isBegun ? document : null);
  const said = useSaid(noun, isNew);
  const save = useSave(path, draft, read, (body) => (onSaved(body), said(body)), (body) => `${noun}.${body.id}`);
  return { id: known, isNew, path, read, saved: isNew ? null : read.data, draft, document, isBegun, judged, save, warnings: judged.data?.warnings ?? NOTHING, mayNot: !may("write") };
}

/** The frame. `list` is `[name, path]` of all of its kind, `title` what it is called without a name. */
export const DocumentPage = ({ it: { document, draft, read }, title, list, tag, actions, children }) => html`<${Page} title=${document?.name || title} crumbs=${[list]} actions=${document && actions}
  tag=${html`${tag} ${document && draft.isChanged && html`<${Tag} kind="warn">${t("not saved")}<//>`} ${read.data?.archived && html`<${Tag}>${t("archived")}<//>`}`}>
  ${document ? children : html`<${Loaded} of=${read} rows=${8} />`}
<//>`;

/** `kind` is the button's class. */
export const SaveOrDrop = ({ it: { draft, save }, kind = "primary", isKept = true }) => may("write") && draft.isChanged && html`<button type="button" class="quiet" onClick=${() => (focusHeading(), draft.forget())}>${t("Drop the changes")}</button>
  ${isKept && html`<button type="button" class=${kind} aria-disabled=${save.isRunning} onClick=${saving(save)}>${save.isRunning ? t("Saving") : t("Save")}</button>`}`;

/** The button goes with what is saved. */
export const saving = (save) => async () => (await save.run()) && focusHeading();
