/** What somebody agreed to, as a campaign would find it; and a yes or no that came by telephone or on paper, to be written down. */
import * as format from "../../model/format.js";
import { saidOnce } from "../../model/person.js";
import { t } from "../../model/text.js";
import { Dialog } from "../../parts/dialog.js";
import { Field } from "../../parts/form.js";
import { html, useState } from "../../parts/html.js";
import { Card, Tag } from "../../parts/page.js";
import { Refusal } from "../../parts/states.js";
import { toast } from "../../parts/toasts.js";
import { useAction } from "../../parts/use.js";
import { may, world } from "../../parts/world.js";

export function Consents({ it }) {
  const [isOpen, setOpen] = useState(false);
  const { purposes = {}, consents = {} } = it.profile.data ?? {};
  const named = Object.entries(purposes);
  const said = saidOnce(Object.entries(consents).map(([trait, each]) => ({ trait, ...each })));
  return html`<${Card} title=${t("Consent")}>
    ${!named.length && !said.length && html`<p class="soft">${t("They said nothing, and no purpose asks.")}</p>`}
    <dl class="facts">${named.map(([purpose, each]) => html`<div><dt>${purpose}</dt><dd><${Standing} each=${each} /></dd></div>`)}</dl>
    <ul class="sm stack tight">${said.map(({ agreed, purpose, at, traits }) => html`<li>${agreed ? t("yes to {purpose}", { purpose }) : t("no to {purpose}", { purpose })} <span class="soft">${t("since {day}", { day: format.day(at) })} · ${traits.join(", ")}</span></li>`)}</ul>
    ${may("write") && html`<p><button type="button" onClick=${() => setOpen(true)}>${t("Record a consent")}</button></p>`}
    ${isOpen && html`<${Record} it=${it} purposes=${[...new Set([...(it.names?.purposes ?? []), ...Object.keys(purposes)])]} close=${() => setOpen(false)} />`}
  <//>`;
}

function Standing({ each }) {
  if (each.agreed === null) return html`<${Tag} kind=${each.reached ? "" : "warn"}>${t("did not say")}<//>`;
  return each.reached ? html`<${Tag} kind="ok">${t("given")}<//>` : html`<${Tag} kind="bad">${t("refused")}<//>`;
}

function Record({ it, purposes, close }) {
  const [said, setSaid] = useState({ agreed: null, purpose: "", source: "" });
  const set = (name) => (event) => setSaid({ ...said, [name]: event.target.value });
  const record = useAction(async () => {
    const { body } = await world.api.post("/admin/consents", { ...said, user_id: it.id });
    toast(body.against.length ? t("Recorded, and these traits still say no: {traits}", { traits: body.against.join(", ") }) : t("Recorded. It counts within seconds."));
    it.recorded();
    close();
  });
  return html`<${Dialog} title=${t("Record a consent")} close=${close}>
    <form class="stack" onSubmit=${(event) => (event.preventDefault(), record.run())}>
      <div class="row" role="radiogroup" aria-label=${t("What they said")}>${[[true, t("They said yes")], [false, t("They said no")]].map(([agreed, text]) => html`<label class="row"><input type="radio" name="agreed" required checked=${said.agreed === agreed} onChange=${() => setSaid({ ...said, agreed })} /> ${text}</label>`)}</div>
      <${Field} label=${t("To what")} path="purpose" error=${record.error}>
        ${(given) => html`<select ...${given} value=${said.purpose} onChange=${set("purpose")}><option value="">${t("everything")}</option>${purposes.map((each) => html`<option value=${each}>${each}</option>`)}</select>`}
      <//>
      <${Field} label=${t("Where they said so")} path="source" error=${record.error} hint=${t("As in: by telephone, 21 November")}>
        ${(given) => html`<input ...${given} class="wide" value=${said.source} onInput=${set("source")} />`}
      <//>
      <${Refusal} error=${record.error} fields=${["purpose", "source"]} />
      <p class="row"><button class="primary" disabled=${said.agreed === null || !said.source.trim()} aria-disabled=${record.isRunning}>${t("Record it")}</button><button type="button" onClick=${close}>${t("Leave it")}</button></p>
    </form>
  <//>`;
}
