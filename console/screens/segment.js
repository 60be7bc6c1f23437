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
import { idOf } from "../model/documents.js";
import { href } from "../model/router.js";
import { BLANK, nameOf } from "../model/rules.js";
import { t } from "../model/text.js";
import { DocumentPage, SaveOrDrop, useNewest, useSaid } from "../parts/document.js";
import { StaleVersion } from "../parts/form.js";
import { useEditKeys } from "../parts/history.js";
import { html, useState } from "../parts/html.js";
import { Later } from "../parts/later.js";
import { Refusal } from "../parts/states.js";
import { Tabs } from "../parts/tabs.js";
import { useSave } from "../parts/use.js";
import { loadTabs } from "./index.js";
import { Rule } from "./segment/rule.js";

export function Screen({ id = null }) {
  const { read, draft } = useNewest("segment", id, BLANK);
  const [saved, setSaved] = useState(null);
  const said = useSaid("segment", !id);
  // What was just saved is shown until it is read again: the older version that is still known would flash up in between.
  const document = !draft.isChanged && saved && !(read.data?.version >= saved.version) ? saved.document : draft.value;
  const named = document && { ...document, name: document.name || nameOf(document.rule) };
  const path = `/admin/segments/${encodeURIComponent(id ?? (idOf(named?.name ?? "") || `segment-${Date.now().toString(36)}`))}`;
  const save = useSave(path, { ...draft, value: named }, read, (body) => (setSaved({ version: body.version, document: named }), said(body)), (body) => `segment.${body.id}`);
  useEditKeys(draft, save);
  const it = { id, document, draft, read, save };
  return html`<${DocumentPage} it=${it} title=${id || t("New segment")} list=${[t("Segments"), href("/segments")]} actions=${html`<${SaveOrDrop} it=${it} />`}><${Open} ...${it} /><//>`;
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
