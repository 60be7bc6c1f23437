/** Why somebody is in the segment or not: true, false or unknown clause by clause, with what decided it. */
import * as format from "../../model/format.js";
import { ask, here } from "../../model/router.js";
import { t } from "../../model/text.js";
import { treeOf } from "../../model/verdicts.js";
import { Because } from "../../parts/because.js";
import { html, useState } from "../../parts/html.js";
import { Card } from "../../parts/page.js";
import { useTicket } from "../../parts/use.js";
import { AsOf, Answered, asOf, addressOf, Price } from "./saved.js";

export function Why({ id }) {
  const asked = here.value.query.get("person") ?? "";
  const [who, setWho] = useState(asked);
  const question = useTicket(asked && [`${addressOf(id)}/person-explanations`, { user_id: asked, ...asOf() }, (ticket) => `/admin/person-explanations/${ticket}`]);
  const submit = (event) => (event.preventDefault(), who === asked ? question.reload() : ask({ person: who.trim() }));
  return html`<${Card} title=${t("Why is somebody in it, or not?")}>
    <form class="row" onSubmit=${submit}>
      <label class="row sm">${t("Person")} <input required value=${who} autocomplete="off" onInput=${({ target }) => setWho(target.value)} /></label>
      <${AsOf} /><button class=${asked ? "" : "primary"}>${t("Why?")}</button>
    </form>
    ${!asked && html`<p class="soft">${t("Each part of the rule says whether it is true of that person, and what decided it.")}</p>`}
    ${asked && html`<${Answered} of=${question}>${(look) => html`<${Told} look=${look} /><${Price} of=${look} />`}<//>`}
  <//>`;
}

const Told = ({ look }) => html`<p class="verdict"><b>${look.user_id}</b> ${look.member ? t("is in it") : t("is not in it")} ${t("as of {when}", { when: format.asOf(look.as_of) })}</p>
  ${look.became && html`<p class="note">${t("By then they had become {who}.", { who: look.became })}</p>`}
  ${look.clauses.length > 0 && html`<ul><${Because} of=${treeOf(look.clauses)} /></ul>`}`;
