/** Find somebody by their id, which is instant, or by an e-mail address or a telephone number, which is a query. */
import * as format from "../model/format.js";
import { soughtFor } from "../model/person.js";
import { go, href, toPerson } from "../model/router.js";
import { t } from "../model/text.js";
import { Field } from "../parts/form.js";
import { html, useState } from "../parts/html.js";
import { Card, Page } from "../parts/page.js";
import { Empty, Failure, Skeleton } from "../parts/states.js";
import { Table } from "../parts/table.js";
import { useRead, useTicket } from "../parts/use.js";

export function Screen() {
  const [text, setText] = useState("");
  const [asked, setAsked] = useState(null);
  const found = useTicket(asked && ["/admin/profile-searches", asked, (ticket) => `/admin/profile-searches/${ticket}`]);
  const known = useRead(asked && `/admin/profiles?user_id=${encodeURIComponent(asked.address)}`);
  const sought = text.trim();
  const kind = soughtFor(sought);
  const find = (event) => {
    event.preventDefault();
    if (sought && kind === "id") go(toPerson(sought));
    else if (sought) setAsked({ kind, address: sought });
  };
  const words = { id: t("Open this person"), email: t("Find this e-mail address"), phone: t("Find this telephone number") };
  return html`<${Page} title=${t("People")}>
    <div class="stack">
      <${Card}>
        <form class="stack" onSubmit=${find}>
          <${Field} label=${t("Id, e-mail address or telephone number")} path="address" error=${found.error} hint=${t("An id is taken letter by letter. An address or a number is looked for in everybody's traits, which is a query of Athena.")}>
            ${(given) => html`<input ...${given} class="wide" type="search" autocomplete="off" spellcheck="false" value=${text} onInput=${(event) => setText(event.target.value)} />`}
          <//>
          <p class="row"><button class="primary" disabled=${!sought}>${words[kind]}</button>
            ${sought && kind !== "id" && html`<a href=${href(toPerson(sought))}>${t("It is an id")}</a>`}</p>
        </form>
      <//>
      ${asked && html`<${ById} id=${asked.address} isKnown=${Boolean(known.data)} found=${found} /><${Found} asked=${asked} found=${found} isKnown=${Boolean(known.data)} />`}
    </div>
  <//>`;
}

/** An id may look like an address or a number: of whom something is known by it is said at once, and where nobody else is found it may be one still. */
const ById = ({ id, isKnown, found }) => (isKnown || found.error || found.data?.people?.length === 0) && html`<p class="note" role="status">
  ${isKnown ? t("Somebody is known by the id {id}:", { id }) : t("It may be somebody's id:")} <a href=${href(toPerson(id))}>${t("Open this person")}</a></p>`;

function Found({ asked, found, isKnown }) {
  const { people, more, reason, cost_usd: cost } = found.data ?? {};
  if (found.error) return found.error.field !== "address" && html`<${Failure} error=${found.error} retry=${found.reload} />`;
  if (found.isLoading || !found.data) return html`<${Skeleton} rows=${2} />`;
  if (reason) return html`<p class="note bad" role="alert">${reason}</p>`;
  const price = html`<p class="soft sm">${t("It costs {cost}.", { cost: format.dollars(cost) })}</p>`;
  if (!people.length && isKnown) return price;
  if (!people.length)
    return html`<div role="status"><${Empty} title=${t("Nobody told us {address}", { address: asked.address })} text=${t("What came in the last quarter of an hour may not be there yet.")} />${price}</div>`;
  return html`<${Card} title=${t("{n} people told us {address}", { n: people.length, address: asked.address })}>
    <${Table} caption=${t("Found")} rows=${people} keyOf=${(each) => each.user_id} columns=${[
      { name: t("Person"), isHead: true, value: (each) => html`<a href=${href(toPerson(each.user_id))}>${each.user_id}</a>` },
      { name: t("Seen last"), value: (each) => format.ago(each.last_seen) },
      { name: t("Is now"), value: (each) => each.became && html`<a href=${href(toPerson(each.became))}>${each.became}</a>` },
    ]} />
    ${more && html`<p class="soft sm">${t("There are more: these are those who were seen last.")}</p>`}
    ${price}
  <//>`;
}
