/** Which ids are this person's, since when and by what; and the way back where that was wrong. */
import * as format from "../../model/format.js";
import { instant } from "../../model/person.js";
import { t } from "../../model/text.js";
import { Dialog } from "../../parts/dialog.js";
import { html, useState } from "../../parts/html.js";
import { Card, Tag } from "../../parts/page.js";
import { Loaded, Refusal } from "../../parts/states.js";
import { Table } from "../../parts/table.js";
import { toast } from "../../parts/toasts.js";
import { useAction } from "../../parts/use.js";
import { may, world } from "../../parts/world.js";

export function Identities({ it }) {
  const [open, setOpen] = useState(null);
  const { state, reason, identities, conflicts } = it.ids.data ?? {};
  if (reason) return html`<p class="note warn">${t("Some of it could not be read: {why}", { why: reason })}</p>`;
  const read = { ...it.ids, data: state === "succeeded" ? it.ids.data : undefined };
  return html`<${Card} title=${t("Also known as")}>
    <${Loaded} of=${read} rows=${2}>${() => html`
      ${identities.length ? html`<${List} it=${it} identities=${identities} open=${setOpen} />` : html`<p class="soft">${t("This id alone.")}</p>`}
      ${conflicts.map((each) => html`<p class="note warn">${t("The id {id} was claimed for them, and is another person's: {owner}", { id: each.id, owner: each.owner ?? t("nobody") })}</p>`)}`}<//>
    ${open && html`<${Decide} it=${it} identity=${open} close=${() => setOpen(null)} />`}
  <//>`;
}

function List({ it, identities, open }) {
  const kinds = { anonymous: t("before they were known"), user: t("another id of theirs") };
  // Only what they claimed themselves can be taken from them.
  const act = (each) => each.claimed_by === it.id && html`<button type="button" onClick=${() => open(each)}>${each.until ? t("Join {id} again", { id: each.id }) : t("Separate {id}", { id: each.id })}</button>`;
  return html`<${Table} caption=${t("Ids")} rows=${identities} keyOf=${(each) => `${each.kind} ${each.id}`} columns=${[
    { name: t("Id"), isHead: true, value: (each) => html`<code>${each.id}</code>` },
    { name: t("What it is"), value: (each) => html`${kinds[each.kind] ?? each.kind} ${each.until && html`<${Tag} kind="warn">${t("separated {when}", { when: format.ago(instant(each.until)) })}<//>`}` },
    { name: t("Since"), value: (each) => html`${format.moment(instant(each.since))} <span class="soft">${each.by} ${each.message_id}</span>` },
    ...(may("write") ? [{ name: t("What to do"), value: act }] : []),
  ]} />`;
}

function Decide({ it, identity, close }) {
  const separates = !identity.until;
  const decide = useAction(async () => {
    await world.api.post("/admin/identities/decisions", { user_id: it.id, kind: identity.kind, id: identity.id, decision: separates ? "separated" : "joined" });
    toast(t("Decided. It counts as soon as new events were added."));
    it.ids.reload();
    close();
  });
  return html`<${Dialog} title=${identity.id} close=${close}>
    <div class="stack">
      <p>${separates ? t("From now on what it did is not theirs, whatever claims it again. Segments as of a moment before still count it.") : t("It is as if it had never been separated.")}</p>
      <${Refusal} error=${decide.error} />
      <p class="row"><button type="button" class="primary" aria-disabled=${decide.isRunning} onClick=${decide.run}>${separates ? t("Separate it") : t("Join it again")}</button><button type="button" data-first onClick=${close}>${t("Leave it")}</button></p>
    </div>
  <//>`;
}
