/** What begins a run: by each way that there is, the fields of what may be said of it. What has none (`content`, and what is unknown) is JSON. */
import { ENTRIES, entryOf } from "../../model/journeys.js";
import { t } from "../../model/text.js";
import { At, Line } from "../../parts/fields.js";
import { html } from "../../parts/html.js";
import { AsJson, If, Where } from "./rules.js";
import { EVENT, NEEDED } from "./typed.js";

const WAYS = {
  event: () => t("with an event"),
  segment: () => t("when somebody comes into a segment"),
  near: () => t("when somebody comes to a place"),
  content: () => t("with what is published"),
  api: () => t("when another journey or system says so"),
};

const Way = ({ it, path, label }) => html`<${At} it=${it} path=${path} label=${label} error=${null}>
  ${(given) => html`<select ...${given} value=${entryOf(it.document)} onChange=${({ target }) => it.change("entry", { [target.value]: ENTRIES[target.value] })}>
    ${Object.entries(WAYS).map(([way, name]) => html`<option value=${way}>${name()}</option>`)}</select>`}
<//>`;

const Segment = (field) => html`<${Line} ...${field} ...${NEEDED} offered=${field.it.rules.vocabulary?.names.segments.map(({ id }) => id)} />`;

const where = (path) => [path, t("Of which only"), Where];
const whom = () => ["entry.if", t("Only of whom"), If];

const FIELDS = {
  event: () => [["entry.event", t("It begins with the event"), EVENT], where("entry.where"), whom()],
  segment: () => [["entry.segment", t("Segment"), Segment], whom()],
  near: () => [["entry.near.places", t("List of places"), NEEDED], where("entry.near.where"), whom()],
  api: () => [where("entry.where"), whom()],
};

export const begins = (document) => [["entry", t("It begins"), Way], ...(FIELDS[entryOf(document)]?.() ?? [["entry", t("What begins it"), AsJson]])];
