/** One person: who it is in a sentence, everything that happened, and why they got a message or did not. Privacy's export and erasing are not built yet. */
import * as format from "../model/format.js";
import { amount, campaignOf, isReachable, nameOf } from "../model/person.js";
import { ask, here, href, toPerson } from "../model/router.js";
import { t } from "../model/text.js";
import { opensFirst } from "../parts/form.js";
import { Why } from "../parts/gates.js";
import { html, useId, useState } from "../parts/html.js";
import { Card, Page, Tag } from "../parts/page.js";
import { Empty, Loaded } from "../parts/states.js";
import { useRead, useTicket } from "../parts/use.js";
import { Consents } from "./person/consents.js";
import { Devices, Segments, Traits } from "./person/facts.js";
import { Identities } from "./person/identities.js";
import { Journeys } from "./person/journeys.js";
import { Timeline } from "./person/timeline.js";

const RUNS = 100;
const [FEW, MANY] = [50, 1000];
/** What is recorded counts within seconds: so long, and so often, it is looked for. */
const [LOOK_MS, LOADED_MS] = [1000, 15_000];

export function Screen({ id }) {
  const [most, setMost] = useState(FEW);
  const [until, setUntil] = useState(0);
  const profile = useRead(`/admin/profiles?user_id=${encodeURIComponent(id)}`, { every: until && LOOK_MS, done: () => Date.now() > until });
  const names = useRead("/admin/suggestions");
  const runs = useRead(`/admin/runs?limit=${RUNS}`);
  const ids = useTicket(["/admin/identities", { user_id: id }, (ticket) => `/admin/identities/${ticket}`]);
  const view = useTicket(["/admin/profile-views", { user_id: id, events: most, consents: true }, (ticket) => `/admin/profile-views/${ticket}?now=true`]);
  const it = { id, profile, ids, view, names: names.data, runs: runs.data?.runs ?? [], most, more: most < MANY && (() => setMost(MANY)) };
  it.recorded = () => (setUntil(Date.now() + LOADED_MS), profile.reload());
  const traits = profile.data?.traits ?? {};
  const name = nameOf(traits);
  return html`<${Page} title=${name || id} crumbs=${[[t("People"), href("/people")]]} tag=${html`${name && html`<code>${id}</code>`} <${Stage} view=${view.data} />`}>
    ${body(it, name, traits)}
  <//>`;
}

function body(it, name, traits) {
  const { id, profile, ids, view } = it;
  if (!profile.data && profile.error?.status !== 404) return html`<${Loaded} of=${profile} rows=${6} />`;
  const isAsking = ids.isLoading || view.isLoading;
  if (!profile.data && !isAsking && isNobody(ids, view))
    return html`<${Empty} title=${t("Nobody is known by the id {id}", { id })} text=${t("Neither a trait nor a device nor an event of theirs has come in. An id is taken letter by letter.")}><a href=${href("/people")}>${t("Find somebody else")}</a><//>`;
  return html`<div class="stack">
    ${ids.data?.became && html`<p class="note warn">${t("This id is another person's now:")} <a href=${href(toPerson(ids.data.became))}>${ids.data.became}</a></p>`}
    <${Sentence} it=${it} name=${name || id} />
    <div class="cols">
      <div class="stack"><${Timeline} it=${it} /><${Identities} it=${it} /></div>
      <div class="stack"><${WhyCard} it=${it} /><${Journeys} it=${it} /><${Segments} it=${it} /><${Traits} traits=${traits} /><${Consents} it=${it} /><${Devices} devices=${profile.data?.devices ?? {}} /></div>
    </div>
  </div>`;
}

/** Where neither can be read nobody can say that there is nobody. */
const isNobody = (ids, view) =>
  ids.data?.state === "succeeded" && !ids.data.became && !ids.data.identities.length && !ids.data.conflicts.length && view.data && !view.data.missing?.counters && !view.data.counters?.length && !view.data.messages?.length;

/** Where they are in the life cycle, by the ready-made segments that are saved: each person is in one of these. */
const STAGES = ["never-bought", "new-customers", "active-customers", "at-risk", "lapsed-customers", "won-back"];

function Stage({ view }) {
  const found = view?.segments?.find((each) => each.standing === "in" && STAGES.includes(each.segment));
  return found && html`<${Tag} kind="ok">${found.name}<//>`;
}

function Sentence({ it, name }) {
  const { counters, events, segments } = it.view.data ?? {};
  const devices = Object.values(it.profile.data?.devices ?? {}).filter(isReachable).length;
  const inside = segments?.filter((each) => each.standing === "in").length;
  const parts = [counters && did(counters, events), devices ? t("{n} devices to push to", { n: devices }) : t("no device to push to"), inside > 0 && t("in {n} segments", { n: inside })];
  return html`<p class="verdict"><b>${name}</b>: ${parts.filter(Boolean).join("; ")}.</p>`;
}

function did(counters, events = []) {
  const orders = counters.find((each) => each.revenue !== null);
  if (!orders && !counters.length) return t("nothing that they did is known");
  const last = (those) => format.ago(those.map((each) => each.last).sort().at(-1));
  if (!orders) return t("{n} events, the last {when}", { n: counters.reduce((sum, each) => sum + each.count, 0), when: last(counters) });
  const currency = events?.find((each) => each.name === orders.name)?.properties.currency;
  return t("{n} orders for {money}, the last {when}", { n: orders.count, money: amount(orders.revenue, currency), when: last([orders]) });
}

/** `?run=` says of which run, so that a line of the history can ask. */
function WhyCard({ it }) {
  const field = useId();
  const chosen = here.value.query.get("run") ?? "";
  const isKnown = it.runs.some((run) => run.run_id === chosen);
  const label = (run) => [campaignOf(it.names, run.campaign_id), format.moment(run.launched_at), run.rehearsal && t("rehearsal")].filter(Boolean).join(" · ");
  if (!it.runs.length && !chosen) return null;
  return html`<${Card} title=${t("Why they got a message, or not")}>
    <div class="field"><label for=${field}>${t("Run")}</label>
      <select id=${field} class="wide" data-why value=${chosen} onKeyDown=${opensFirst} onChange=${(event) => ask({ run: event.target.value })}>
        <option value="">${t("choose one")}</option>
        ${chosen && !isKnown && html`<option value=${chosen}>${chosen}</option>`}
        ${it.runs.map((run) => html`<option value=${run.run_id}>${label(run)}</option>`)}
      </select></div>
    ${chosen && html`<div aria-live="polite" class="stack tight"><${Why} key=${chosen} run=${chosen} person=${it.id} /></div>`}
  <//>`;
}
