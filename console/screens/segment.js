/**
 * One segment, from its first clause to its versions. This is the frame: it reads the segment, holds what is written and not saved, saves it, and has a
 * tab for each way to look at it. A tab is a component in a file of its own, `segment/<tab>.js`, which is given as much of these as it needs:
 *
 *     id        the segment's id; null while it is new and nothing is saved
 *     document  { id, name, rule, .. } as it is written now, saved or not: never undefined, never changed in place
 *     draft     { value, change, forget, isChanged, etag, undo, redo, canUndo, canRedo }: `change(next, about)` takes a document or a function of it,
 *               and changes about the same thing that follow each other soon are one step of undo
 *     read      what useRead answers of GET /admin/segments/{id}; `read.data.version` is the newest that is saved, `read.reload()` asks again
 *     save      what useSave answers: `save.error` is what the last save was refused with, `save.error.field` a path as `rule.all[1].where[0]`
 *
 * A new tab is a line in `tabs` below and one in `segment/tabs.js`. Those that need something saved stand behind `id`. Whoever writes a rule does not
 * wait for the others: they are loaded when they are opened, by `loadTabs` of screens/index.js and `Later`.
 */
import { documentOf, idOf } from "../model/documents.js";
import { go, href } from "../model/router.js";
import { BLANK, nameOf } from "../model/rules.js";
import { t } from "../model/text.js";
import { StaleVersion } from "../parts/form.js";
import { useEditKeys, useHistory } from "../parts/history.js";
import { html, useState } from "../parts/html.js";
import { Later } from "../parts/later.js";
import { focusHeading, Page, Tag } from "../parts/page.js";
import { Loaded, Refusal } from "../parts/states.js";
import { Tabs } from "../parts/tabs.js";
import { toast } from "../parts/toasts.js";
import { NONE, useDraft, useRead, useSave, useShown } from "../parts/use.js";
import { may } from "../parts/world.js";
import { loadTabs } from "./index.js";
import { Rule } from "./segment/rule.js";

const BEGUN = { data: BLANK, etag: NONE, error: null, isLoading: false, reload: () => {} };

export function Screen({ id = null }) {
  const asked = useRead(id && `/admin/segments/${encodeURIComponent(id)}`);
  const read = id ? asked : BEGUN;
  const draft = useHistory(useDraft(`segment.${id ?? "new"}`, read, documentOf));
  const [saved, setSaved] = useState(null);
  const shown = useShown();
  // What was just saved is shown until it is read again: the older version that is still known would flash up in between.
  const document = !draft.isChanged && saved && !(read.data?.version >= saved.version) ? saved.document : draft.value;
  const named = document && { ...document, name: document.name || nameOf(document.rule) };
  const path = `/admin/segments/${encodeURIComponent(id ?? (idOf(named?.name ?? "") || `segment-${Date.now().toString(36)}`))}`;
  const save = useSave(path, { ...draft, value: named }, read, (body) => {
    setSaved({ version: body.version, document: named });
    toast(body.unchanged ? t("Nothing was changed") : t("Saved as version {version}", { version: body.version }));
    if (!id && shown.current) go(`/segments/${encodeURIComponent(body.id)}`, { replace: true });
  }, (body) => `segment.${body.id}`);
  useEditKeys(draft, save);
  const it = { id, document, draft, read, save };
  const tag = html`${document && draft.isChanged && html`<${Tag} kind="warn">${t("not saved")}<//>`} ${read.data?.archived && html`<${Tag}>${t("archived")}<//>`}`;
  return html`<${Page} title=${document?.name || id || t("New segment")} crumbs=${[[t("Segments"), href("/segments")]]} tag=${tag} actions=${document && html`<${SaveOrDrop} ...${it} />`}>
    ${document ? html`<${Open} ...${it} />` : html`<${Loaded} of=${read} rows=${6} />`}
  <//>`;
}

function SaveOrDrop({ draft, save }) {
  if (!may("write") || !draft.isChanged) return null;
  return html`<button type="button" class="quiet" onClick=${() => (focusHeading(), draft.forget())}>${t("Drop the changes")}</button>
    <button type="button" class="primary" aria-disabled=${save.isRunning} onClick=${() => (focusHeading(), save.run())}>${save.isRunning ? t("Saving") : t("Save")}</button>`;
}

function Open(it) {
  const later = (key, name) => [key, name, () => html`<${Later} load=${loadTabs} name=${key} ...${it} />`];
  const ofSaved = it.id ? [later("people", t("People")), later("why", t("Why?")), later("backtest", t("Backtest")), later("versions", t("Versions"))] : [];
  const tabs = [["rule", t("Rule"), () => html`<${Rule} ...${it} />`], ...ofSaved, later("sql", "SQL"), later("json", "JSON")];
  return html`<div class="stack">
    <${StaleVersion} save=${it.save} mine=${it.document} />
    <${Refusal} error=${it.save.error} fields=${["name", "rule"]} />
    <${Tabs} label=${t("Segment")} tabs=${tabs} />
  </div>`;
}
