/** The list of campaigns: what each says, when it goes out next, how its last run stands and what that changed. */
import * as format from "../model/format.js";
import { variantsOf } from "../model/campaigns.js";
import { at } from "../model/documents.js";
import { ask, here, href } from "../model/router.js";
import { clockTime } from "../model/schedules.js";
import { t } from "../model/text.js";
import { html } from "../parts/html.js";
import { Page, Tag } from "../parts/page.js";
import { RunState } from "../parts/run_state.js";
import { Empty, Loaded } from "../parts/states.js";
import { Table } from "../parts/table.js";
import { useRead } from "../parts/use.js";
import { may } from "../parts/world.js";

const RUNS = 100;
const REPORTS = 20;

export function Screen() {
  const withArchived = here.value.query.get("archived") === "yes";
  const campaigns = useRead(withArchived ? "/admin/campaigns?archived=true" : "/admin/campaigns");
  const runs = useRead(`/admin/runs?limit=${RUNS}`);
  const segments = useRead("/admin/segments");
  const create = may("write") && html`<a class="primary" href=${href("/campaigns/new")}>${t("New campaign")}</a>`;
  return html`<${Page} title=${t("Campaigns")} actions=${create}>
    <div class="stack">
      <label class="row sm"><input type="checkbox" checked=${withArchived} onChange=${(event) => ask({ archived: event.target.checked && "yes" })} /> ${t("Show archived ones")}</label>
      <${Loaded} of=${campaigns} rows=${8}>
        ${({ campaigns: all }) =>
          all.length
            ? html`<${List} campaigns=${all} runs=${runs.data?.runs ?? []} segments=${segments.data?.segments ?? []} />`
            : html`<${Empty} title=${t("There is no campaign yet")} text=${t("A campaign sends each person of a segment a message of their own, and holds some back to compare with.")}>${create}<//>`}
      <//>
    </div>
  <//>`;
}

function List({ campaigns, runs, segments }) {
  const last = (campaign) => runs.find((run) => run.campaign_id === campaign.id && !run.rehearsal);
  const shown = campaigns.map((campaign, index) => ({ ...campaign, run: last(campaign), isEarly: index < REPORTS }));
  const named = (id) => segments.find((each) => each.id === id)?.name ?? id;
  return html`<${Table} caption=${t("Campaigns")} rows=${shown}
    columns=${[
      { name: t("Name"), isHead: true, sort: (each) => each.name || each.id, value: (each) => html`<${Name} campaign=${each} />` },
      { name: t("To"), value: (each) => each.audience.include.map(named).join(", ") },
      { name: t("Goes out next"), sort: (each) => each.next?.[0], value: (each) => html`<${Next} campaign=${each} />` },
      { name: t("Last run"), sort: (each) => each.run?.launched_at, value: (each) => html`<${LastRun} run=${each.run} />` },
      { name: t("What it changed"), value: (each) => html`<${Effect} run=${each.isEarly ? each.run : undefined} />` },
    ]} />`;
}

/** What a campaign says is told by its first text: the name alone is often a date. */
function Name({ campaign }) {
  const push = at(campaign, variantsOf(campaign)[0].path) ?? {};
  return html`<a href=${href(`/campaigns/${encodeURIComponent(campaign.id)}`)}>${campaign.name || campaign.id}</a>
    ${campaign.archived && html` <${Tag}>${t("archived")}<//>`}
    <p class="soft clip">${push.title || push.body}</p>`;
}

const Next = ({ campaign }) =>
  campaign.next ? clockTime(campaign.next[0]) : html`<span class="soft">${campaign.schedule ? t("never again") : t("by hand")}</span>`;

function LastRun({ run }) {
  if (!run) return html`<span class="soft">${t("never")}</span>`;
  return html`<a href=${href(`/runs/${encodeURIComponent(run.run_id)}`)}>${format.ago(run.launched_at)}</a> <span class="soft">${t("{n} sent", { n: run.counts.sent })}</span> ${run.state !== "succeeded" && html`<${RunState} run=${run} />`}`;
}

/** Of a report that was counted before: nothing is counted for a list. */
function Effect({ run }) {
  const report = useRead(run?.concluded_at ? `/admin/runs/${encodeURIComponent(run.run_id)}/report` : null);
  const found = report.data?.effect.find((each) => each.metric === "conversion");
  if (typeof found?.difference !== "number") return html`<span class="soft">–</span>`;
  const points = (share) => t("{points} points", { points: format.signed(share * 100) });
  if (typeof found.low !== "number") return points(found.difference);
  return html`<a class="num" href=${href(`/runs/${encodeURIComponent(run.run_id)}/effect`)}>${points(found.difference)}</a> <span class="soft">${t("({low} to {high})", { low: format.signed(found.low * 100), high: format.signed(found.high * 100) })}</span>`;
}
