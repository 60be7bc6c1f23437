/** How a run stands, in a word; of one that sends nothing, that too. */
import { t } from "../model/text.js";
import { html } from "./html.js";
import { Tag } from "./page.js";

const KINDS = { running: "ok", succeeded: "ok", failed: "bad", aborted: "warn", paused: "warn" };

export function RunState({ run }) {
  const words = { planned: t("planned"), running: t("running"), paused: t("paused"), aborted: t("aborted"), succeeded: t("done"), failed: t("failed") };
  return html`<${Tag} kind=${KINDS[run.state]}>${words[run.state] ?? run.state}<//>${run.rehearsal && html` <${Tag}>${t("rehearsal")}<//>`}`;
}
