/** The list of segments: how large each was when it was last counted, and who uses it. */
import * as format from "../model/format.js";
import { go, href } from "../model/router.js";
import { users } from "../model/rules.js";
import * as shortcuts from "../model/shortcuts.js";
import { t } from "../model/text.js";
import { html, useEffect } from "../parts/html.js";
import { Page, Tag } from "../parts/page.js";
import { Empty, Loaded } from "../parts/states.js";
import { Table } from "../parts/table.js";
import { useRead } from "../parts/use.js";
import { may } from "../parts/world.js";
import { screenOf } from "./index.js";

export function Screen() {
  useEffect(() => (may("write") ? shortcuts.add("n", () => t("New segment"), () => go("/segments/new")) : undefined), []);
  const segments = useRead("/admin/segments");
  const sizes = useRead("/admin/segment-sizes");
  const campaigns = useRead("/admin/campaigns");
  const create = may("write") && screenOf("/segments/new") && html`<a class="primary" href=${href("/segments/new")}>${t("New segment")}</a>`;
  return html`<${Page} title=${t("Segments")} actions=${create}>
    <${Loaded} of=${segments} rows=${8}>
      ${({ segments: all }) =>
        all.length
          ? html`<${List} segments=${all} sizes=${sizes.data?.sizes} campaigns=${campaigns.data?.campaigns} />`
          : html`<${Empty} title=${t("There is no segment yet")} text=${t("A segment is a rule that says who is meant, as in: ordered three times, but not in the last 60 days.")}>${create}<//>`}
    <//>
  <//>`;
}

function List({ segments, sizes, campaigns }) {
  const used = users(segments, campaigns ?? []);
  const size = ({ id }) => sizes?.[id];
  return html`<${Table} caption=${t("Segments")} rows=${segments}
    columns=${[
      { name: t("Name"), isHead: true, sort: (each) => each.name, value: (each) => html`<${Name} segment=${each} />` },
      { name: t("People"), isNumber: true, sort: (each) => size(each)?.count, value: (each) => html`<${People} size=${size(each)} version=${each.version} />` },
      { name: t("Counted"), value: (each) => (size(each) ? format.ago(size(each).as_of) : html`<span class="soft">${t("never")}</span>`) },
      { name: t("Used by"), value: (each) => html`<${UsedBy} used=${used[each.id]} />` },
      { name: t("Version"), isNumber: true, sort: (each) => each.version, value: (each) => each.version },
    ]} />`;
}

function Name({ segment }) {
  const path = `/segments/${encodeURIComponent(segment.id)}`;
  return screenOf(path) ? html`<a href=${href(path)}>${segment.name}</a>` : segment.name;
}

/** A count of an older version says nothing of the newest; and nobody at all is said out loud. */
function People({ size, version }) {
  if (!size) return html`<span class="soft">–</span>`;
  const warning = size.version !== version ? t("of version {version}", { version: size.version }) : size.count === 0 ? t("selects nobody") : "";
  return html`${format.number(size.count)} ${warning && html`<${Tag} kind="warn">${warning}<//>`}`;
}

function UsedBy({ used }) {
  const words = [
    used.campaigns.length && t("{n} campaigns", { n: used.campaigns.length }),
    used.segments.length && t("{n} segments", { n: used.segments.length }),
  ].filter(Boolean);
  return words.length ? words.join(", ") : html`<span class="soft">${t("nobody")}</span>`;
}
