/** The tabs besides the rule's, by their keys in the address, and the life cycle below the list: a script of their own, so that nobody waits for them. */
import { html } from "../../parts/html.js";
import { Versions } from "../../parts/versions.js";
import { Lifecycle } from "../segments/lifecycle.js";
import { Backtest } from "./backtest.js";
import { Json } from "./json.js";
import { Members } from "./members.js";
import { OfSaved } from "./saved.js";
import { Sql } from "./sql.js";
import { Why } from "./why.js";

const Kept = ({ id, version, read }) => html`<${Versions} kind="segments" id=${id} newest=${version} onRestored=${read.reload} />`;
const ofSaved = (tab) => (it) => html`<${OfSaved} ...${it} tab=${tab} />`;

export const lifecycle = Lifecycle;
export const people = ofSaved(Members);
export const why = ofSaved(Why);
export const backtest = ofSaved(Backtest);
export const versions = ofSaved(Kept);
export const sql = Sql;
export const json = Json;
