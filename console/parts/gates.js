/**
 * Why somebody got a run's message, or did not: a sentence, and every gate on the way with what it said of them. The API's own words say why.
 *
 *     <${Why} run=${run_id} person=${user_id} />     asks it (queries of Athena: draw it when somebody wants to know) and draws the answer
 *     <${Gates} why=${why} />                        draws the `why` of a look at /admin/whys that is there already
 */
import * as format from "../model/format.js";
import { t } from "../model/text.js";
import { html } from "./html.js";
import { Loaded } from "./states.js";
import { useTicket } from "./use.js";

const GATES = {
  audience: () => t("In the audience"),
  global_control: () => t("Not held out of all campaigns"),
  arm: () => t("Not held back to compare with"),
  reached_before: () => t("Not reached by a run before"),
  turn: () => t("It was their turn"),
  device: () => t("A device to push to"),
  consent: () => t("Consent"),
  local_time: () => t("The hour by their clock"),
  quiet_hours: () => t("Outside quiet hours"),
  cap: () => t("Below the cap"),
  rendered: () => t("The message can be made"),
  fcm: () => t("FCM accepted it"),
};

const OUTCOMES = {
  sent: () => t("It was sent to them."),
  unknown: () => t("Nobody knows whether it arrived."),
  failed: () => t("It was not sent: FCM refused it."),
  skipped: () => t("It was not sent."),
  control: () => t("They were held back to compare with."),
  held_out: () => t("They are held out of all campaigns."),
  not_in_audience: () => t("They were not in the audience."),
  pending: () => t("Nothing is known yet: the run goes on."),
};

const SIGNS = { true: ["ok", "✓", () => t("passed")], false: ["bad", "✗", () => t("stopped here")], null: ["", "·", () => t("not known")] };

export function Why({ run, person }) {
  const read = useTicket([`/admin/runs/${encodeURIComponent(run)}/why`, { user_id: person }, (ticket) => `/admin/whys/${ticket}`]);
  const { reason } = read.data ?? {};
  // null until it is there
  const why = read.data?.why ?? undefined;
  if (reason) return html`<p class="note bad" role="alert">${reason}</p>`;
  return html`<${Loaded} of=${{ ...read, data: why }} rows=${4}>${() => html`<div class=${read.isLoading ? "old" : ""}><${Gates} why=${why} /></div>`}<//>`;
}

/** What stands behind the gate that was not passed is one line: it did not come to these. */
export function Gates({ why }) {
  const stop = why.gates.findIndex((gate) => !gate.passed);
  const met = stop < 0 ? why.gates : why.gates.slice(0, stop + 1);
  const left = why.gates.length - met.length;
  return html`<p><b>${OUTCOMES[why.outcome]?.() ?? why.outcome}</b></p>
    <ol aria-label=${t("Gates")}>${met.map((each) => html`<${Gate} key=${each.gate} ...${each} />`)}</ol>
    ${left > 0 && html`<p class="soft sm">${t("It did not come to the {n} gates after that.", { n: left })}</p>`}
    ${why.devices.length > 1 && html`<ul class="sm">${why.devices.map((each) => html`<li><code>${each.device_id}</code> ${each.outcome} <span class="soft">${each.reason} ${format.moment(each.at)}</span></li>`)}</ul>`}`;
}

function Gate({ gate, passed, because }) {
  const [kind, sign, word] = SIGNS[passed];
  return html`<li class="check"><span class=${`ic ${kind}`} aria-hidden="true">${sign}</span>
    <b>${GATES[gate]?.() ?? gate}</b><span class="unseen">${word()}</span><span class="soft">${because}</span></li>`;
}
