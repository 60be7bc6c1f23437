/** Which journeys somebody is in, at which step; and why they are in one, or never came in. `?journey=` says which is asked about. */
import * as format from "../../model/format.js";
import { ask, here, href } from "../../model/router.js";
import { t } from "../../model/text.js";
import { treeOf } from "../../model/verdicts.js";
import { Because } from "../../parts/because.js";
import { opensFirst } from "../../parts/form.js";
import { html, useId } from "../../parts/html.js";
import { Card, Tag } from "../../parts/page.js";
import { Failure, Loaded } from "../../parts/states.js";
import { useAnswer, useRead, useTicket } from "../../parts/use.js";

export function Journeys({ it }) {
  const field = useId();
  const kept = useAnswer("/admin/journey-runs", { user_id: it.id }, 0);
  const read = useRead("/admin/journeys");
  const launched = (read.data?.journeys ?? []).filter(({ standing }) => standing !== "saved").map(({ document }) => document);
  const chosen = here.value.query.get("journey") ?? "";
  const found = kept.data?.journeys ?? [];
  if (!launched.length && !found.length && !chosen) return null;
  const nameOf = (id) => launched.find((each) => each.id === id)?.name || id;
  return html`<${Card} title=${t("Journeys")}>
    ${kept.error && html`<${Failure} error=${kept.error} retry=${kept.reload} />`}
    ${kept.data && !found.length && html`<p class="soft">${t("They are in none.")}</p>`}
    <ul class="stack tight">${found.flatMap(({ journey, runs }) => runs.map((run) => html`<li key=${journey + run.key}>
      <a href=${href(`/journeys/${encodeURIComponent(journey)}`)}>${nameOf(journey)}</a> ${run.key && html`<code>${run.key}</code>`} <${Status} of=${run.status} />
      <p class="soft sm">${[t("since {day}", { day: format.moment(run.since) }), run.status === "in" && t("at the step {step}", { step: run.step }), run.until && t("until {when}", { when: format.moment(run.until) })].filter(Boolean).join("; ")}</p></li>`))}</ul>
    <div class="field"><label for=${field}>${t("Why they are in it, or not")}</label>
      <select id=${field} class="wide" value=${chosen} onKeyDown=${opensFirst} onChange=${({ target }) => ask({ journey: target.value })}>
        <option value="">${t("choose one")}</option>${launched.map(({ id, name }) => html`<option value=${id}>${name || id}</option>`)}
      </select></div>
    ${chosen && html`<div aria-live="polite" class="stack tight"><${Why} key=${chosen} journey=${chosen} person=${it.id} /></div>`}
  <//>`;
}

const STATUS = { in: ["ok", () => t("in it")], held: ["warn", () => t("held out")], out: ["", () => t("left")] };

function Status({ of }) {
  const [kind, word] = STATUS[of] ?? ["", () => of];
  return html`<${Tag} kind=${kind}>${word()}<//>`;
}

/** Asked when somebody wants to know: it is a query of Athena. The words are the API's. */
function Why({ journey, person }) {
  const read = useTicket([`/admin/journeys/${encodeURIComponent(journey)}/why`, { user_id: person }, (ticket) => `/admin/journey-whys/${ticket}`]);
  const { reason, why } = read.data ?? {};
  if (reason) return html`<p class="note bad" role="alert">${reason}</p>`;
  return html`<${Loaded} of=${{ ...read, data: why ?? undefined }} rows=${2}>${({ because, clauses, trail }) => html`<div lang="en" class="stack tight">
    <p><b>${because}</b></p>
    ${clauses.length > 0 && html`<ul><${Because} of=${treeOf(clauses)} /></ul>`}
    ${trail.length > 0 && html`<ol class="sm">${trail.map((each) => html`<li>${each.event} <b>${each.step}</b> <span class="soft">${each.meaning || each.because} ${format.moment(each.at)}</span></li>`)}</ol>`}
  </div>`}<//>`;
}
