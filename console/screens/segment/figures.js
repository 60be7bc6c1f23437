/** What the rule that is being written comes to: exact, clause by clause, asked a while after the last change. The last figures stay, greyed. */
import * as format from "../../model/format.js";
import { t } from "../../model/text.js";
import { html, useEffect, useRef } from "../../parts/html.js";
import { Card } from "../../parts/page.js";
import { isWhole } from "../../parts/rule/edits.js";
import { useTicket } from "../../parts/use.js";

const DELAY_MS = 400;
const FRESH_MS = 300_000;

/**
 * Asks what was not asked a moment ago, so that taking something back costs nothing, and tells the lines by the signals of `edit`; answers
 * `{ counted, isCounting, error, retry }`.
 */
export function useFigures(rule, asOf, edit, refused) {
  const question = isWhole(rule) ? ["/admin/segment-previews", { rule, ...(asOf ? { as_of: asOf } : {}) }, (ticket) => `/admin/explanations/${ticket}`] : null;
  const about = question && JSON.stringify(question.slice(0, 2));
  const kept = useRef({ counted: null, warnings: [], answers: new Map() }).current;
  const last = kept.answers.get(about);
  const before = last && Date.now() - last.at < FRESH_MS ? last : null;
  const ticket = useTicket(before ? null : question, DELAY_MS);
  const isCounting = Boolean(question) && !before && (ticket.isLoading || ticket.about !== about);
  const { data, reload } = ticket;
  if (before) Object.assign(kept, before);
  else if (data?.warnings) kept.warnings = data.warnings;
  else if (data?.count != null && !isCounting && !ticket.error && question) {
    kept.counted = { ...data, by: Object.fromEntries(data.clauses.map((each) => [each.path, each])) };
    kept.answers.set(about, { counted: kept.counted, warnings: kept.warnings, at: Date.now() });
  }
  const error = before ? null : ticket.error;
  const failed = data?.state === "failed" && !isCounting && !before ? { message: data.reason, code: "query_failed" } : error;
  useEffect(() => {
    edit.figures.value = { by: question ? kept.counted?.by : null, known: kept.counted?.known, isOld: isCounting || Boolean(failed) };
  }, [kept.counted, isCounting, failed, !question]);
  useEffect(() => {
    edit.said.value = { refusals: [error, refused].filter((each) => each?.field?.startsWith("rule")), warnings: kept.warnings };
  }, [error, refused, kept.warnings]);
  useEffect(() => {
    if (error?.status !== 0) return undefined;
    addEventListener("online", reload);
    return () => removeEventListener("online", reload);
  }, [error]);
  return { counted: question ? kept.counted : null, isCounting, error: failed, retry: reload };
}

/** The whole: how many, how many of them a push reaches, and what it cost to know. */
export function Total({ counted, isCounting, error, retry, asOf, setAsOf }) {
  return html`<${Card} title=${t("Would be in this segment")} aside=${isCounting ? t("counting") : ""}>
    ${counted ? html`<div class=${isCounting || error ? "old" : ""}><p class="big" role="status">${format.number(counted.count)}</p>
        <p class="sm soft num">${t("{share} of {n} known people", { share: format.percent(counted.count / Math.max(counted.known, 1)), n: counted.known })}</p></div>
        <div class="between sm"><span>${t("Reachable by push")}</span><b class="num">${format.number(counted.reached)}</b></div>
        <p class="sm soft num">${t("This count cost {price} ({bytes} read).", { price: format.dollars(counted.cost_usd), bytes: format.bytes(counted.bytes_scanned) })}</p>`
      : html`<p class="soft">${isCounting ? t("It is being counted.") : error?.field ? t("It cannot be counted yet: why stands beside the condition.") : t("Add a condition, and see here how many people it finds.")}</p>`}
    ${error && !error.field?.startsWith("rule") && html`<p class="note warn" role="alert">${error.status === 0 ? t("There is no connection. What you typed is kept, and counted as soon as the network is back.") : error.message}
      <button type="button" class="quiet" onClick=${retry}>${t("Try again")}</button></p>`}
    <label class="row sm">${t("as of")} <input type="date" value=${asOf} onChange=${({ target }) => setAsOf(target.value)} /> UTC</label>
    ${counted && html`<p class="answer num" aria-hidden="true">${t("{n} people", { n: counted.count })} · ${t("{n} by push", { n: counted.reached })}</p>`}
  <//>`;
}
