/** Who is in the segment, person by person, as of a moment. */
import * as format from "../../model/format.js";
import { href, toPerson } from "../../model/router.js";
import { t } from "../../model/text.js";
import { html, useState } from "../../parts/html.js";
import { Card } from "../../parts/page.js";
import { Loaded, Refusal } from "../../parts/states.js";
import { More, Table } from "../../parts/table.js";
import { useAction, useQuestion, useRead } from "../../parts/use.js";
import { world } from "../../parts/world.js";
import { Export } from "./export.js";
import { AsOf, Answered, asOf, addressOf, Price } from "./saved.js";

const SHOWN = 100;

export function Members({ id, version }) {
  const question = useQuestion(`members.${id}.${version}`, `${addressOf(id)}/evaluations`, "/admin/evaluations");
  return html`<${Card} title=${t("People")}>
      <form class="row" onSubmit=${(event) => (event.preventDefault(), question.ask({ kind: "members", ...asOf() }))}>
        <${AsOf} /><button class=${question.at ? "" : "primary"} aria-disabled=${question.isLoading}>${question.isLoading ? t("Looking") : t("List them")}</button>
      </form>
      ${!question.at && html`<p class="soft">${t("One query of Athena; the list is kept for 90 days.")}</p>`}
      <${Answered} of=${question}>${(look) => html`<${Listed} key=${look.ticket} look=${look} id=${id} />`}<//>
    <//>
    <${Export} id=${id} />`;
}

function Listed({ look, id }) {
  const path = `/admin/evaluations/${look.ticket}/members`;
  const first = useRead(path);
  const [{ pages, shown }, setState] = useState({ pages: [], shown: SHOWN });
  const more = useAction(async ({ next, isAll }) => {
    const page = isAll ? [(await world.api.get(`${path}?page=${encodeURIComponent(next)}`)).body] : [];
    setState((before) => ({ pages: [...before.pages, ...page], shown: before.shown + SHOWN }));
  });
  return html`<p class="verdict"><b>${t("{n} people", { n: look.count })}</b> ${t("as of {when}", { when: format.asOf(look.as_of) })}</p>
    <${Price} of=${look} />
    ${look.count > 0 && html`<${Loaded} of=${first}>${(begun) => {
      const people = [begun, ...pages].flatMap(({ members }) => members);
      return html`<${Table} caption=${t("People of the segment")} rows=${people.slice(0, shown)} keyOf=${(who) => who} columns=${[
          { name: t("Person"), isHead: true, value: (who) => html`<a href=${href(toPerson(who))}>${who}</a>` },
          { name: t("Why?"), value: (who) => html`<a href=${href(`/segments/${encodeURIComponent(id)}?${new URLSearchParams({ tab: "why", person: who, ...asOf() })}`)} aria-label=${t("Why is {who} in it?", { who })}>${t("Why?")}</a>` },
        ]} />
        <${Refusal} error=${more.error} /><${More} next=${shown < look.count && { next: (pages.at(-1) ?? begun).next, isAll: people.length < shown + SHOWN }} more=${more.run} isLoading=${more.isRunning} />`;
    }}<//>`}`;
}
