/** Sources: apps, sites and servers that send, each with a name that stays and keys that change. A key is shown once, when it is made. */
import * as format from "../model/format.js";
import { t } from "../model/text.js";
import { Dialog } from "../parts/dialog.js";
import { Field } from "../parts/form.js";
import { html, useState } from "../parts/html.js";
import { Card, Page, Tag } from "../parts/page.js";
import { Empty, Loaded, Refusal } from "../parts/states.js";
import { Table } from "../parts/table.js";
import { toast } from "../parts/toasts.js";
import { useAction, useRead } from "../parts/use.js";
import { may, world } from "../parts/world.js";

const OVERLAPS = ["30d", "7d", "1d", "0"];

export function Screen() {
  const read = useRead("/admin/sources");
  const [open, setOpen] = useState(null);
  const [issued, setIssued] = useState(null);
  const close = () => setOpen(null);
  const done = (key) => (close(), setIssued(key ?? null), read.reload());
  const add = may("write") && html`<button type="button" class="primary" onClick=${() => setOpen({ what: "create" })}>${t("New source")}</button>`;
  return html`<${Page} title=${t("Sources")} actions=${add}>
    <div class="stack">
      <${Loaded} of=${read} rows=${3}>${({ sources }) =>
        sources.length
          ? html`<${List} sources=${sources} act=${(what, source) => setOpen({ what, source })} />`
          : html`<${Empty} title=${t("Nothing sends yet")} text=${t("A source is an app, a site or a server that sends events. It gets a key of its own.")}>${add}<//>`}<//>
      <${HowToSend} />
    </div>
    ${open?.what === "create" && html`<${Create} close=${close} done=${done} />`}
    ${open?.what === "rotate" && html`<${Rotate} source=${open.source} close=${close} done=${done} />`}
    ${open?.what === "revoke" && html`<${Revoke} source=${open.source} close=${close} done=${done} />`}
    ${issued && html`<${Issued} issued=${issued} close=${() => setIssued(null)} />`}
  <//>`;
}

const List = ({ sources, act }) => html`<${Table} caption=${t("Sources")} rows=${sources} keyOf=${(each) => each.name} columns=${[
  { name: t("Name"), isHead: true, sort: (each) => each.name, value: (each) => html`<b>${each.name}</b>` },
  { name: t("State"), value: (each) => (each.state === "revoked" ? html`<${Tag} kind="bad">${t("revoked {when}", { when: format.ago(each.revoked_at) })}<//>` : html`<${Tag} kind="ok">${t("may send")}<//>`) },
  { name: t("Keys, by their SHA-256"), value: (each) => (each.keys.length ? each.keys.map((key) => html`<div><code>${key.fingerprint}…</code> <span class="soft">${key.ends_at ? t("ends {when}", { when: format.ago(key.ends_at) }) : t("since {day}", { day: format.day(key.made_at) })}</span></div>`) : "–") },
  { name: t("Made"), sort: (each) => each.created_at, value: (each) => format.day(each.created_at) },
  ...(may("write") ? [{ name: t("What to do"), value: (each) => html`<${Actions} source=${each} act=${act} />` }] : []),
]} />`;

const Actions = ({ source, act }) => html`<span class="row">
  <button type="button" aria-label=${t("New key for {name}", { name: source.name })} onClick=${() => act("rotate", source)}>${t("New key")}</button>
  ${source.keys.length > 0 && html`<button type="button" class="danger" aria-label=${t("Revoke {name}", { name: source.name })} onClick=${() => act("revoke", source)}>${t("Revoke")}</button>`}
</span>`;

function Create({ close, done }) {
  const [name, setName] = useState("");
  const create = useAction(async () => done((await world.api.post("/admin/sources", { name: name.trim() })).body));
  return html`<${Dialog} title=${t("New source")} close=${close}>
    <form class="stack" onSubmit=${(event) => (event.preventDefault(), create.run())}>
      <${Field} label=${t("Name")} path="name" error=${create.error} hint=${t("It stands on every row that it sends, and stays.")}>
        ${(given) => html`<input ...${given} value=${name} data-first placeholder="app" onInput=${(event) => setName(event.target.value)} />`}
      <//>
      <${Refusal} error=${create.error} fields=${["name"]} />
      <p class="row"><button class="primary" aria-disabled=${create.isRunning}>${t("Make it, and its key")}</button></p>
    </form>
  <//>`;
}

function Rotate({ source, close, done }) {
  const [overlap, setOverlap] = useState("7d");
  const rotate = useAction(async () => done((await world.api.post(`/admin/sources/${source.name}/rotate`, { overlap })).body));
  const words = { "30d": t("30 days more"), "7d": t("7 days more"), "1d": t("a day more"), 0: t("not a moment more") };
  return html`<${Dialog} title=${t("A new key for {name}", { name: source.name })} close=${close}>
    <form class="stack" onSubmit=${(event) => (event.preventDefault(), rotate.run())}>
      <${Field} label=${t("The old keys are good for")} path="overlap" error=${rotate.error} hint=${t("Whoever sends with a key that has ended is answered 401, and gives up what it sends.")}>
        ${(given) => html`<select ...${given} value=${overlap} data-first onChange=${(event) => setOverlap(event.target.value)}>${OVERLAPS.map((each) => html`<option value=${each}>${words[each]}</option>`)}</select>`}
      <//>
      <${Refusal} error=${rotate.error} fields=${["overlap"]} />
      <p class="row"><button class="primary" aria-disabled=${rotate.isRunning}>${t("Make the key")}</button></p>
    </form>
  <//>`;
}

function Revoke({ source, close, done }) {
  const revoke = useAction(async () => {
    await world.api.post(`/admin/sources/${source.name}/revoke`, {});
    toast(t("{name} may send no more", { name: source.name }));
    done();
  });
  return html`<${Dialog} title=${t("Revoke {name}?", { name: source.name })} close=${close}>
    <div class="stack">
      <p>${t("All its keys end within ten seconds: whatever still carries one is answered 401, and loses what it sends. What it sent before stays. A new key lets it send again.")}</p>
      <${Refusal} error=${revoke.error} />
      <p class="row"><button type="button" class="danger" aria-disabled=${revoke.isRunning} onClick=${revoke.run}>${t("End all its keys")}</button><button type="button" data-first onClick=${close}>${t("Leave it")}</button></p>
    </div>
  <//>`;
}

function Issued({ issued, close }) {
  const copy = () => navigator.clipboard?.writeText(issued.write_key).then(() => toast(t("Copied")));
  return html`<${Dialog} title=${t("The key of {name}", { name: issued.name })} close=${close}>
    <div class="stack">
      <p>${t("Copy it now: only its SHA-256 is kept, and nobody can show it again.")}</p>
      <pre tabindex="0" aria-label=${t("Write key")}>${issued.write_key}</pre>
      ${issued.others_end_at && html`<p class="soft">${t("Its other keys end {when}.", { when: format.ago(issued.others_end_at) })}</p>`}
      <p class="row"><button type="button" class="primary" data-first onClick=${copy}>${t("Copy")}</button><button type="button" onClick=${close}>${t("I have it")}</button></p>
    </div>
  <//>`;
}

const HowToSend = () => html`<${Card} title=${t("How to send")}>
  <p>${t("Any library of Segment or RudderStack sends here: its write key is a key of a source, its host this address.")}</p>
  <pre tabindex="0">curl -u WRITE_KEY: ${location.origin}/v1/track -H 'Content-Type: application/json' \\
  -d '${JSON.stringify({ event: "Order Completed", userId: "ada", properties: { revenue: 10.5 } })}'</pre>
<//>`;
