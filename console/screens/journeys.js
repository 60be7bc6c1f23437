/** The list of journeys: how each stands, and which version takes people in. */
import { href } from "../model/router.js";
import { t } from "../model/text.js";
import { html } from "../parts/html.js";
import { Page } from "../parts/page.js";
import { Empty, Loaded } from "../parts/states.js";
import { Table } from "../parts/table.js";
import { useRead } from "../parts/use.js";
import { may } from "../parts/world.js";
import { Standing } from "./journey/standing.js";

export function Screen() {
  const read = useRead("/admin/journeys");
  const begin = may("write") && html`<a class="primary" href=${href("/journeys/new")}>${t("New journey")}</a>`;
  return html`<${Page} title=${t("Journeys")} actions=${read.data?.journeys.length > 0 && begin}>
    <${Loaded} of=${read} rows=${8}>
      ${({ journeys }) =>
        journeys.length
          ? html`<${List} journeys=${journeys} />`
          : html`<${Empty} title=${t("There is no journey yet")} text=${t("A journey takes each person from step to step, by what they do.")}>${begin}<//>`}
    <//>
  <//>`;
}

const List = ({ journeys }) => html`<${Table} caption=${t("Journeys")} rows=${journeys} keyOf=${(each) => each.document.id} columns=${[
  { name: t("Name"), isHead: true, sort: (each) => each.document.name || each.document.id, value: (each) => html`<a href=${href(`/journeys/${encodeURIComponent(each.document.id)}`)}>${each.document.name || each.document.id}</a>` },
  { name: t("State"), sort: (each) => each.standing, value: (each) => html`<${Standing} of=${each.standing} />` },
  { name: t("Takes people in"), isNumber: true, value: (each) => each.launched_version ?? "–" },
  { name: t("Saved"), isNumber: true, value: (each) => each.document.version },
]} />`;
