/** What can be done with a journey. Each is asked about in a sentence: what it does to whoever is inside cannot be taken back. */
import { t } from "../../model/text.js";
import { Dialog } from "../../parts/dialog.js";
import { html, useState } from "../../parts/html.js";
import { Loaded, Refusal } from "../../parts/states.js";
import { useAction, useAnswer } from "../../parts/use.js";
import { world } from "../../parts/world.js";

export function Actions({ it }) {
  const [asked, setAsked] = useState(null);
  const { standing, version, saved_version: saved } = it.status.data;
  const runs = standing === "live" || standing === "paused";
  const verbs = [
    (!runs || version !== saved) && ["launch", t("Launch"), t("Version {version} takes people in from now on, and sends what it says.", { version: String(saved) }), { version: saved }],
    standing === "live" && ["pause", t("Pause"), t("Messages are held back until it is resumed; people go on from step to step."), {}],
    standing === "paused" && ["resume", t("Resume"), t("What was held back is sent, and it goes on sending."), {}],
    runs && ["stop", t("Stop"), t("Nobody comes in any more, and everybody who is inside leaves."), {}],
  ].filter(Boolean);
  return html`${verbs.map((verb) => html`<button key=${verb[0]} type="button" class=${verb[0] === "stop" ? "danger" : ""} onClick=${() => setAsked(verb)}>${verb[1]}…</button>`)}
    ${asked && html`<${Question} it=${it} asked=${asked} close=${() => setAsked(null)} />`}`;
}

function Question({ it, asked: [verb, title, sentence, body], close }) {
  const isLaunch = verb === "launch";
  const answer = useAnswer(`${it.path}/preflight`, isLaunch ? {} : null, 0);
  const doing = useAction(async () => {
    await world.api.post(`${it.path}/${verb}`, body);
    close();
    it.status.reload();
  });
  const stands = !isLaunch || (answer.data && !answer.data.errors.length);
  return html`<${Dialog} title=${title} close=${close}>
    <div class="stack">
      <p>${sentence}</p>
      ${isLaunch && it.draft.isChanged && html`<p class="note warn">${t("What you changed and did not save is not in it.")}</p>`}
      ${isLaunch && html`<${Loaded} of=${answer} rows=${2}>${foreseen}<//>`}
      <${Refusal} error=${doing.error} />
      <p class="row"><button type="button" data-first onClick=${close}>${t("Leave it")}</button>
        <button type="button" class=${verb === "stop" ? "danger" : "primary"} aria-disabled=${doing.isRunning || !stands} onClick=${() => stands && doing.run()}>${title}</button></p>
    </div>
  <//>`;
}

/** What a launch would do, as the API foresees it. */
function foreseen(data) {
  const line = ({ path, message }) => html`<li key=${path + message}><code>${path}</code> ${message}</li>`;
  const fate = ({ step, waiting, becomes, to }) => html`<li key=${step}>${t("{n} at {step}", { n: waiting, step })}: ${FATES[becomes](to)}</li>`;
  return html`${data.errors.length > 0 && html`<div class="note bad" role="alert"><p>${t("It cannot be launched:")}</p><ul>${data.errors.map(line)}</ul></div>`}
    ${data.warnings.length > 0 && html`<div class="note warn"><p>${t("This is odd:")}</p><ul>${data.warnings.map(line)}</ul></div>`}
    ${data.seen !== null && html`<p>${t("{n} events of the name that it begins with came so far.", { n: data.seen })}</p>`}
    ${data.inside.length > 0 && html`<ul>${data.inside.map(fate)}</ul>`}`;
}

const FATES = {
  stay: () => t("go on by the version that they came in by"),
  move: (to) => t("go on at {to}", { to }),
  leave: () => t("leave, for the step is gone"),
};
