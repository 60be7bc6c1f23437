/** What a run changed. The report is the API's, section by section, in its own words and pictures: as `regulars campaign report --html` writes it. */
import { href } from "../model/router.js";
import { t } from "../model/text.js";
import { drawn } from "../parts/drawn.js";
import { save } from "../parts/files.js";
import { html, useEffect } from "../parts/html.js";
import { Page } from "../parts/page.js";
import { Loaded } from "../parts/states.js";
import { useAction, useRead } from "../parts/use.js";
import { world } from "../parts/world.js";

/** What was counted last is there at once; where nothing was yet, or somebody wants it anew, it is counted. */
export function Screen({ id }) {
  const run = `/runs/${encodeURIComponent(id)}`;
  const read = useRead(`/admin${run}/report/page`);
  const counting = useAction(async () => {
    for await (const look of world.api.ticket(`/admin${run}/reports`, {}, (ticket) => `/admin/reports/${ticket}`)) if (look.reason) throw new Error(look.reason);
    read.reload();
  });
  const isNew = read.error?.status === 404 && !counting.error;
  useEffect(() => {
    if (isNew) counting.run();
  }, [isNew]);
  const shown = { ...read, error: counting.error ?? (isNew || counting.isRunning ? null : read.error), reload: counting.error ? counting.run : read.reload };
  const actions = html`<button type="button" aria-disabled=${counting.isRunning} onClick=${counting.run}>${counting.isRunning ? t("Counting") : t("Count it again")}</button>
    <button type="button" onClick=${() => save([read.data.html], `${id}.html`, "text/html")}>${t("Download as a page")}</button>`;
  return html`<${Page} title=${t("What it changed")} crumbs=${[[t("Runs"), href("/runs")], [id, href(run)]]} actions=${read.data && actions}>
    <${Loaded} of=${shown} rows=${6}>${({ sections }) => html`<div lang="en" class=${`stack report ${counting.isRunning ? "old" : ""}`}>${sections.map(drawn)}</div>`}<//>
  <//>`;
}
