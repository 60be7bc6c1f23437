/** What can be done with a run: hold it, go on with it, end it, and look at what it changed. */
import { go, here, href } from "../../model/router.js";
import { hasEnded, isOver } from "../../model/runs.js";
import { t } from "../../model/text.js";
import { Dialog } from "../../parts/dialog.js";
import { html, useState } from "../../parts/html.js";
import { focusHeading } from "../../parts/page.js";
import { Refusal } from "../../parts/states.js";
import { useAction } from "../../parts/use.js";
import { may, world } from "../../parts/world.js";

/** `run(verb, body)` answers with the run as it is then, which of one that had ended is another. */
export function useDoing(path, read) {
  return useAction(async (verb, body) => {
    const { body: run } = await world.api.post(`${path}/${verb}`, body);
    focusHeading();
    const its = `/runs/${encodeURIComponent(run.run_id)}`;
    if (its === here.value.path) read.reload();
    else go(its);
    return run;
  });
}

export function Actions({ run, doing, path, read }) {
  const [isEnding, setEnding] = useState(false);
  const button = (text, verb, body) => html`<button type="button" aria-disabled=${doing.isRunning} onClick=${() => doing.run(verb, body)}>${text}</button>`;
  const effect = `/runs/${encodeURIComponent(run.run_id)}/effect`;
  const isPaused = run.state === "paused";
  return html`${may("send") && html`
      ${!isPaused && !hasEnded(run) && button(t("Pause"), "pause")}
      ${isPaused && button(t("Resume"), "resume")}
      ${isOver(run) && run.state !== "succeeded" && button(t("Go on with whoever is left"), "resume")}
      ${doing.error?.message.includes("--late") && button(t("Resume although it is late"), "resume", { late: true })}
      ${!hasEnded(run) && html`<button type="button" class="danger" onClick=${() => setEnding(true)}>${t("End it…")}</button>`}`}
    ${isOver(run) && html`<a class="primary" href=${href(effect)}>${t("What it changed")}</a>`}
    ${isEnding && html`<${Ending} run=${run} path=${path} read=${read} close=${() => setEnding(false)} />`}`;
}

function Ending({ run, path, read, close }) {
  const doing = useDoing(path, read);
  const end = async () => (await doing.run("abort")) && close();
  return html`<${Dialog} title=${t("End this run?")} close=${close}>
    <div class="stack">
      <p>${t("Whoever was sent the message keeps it. {n} people have not had their turn, and get nothing.", { n: run.counts.skipped.not_reached ?? run.counts.treated })}</p>
      <p class="soft">${t("To hold it for a while, pause it instead.")}</p>
      <${Refusal} error=${doing.error} />
      <p class="row"><button type="button" data-first onClick=${close}>${t("Leave it")}</button>
        <button type="button" class="danger" aria-disabled=${doing.isRunning} onClick=${end}>${t("End the run")}</button></p>
    </div>
  <//>`;
}
