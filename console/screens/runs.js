/** The runs of all campaigns or of one, the newest first. */
import * as format from "../model/format.js";
import { ask, here, href } from "../model/router.js";
import { isOver } from "../model/runs.js";
import { t } from "../model/text.js";
import { html, useState } from "../parts/html.js";
import { Page } from "../parts/page.js";
import { RunState } from "../parts/run_state.js";
import { Empty, Loaded, Refusal } from "../parts/states.js";
import { More, Table } from "../parts/table.js";
import { useAction, useRead } from "../parts/use.js";
import { world } from "../parts/world.js";

const LOOK_MS = 10_000;

export function Screen() {
  const campaign = here.value.query.get("campaign") ?? "";
  const campaigns = useRead("/admin/campaigns?archived=true");
  const names = campaigns.data?.campaigns ?? [];
  return html`<${Page} title=${t("Runs")}>
    <div class="stack">
      <label class="row sm">${t("Campaign")}
        <select value=${campaign} onChange=${(event) => ask({ campaign: event.target.value })}>
          <option value="">${t("all")}</option>
          ${names.map((each) => html`<option key=${each.id} value=${each.id} selected=${each.id === campaign}>${each.name || each.id}</option>`)}
        </select></label>
      <${List} key=${campaign} campaign=${campaign} names=${names} />
    </div>
  <//>`;
}

/** The first page is looked at again while something goes on; those that were added under it stay as they were read. */
function List({ campaign, names }) {
  const path = `/admin/runs?limit=50${campaign && `&campaign_id=${encodeURIComponent(campaign)}`}`;
  const read = useRead(path, { every: LOOK_MS, done: ({ runs }) => runs.every(isOver) });
  const [older, setOlder] = useState({ runs: [] });
  const more = useAction(async (page) => {
    const { body } = await world.api.get(`${path}&page=${encodeURIComponent(page)}`);
    setOlder((before) => ({ runs: [...before.runs, ...body.runs], next: body.next }));
  });
  return html`<${Loaded} of=${read} rows=${8}>
    ${({ runs, next }) => {
      const seen = new Set(runs.map((run) => run.run_id));
      const shown = [...runs, ...older.runs.filter((run) => !seen.has(run.run_id))];
      if (!shown.length) return html`<${Empty} title=${t("Nothing was launched yet")} text=${t("A run is one launch of a campaign: it can be followed, held, ended, and reported on.")}><a href=${href("/campaigns")}>${t("Go to the campaigns")}</a><//>`;
      return html`<${Rows} runs=${shown} names=${names} /><${Refusal} error=${more.error} /><${More} next=${older.next ?? next} more=${more.run} isLoading=${more.isRunning} />`;
    }}
  <//>`;
}

function Rows({ runs, names }) {
  const name = (id) => names.find((each) => each.id === id)?.name || id;
  const path = (run) => href(`/runs/${encodeURIComponent(run.run_id)}`);
  return html`<${Table} caption=${t("Runs")} rows=${runs} keyOf=${(run) => run.run_id} columns=${[
    { name: t("Launched"), isHead: true, value: (run) => html`<a href=${path(run)}>${format.moment(run.launched_at)}</a>` },
    { name: t("Campaign"), value: (run) => name(run.campaign_id) },
    { name: t("State"), value: (run) => html`<${RunState} run=${run} />` },
    { name: t("People"), isNumber: true, value: (run) => format.number(run.counts.audience) },
    { name: t("Sent"), isNumber: true, value: (run) => format.number(run.counts.sent) },
    { name: t("Cost"), isNumber: true, value: (run) => (run.cost?.total == null ? "–" : format.dollars(run.cost.total)) },
  ]} />`;
}
