/** SQL on the lake: the price before, the rows and the price after, the tables beside it. */
import * as drafts from "../model/drafts.js";
import * as format from "../model/format.js";
import * as shortcuts from "../model/shortcuts.js";
import { t } from "../model/text.js";
import { Field } from "../parts/form.js";
import { html, useLayoutEffect, useRef, useState } from "../parts/html.js";
import { Card, Page } from "../parts/page.js";
import { Empty, Loaded, Refusal } from "../parts/states.js";
import { useAction, useAnswer, useQuestion } from "../parts/use.js";
import { world } from "../parts/world.js";
import { Outcome } from "./sql/outcome.js";
import { Schema } from "./sql/schema.js";

const FIRST = "SELECT event_name, count(*) AS events\nFROM events\nWHERE event_ts >= current_date - INTERVAL '30' DAY\nGROUP BY 1\nORDER BY 2 DESC";

export function Screen() {
  const [sql, setSql] = useState(() => drafts.kept("sql text") ?? FIRST);
  const [last, setLast] = useState(() => drafts.kept("sql last") ?? []);
  const query = useQuestion("sql query", "/admin/queries");
  const plan = useAnswer("/admin/query-plans", sql.trim() ? { sql } : null);
  const area = useRef(null);
  const isRunning = query.isLoading && !query.error;
  const goesOn = /queued|running/.test(query.data?.state);
  const write = (text) => (drafts.keep("sql text", text), setSql(text));
  const stop = useAction(async () => {
    area.current.focus();
    await world.api.post(`/admin/queries/${query.data.ticket}/cancel`);
  });
  const run = () => {
    const { value } = area.current;
    if (!value.trim() || (isRunning && query.asked.sql === value)) return;
    if (goesOn) stop.run();
    const kept = [value, ...last.filter((each) => each !== value)].slice(0, 20);
    drafts.keep("sql last", kept);
    setLast(kept);
    query.ask({ sql: value });
  };
  useLayoutEffect(() => shortcuts.add("mod+Enter", () => t("Run the statement"), run), [last, isRunning, query.data, query.asked]);
  const refused = plan.error ?? (query.asked?.sql === sql ? query.error : null);
  return html`<${Page} title=${t("SQL")}>
    <div class="cols">
      <div class="stack">
        <form class="card stack" onSubmit=${(event) => (event.preventDefault(), run())}>
          <${Field} label=${t("Statement")} path="sql" error=${refused} hint=${t("It can only read. What it finds may be about people: what you export is not erased with them.")}>
            ${(given) => html`<textarea ...${given} ref=${area} class="sql" rows="10" spellcheck="false" autocapitalize="off" value=${sql} onInput=${(event) => write(event.target.value)} />`}
          <//>
          <${Refusal} error=${refused ?? stop.error} fields=${["sql"]} />
          <div class="between">
            <p class="row">
              <button class="primary">${isRunning ? t("Running") : t("Run")}</button>
              ${goesOn && html`<button type="button" onClick=${stop.run}>${t("Stop")}</button>`}<kbd>Ctrl Enter</kbd>
            </p>
            <p class=${`sm num ${plan.isLoading ? "old" : ""}`} role="status">${plan.data && !plan.error && priced(plan.data)}</p>
          </div>
        </form>
        ${!query.at && html`<${Empty} title=${t("Nothing was asked yet")} text=${t("What a statement finds is shown here, and kept for seven days.")} />`}
        ${query.at > 0 && (query.data || !query.error?.field) && html`<${Loaded} of=${query}>${(look) => html`<${Outcome} look=${look} isOld=${isRunning} key=${look.ticket} />`}<//>`}
      </div>
      <div class="stack">
        <${Schema} />
        ${last.length > 0 && html`<${Card} title=${t("Your last statements")} aside=${t("in this tab only")}>
          <ul class="stack tight">${last.map((each) => html`<li key=${each}><button type="button" class="quiet clip" onClick=${() => (write(each), area.current.focus())}><code>${each}</code></button></li>`)}</ul>
        <//>`}
      </div>
    </div>
  <//>`;
}

/** About, and at most. */
function priced({ reads, bytes, cost_usd, expected_bytes, expected_usd, limit, unknown }) {
  if (!reads) return t("It reads no data, and is free.");
  if (bytes === null) return t("Nobody can say before what this reads ({why}); it is stopped at {size}.", { why: unknown.join("; "), size: format.bytes(limit) });
  const [low, high] = [format.dollars(expected_usd), format.dollars(cost_usd)];
  return html`<b>${low === high ? high : t("{low} to {high}", { low, high })}</b>: ${t("it reads about {size}, at most {most}.", { size: format.bytes(expected_bytes), most: format.bytes(bytes) })}`;
}
