/** What is asked of a segment as it is saved: of which version, as of when, and what became of the question. */
import * as format from "../../model/format.js";
import { ask, here } from "../../model/router.js";
import { t } from "../../model/text.js";
import { html, useRef } from "../../parts/html.js";
import { Loaded, Refusal, Skeleton } from "../../parts/states.js";

/** The address of a segment in the API. */
export const addressOf = (id) => `/admin/segments/${encodeURIComponent(id)}`;

/** A tab of the newest version that is saved: it begins anew with each, and says where there is more that is not in it. */
export const OfSaved = ({ tab, ...it }) => html`<${Loaded} of=${it.read}>
  ${({ version }) => html`${it.draft.isChanged && html`<p class="note warn">${t("This is about version {version}. What you have not saved is not in it.", { version })}</p>`}
    <${tab} key=${version} ...${it} version=${version} />`}
<//>`;

/** The day that is asked about stands in the address, one for all tabs: at its beginning, in UTC. Without one it is now. */
const dayOf = () => here.value.query.get("as_of") ?? "";
export const asOf = () => (dayOf() ? { as_of: dayOf() } : {});
export const AsOf = () => html`<label class="row sm">${t("as of")} <input type="date" value=${dayOf()} onChange=${({ target }) => ask({ as_of: target.value })} /> UTC</label>`;

/** Draws what a question (useQuestion, useTicket) came to; the last answer stays, greyed, while the next is on its way. */
export function Answered({ of, fields = [], children }) {
  const last = useRef(null);
  if (of.data?.state === "succeeded") last.current = of.data;
  const isOld = of.isLoading || of.data !== last.current;
  const failed = !of.error && !of.isLoading && of.data && of.data.state !== "succeeded" && { code: of.data.state, message: of.data.reason ?? of.data.state };
  return html`<${Refusal} error=${of.error || failed} fields=${fields} />
    ${last.current ? html`<div class=${`stack ${isOld ? "old" : ""}`} aria-busy=${isOld}>${children(last.current)}</div>` : of.isLoading && html`<${Skeleton} rows=${3} />`}`;
}

export const Price = ({ of }) => html`<p class="soft sm num">${t("Read {size}, for {cost}.", { size: format.bytes(of.bytes_scanned), cost: format.dollars(of.cost_usd) })}</p>`;
