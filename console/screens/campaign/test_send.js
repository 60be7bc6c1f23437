/** The message as it is written now, sent to one person's devices and marked as a test. */
import { t } from "../../model/text.js";
import { Dialog } from "../../parts/dialog.js";
import { Field } from "../../parts/form.js";
import { html, useState } from "../../parts/html.js";
import { Tag } from "../../parts/page.js";
import { Refusal } from "../../parts/states.js";
import { useAction } from "../../parts/use.js";
import { world } from "../../parts/world.js";

export function TestSend({ it, close }) {
  const [to, setTo] = useState(it.reader);
  const [sent, setSent] = useState(null);
  const send = useAction(async () => {
    setSent(null);
    setSent((await world.api.post(`${it.path}/test`, { user_id: to, variant: it.edited.id, document: it.document })).body);
  });
  return html`<${Dialog} title=${t("Send a test")} close=${close}>
    <form class="stack" onSubmit=${(event) => (event.preventDefault(), send.run())}>
      <p class="soft">${t("It goes to each device of this person, now, as it is written here. Its title begins with [Test], and no report counts it.")}</p>
      <${Field} label=${t("To the person with the id")} path="user_id" error=${send.error}>
        ${(given) => html`<input ...${given} data-first list="readers" value=${to} onInput=${(event) => setTo(event.target.value)} />
          <datalist id="readers">${it.members.people.map((id) => html`<option value=${id}></option>`)}</datalist>`}<//>
      <${Refusal} error=${send.error} fields=${["user_id"]} />
      <p><button class="primary" disabled=${!to} aria-disabled=${send.isRunning}>${send.isRunning ? t("Sending") : t("Send it to {who}", { who: to || "…" })}</button></p>
      ${sent && html`<ul class="stack tight" role="status">${sent.messages.map((each) => html`<li><${Tag} kind=${each.outcome === "accepted" ? "ok" : "bad"}>${each.outcome === "accepted" ? t("sent") : t("refused")}<//>
        ${each.variant} ${each.device_id} ${each.message}</li>`)}</ul>`}
    </form>
  <//>`;
}
