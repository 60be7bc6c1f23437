/** The catalog: every event that was ever sent, with its properties, their types and the values that several people told. Asks Athena nothing. */
import * as format from "../model/format.js";
import { here, href } from "../model/router.js";
import { t } from "../model/text.js";
import { html, useState } from "../parts/html.js";
import { Card, Tag } from "../parts/page.js";
import { Empty, Loaded } from "../parts/states.js";
import { Table } from "../parts/table.js";
import { useRead } from "../parts/use.js";

const VALUES = 8;

export function Catalog() {
  const catalog = useRead("/admin/events");
  return html`<${Loaded} of=${catalog} rows=${8}>${(data) => (data.events.length ? html`<${Listed} catalog=${data} />` : html`<${Nothing} catalog=${data} />`)}<//>`;
}

const Nothing = ({ catalog }) => html`<${Empty} title=${t("No event is known yet")}
  text=${catalog.rebuilding ? t("The catalog could not be read; it is made anew within a quarter of an hour.") : t("Events are listed here a quarter of an hour after they came first.")}>
  <a href=${href("/sources")}>${t("Make a source")}</a><//>`;

function Listed({ catalog }) {
  const [sought, setSought] = useState("");
  const asked = here.value.query.get("event");
  const fits = catalog.events.filter((each) => each.name.toLowerCase().includes(sought.trim().toLowerCase()));
  const open = catalog.events.find((each) => each.name === asked) ?? fits[0];
  return html`<div class="row"><label class="row">${t("Find an event")}
      <input type="search" value=${sought} onInput=${(event) => setSought(event.target.value)} /></label>
      <span class="soft sm" role="status">${t("{n} events are known", { n: fits.length })}${catalog.through && ` · ${t("counted {when}", { when: format.ago(catalog.through) })}`}</span></div>
    ${!catalog.complete && html`<p class="note warn">${t("There are more events than the catalog holds.")}</p>`}
    <${Table} caption=${t("Events")} rows=${fits} keyOf=${(each) => each.name + each.type} columns=${[
      { name: t("Event"), isHead: true, sort: (each) => each.name, value: (each) => html`<a href=${href(`/quality?tab=catalog&event=${encodeURIComponent(each.name)}`)} aria-current=${each === open ? "true" : undefined}>${each.name}</a>` },
      { name: t("Call"), value: (each) => each.type },
      { name: t("How many"), isNumber: true, sort: (each) => each.count, value: (each) => format.number(each.count) },
      { name: t("First"), sort: (each) => each.first_seen, value: (each) => format.day(each.first_seen) },
      { name: t("Last"), sort: (each) => each.last_seen, value: (each) => format.ago(each.last_seen) },
      { name: t("Sources"), value: (each) => each.sources.join(", ") },
      { name: t("Properties"), isNumber: true, sort: (each) => each.properties.length, value: (each) => format.number(each.properties.length) },
    ]} />
    ${open && html`<${Properties} event=${open} />`}`;
}

const Properties = ({ event }) => html`<${Card} title=${event.name} aside=${t("{n} properties", { n: event.properties.length })}>
  ${!event.complete && html`<p class="note warn">${t("It had more properties than are kept.")}</p>`}
  ${event.properties.length === 0 && html`<p class="soft">${t("It came without properties.")}</p>`}
  ${event.properties.length > 0 && html`<${Table} caption=${t("Properties of {event}", { event: event.name })} rows=${event.properties} keyOf=${(each) => each.name} columns=${[
    { name: t("Property"), isHead: true, sort: (each) => each.name, value: (each) => html`<code>${each.name}</code>` },
    { name: t("Types"), value: (each) => each.types.map((type) => html`<${Tag} kind=${each.types.length > 1 ? "warn" : ""}>${type}<//> `) },
    { name: t("In so many events"), isNumber: true, sort: (each) => each.count, value: (each) => `${format.number(each.count)} (${format.percent(each.count / event.count, 0)})` },
    { name: t("Values"), value: (each) => html`<${Values} of=${each} />` },
  ]} />`}
<//>`;

function Values({ of }) {
  if (of.values === null) return html`<span class="soft">${t("too many or too long to list")}</span>`;
  const more = of.values.length - VALUES + of.rare_values;
  return html`${of.values.slice(0, VALUES).map((value) => html`<code>${String(value)}</code> `)}${more > 0 && html`<span class="soft">${t("and {n} others", { n: more })}</span>`}`;
}
