/** Today: how old the data is, what runs, what is wrong and what to do about it. Until the first report is read, the first five minutes. */
import * as format from "../model/format.js";
import { href } from "../model/router.js";
import { t } from "../model/text.js";
import { html } from "../parts/html.js";
import { Card, Page, Tag } from "../parts/page.js";
import { RunState } from "../parts/run_state.js";
import { Loaded } from "../parts/states.js";
import { Table } from "../parts/table.js";
import { useRead } from "../parts/use.js";
import { FirstFiveMinutes } from "./today/first.js";

const LOOK_MS = 10_000;
const GOES_ON = new Set(["planned", "running", "paused"]);
const MOST = 8;
const EFFECTS = 3;

export function Screen() {
  const health = useRead("/admin/health", { every: LOOK_MS });
  const runs = useRead("/admin/runs?limit=20", { every: LOOK_MS });
  const names = useRead("/admin/suggestions");
  const reload = () => (names.reload(), health.reload());
  return html`<${Page} title=${t("Today")}>
    <div class="stack">
      ${names.data && runs.data && html`<${FirstFiveMinutes} names=${names.data} runs=${runs.data.runs} reload=${reload} />`}
      <${Loaded} of=${health} rows=${2}>${(data) => html`<${Health} health=${data} />`}<//>
      <${Loaded} of=${runs} rows=${3}>
        ${(data) => html`<${Runs} runs=${data.runs} />${data.runs.filter((run) => run.state === "succeeded").slice(0, EFFECTS).map((run) => html`<${Effect} key=${run.run_id} run=${run} />`)}`}
      <//>
    </div>
  <//>`;
}

function Health({ health }) {
  const { finished_at: through, running, error } = health.curate;
  return html`<${Card} title=${t("Data")} aside=${running ? t("new events are being added") : ""}>
    <p class="verdict">${
      through
        ? t("What came in can be counted up to {when}.", { when: format.ago(through) })
        : t("Nothing can be counted yet: the first events can, a quarter of an hour after they came.")
    }</p>
    ${error && html`<p class="note bad">${error}</p>`}
    ${
      health.healthy
        ? html`<p><${Tag} kind="ok">✓ ${t("Everything works")}<//></p>`
        : html`<ul class="stack tight">${health.concerns.map((each) => html`<li class="note warn"><p>${each.message}</p><p>${each.advice}</p></li>`)}</ul>`
    }
  <//>`;
}

function Runs({ runs }) {
  if (!runs.length) return html`<${Card} title=${t("Runs")}><p class="soft">${t("No campaign was launched yet.")}</p><//>`;
  const live = runs.filter((run) => GOES_ON.has(run.state));
  const title = live.length ? t("{n} runs go on", { n: live.length }) : t("The last runs");
  return html`<${Card} title=${title}>
    <${Table} caption=${title} rows=${live.length ? live : runs.slice(0, MOST)} keyOf=${(run) => run.run_id}
      columns=${[
        { name: t("Campaign"), isHead: true, value: (run) => html`<a href=${href(`/runs/${encodeURIComponent(run.run_id)}`)}>${run.campaign_id}</a>` },
        { name: t("State"), value: (run) => html`<${RunState} run=${run} />` },
        { name: t("Launched"), value: (run) => format.ago(run.launched_at) },
        { name: t("People"), isNumber: true, value: (run) => format.number(run.counts.audience) },
        { name: t("Sent"), isNumber: true, value: (run) => format.number(run.counts.sent) },
      ]} />
  <//>`;
}

/** What a run changed, as it was counted last; of one that was never counted nothing is drawn, and nothing is asked of Athena. */
function Effect({ run }) {
  const { data } = useRead(`/admin/runs/${encodeURIComponent(run.run_id)}/report`);
  if (!data) return null;
  return html`<${Card} title=${t("What {campaign} changed", { campaign: run.campaign_id })} aside=${t("counted {when}", { when: format.ago(data.as_of) })}>
    <p class="verdict">${data.sentence}</p>
    <p><a href=${href(`/runs/${encodeURIComponent(run.run_id)}/effect`)}>${t("The whole report")}</a></p>
  <//>`;
}
