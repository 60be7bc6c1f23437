/** The list of segments: how large each was when it was last counted, who uses it, and what could be there as well. */
import { documentOf } from "../model/documents.js";
import * as format from "../model/format.js";
import { ask, go, here, href } from "../model/router.js";
import { users } from "../model/rules.js";
import * as shortcuts from "../model/shortcuts.js";
import { t } from "../model/text.js";
import { Dialog } from "../parts/dialog.js";
import { html, useEffect, useLayoutEffect, useState } from "../parts/html.js";
import { Later } from "../parts/later.js";
import { focusHeading, Page, Tag } from "../parts/page.js";
import { Empty, Loaded, Refusal } from "../parts/states.js";
import { Table } from "../parts/table.js";
import { toast } from "../parts/toasts.js";
import { useAction, useAnswer, useRead } from "../parts/use.js";
import { may, world } from "../parts/world.js";
import { loadTabs } from "./index.js";

const LINKED = 2;
const linkOf = (kind, id, name) => html`<a href=${href(`/${kind}/${encodeURIComponent(id)}`)}>${name}</a>`;

export function Screen() {
  useEffect(() => (may("write") ? shortcuts.add("n", () => t("New segment"), () => go("/segments/new")) : undefined), []);
  const withArchived = here.value.query.get("archived") ?? "";
  const segments = useRead(`/admin/segments?archived=${Boolean(withArchived)}`);
  const sizes = useRead("/admin/segment-sizes");
  const campaigns = useRead("/admin/campaigns");
  const suggested = useAnswer("/admin/ready-made-segments", {}, 0); // it reads one object, and Athena is not asked
  const ready = suggested.data?.segments ?? [];
  const reload = () => (segments.reload(), suggested.reload());
  const create = may("write") && html`<a class="primary" href=${href("/segments/new")}>${t("New segment")}</a>`;
  return html`<${Page} title=${t("Segments")} actions=${create}>
    <${Loaded} of=${segments} rows=${8}>
      ${({ segments: all }) => html`<div class="stack">
        ${all.length
          ? html`<${List} segments=${all} sizes=${sizes.data?.sizes} campaigns=${campaigns.data?.campaigns} reload=${reload} />`
          : html`<${Empty} title=${t("There is no segment yet")} text=${t("A segment is a rule that says who is meant, as in: ordered three times, but not in the last 60 days.")}>${create}<//>`}
        ${ready.length > 0 && html`<${Later} load=${loadTabs} name="lifecycle" ready=${ready} isOpen=${!all.length} reload=${reload} />`}
        <p><label class="row sm soft"><input type="checkbox" checked=${Boolean(withArchived)} onChange=${({ target }) => ask({ archived: target.checked ? "1" : "" })} /> ${t("Show archived segments, too")}</label></p>
      </div>`}
    <//>
  <//>`;
}

function List({ segments, sizes, campaigns = [], reload }) {
  const [leaving, setLeaving] = useState(); // null: nobody is asked any more
  const used = users(segments.filter(({ archived }) => !archived), campaigns);
  const named = [...segments, ...campaigns].reduce((all, { id, name }) => ({ ...all, [id]: name }), {});
  const size = ({ id }) => sizes?.[id];
  const back = useAction(async (segment) => {
    await world.api.put(`/admin/segments/${encodeURIComponent(segment.id)}`, documentOf(segment), { ifMatch: `"${segment.version}"` });
    reload();
  });
  // The row that went had the focus.
  useLayoutEffect(() => void (leaving === null && document.activeElement === document.body && focusHeading()), [segments]);
  return html`<${Refusal} error=${back.error} /><${Table} caption=${t("Segments")} rows=${segments}
    columns=${[
      { name: t("Name"), isHead: true, sort: (each) => each.name, value: (each) => html`${linkOf("segments", each.id, each.name)} ${each.archived && html`<${Tag}>${t("archived")}<//>`}` },
      { name: t("People"), isNumber: true, sort: (each) => size(each)?.count, value: (each) => html`<${People} size=${size(each)} version=${each.version} />` },
      { name: t("Counted"), value: (each) => html`${size(each) ? format.ago(size(each).as_of) : html`<span class="soft">${t("never")}</span>`}${each.refresh && html`, ${t("anew every {span}", { span: each.refresh })}`}` },
      { name: t("Used by"), value: (each) => html`<${UsedBy} used=${used[each.id]} named=${named} />` },
      { name: t("Version"), isNumber: true, sort: (each) => each.version, value: (each) => each.version },
      ...(may("write") ? [{ name: t("What to do"), value: (each) => each.archived
        ? html`<button type="button" class="quiet" onClick=${() => back.run(each)}>${t("Bring back {name}", { name: each.name })}</button>`
        : html`<button type="button" class="quiet" aria-label=${t("Archive {name}", { name: each.name })} onClick=${() => setLeaving(each)}>${t("Archive")}</button>` }] : []),
    ]} />
    ${leaving && html`<${Archive} segment=${leaving} used=${used[leaving.id]} named=${named} close=${() => setLeaving(null)} reload=${reload} />`}`;
}

/** A count of an older version says nothing of the newest; and nobody at all is said out loud. */
function People({ size, version }) {
  if (!size) return html`<span class="soft">–</span>`;
  const warning = size.version !== version ? t("of version {version}", { version: size.version }) : size.count === 0 ? t("selects nobody") : "";
  return html`${format.number(size.count)} ${warning && html`<${Tag} kind="warn">${warning}<//>`}`;
}

/** By their names, as far as there are few. */
function UsedBy({ used, named, most = LINKED }) {
  const all = used ? [...used.campaigns.map((id) => ["campaigns", id]), ...used.segments.map((id) => ["segments", id])] : [];
  if (!all.length) return html`<span class="soft">${t("nobody")}</span>`;
  const links = all.slice(0, most).map(([kind, id], index) => html`${index > 0 && ", "}${linkOf(kind, id, named[id] ?? id)}`);
  return html`${links} ${all.length > most && t("and {n} others", { n: all.length - most })}`;
}

function Archive({ segment, used, named, close, reload }) {
  const isUsed = used.campaigns.length + used.segments.length > 0;
  const archive = useAction(async () => {
    await world.api.post(`/admin/segments/${encodeURIComponent(segment.id)}/archive`, {});
    toast(t("{name} is archived", { name: segment.name }));
    close();
    reload();
  });
  return html`<${Dialog} title=${t("Archive {name}?", { name: segment.name })} close=${close}>
    <div class="stack">
      ${isUsed
        ? html`<p>${t("It is in use; change or archive first:")} <${UsedBy} used=${used} named=${named} most=${Infinity} /></p>`
        : html`<p>${t("Nobody uses it. Its versions are kept, and it can be brought back.")}</p>`}
      <${Refusal} error=${archive.error} />
      <p class="row">${!isUsed && html`<button type="button" class="danger" onClick=${archive.run}>${t("Archive")}</button>`}<button type="button" data-first onClick=${close}>${t("Keep it")}</button></p>
    </div>
  <//>`;
}
