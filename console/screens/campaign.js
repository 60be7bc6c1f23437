/** One campaign, from its first word to its launch: audience, message, when, goal, delivery, review; and its versions. */
import { ask, here, href } from "../model/router.js";
import { t } from "../model/text.js";
import { DocumentPage, SaveOrDrop } from "../parts/document.js";
import { StaleVersion } from "../parts/form.js";
import { html, useState } from "../parts/html.js";
import { focusHeading } from "../parts/page.js";
import { Loaded, Refusal } from "../parts/states.js";
import { Tabs } from "../parts/tabs.js";
import { toast } from "../parts/toasts.js";
import { useAction } from "../parts/use.js";
import { Versions } from "../parts/versions.js";
import { may, world } from "../parts/world.js";
import { Audience } from "./campaign/audience.js";
import { useCampaign } from "./campaign/campaign.js";
import { Delivery } from "./campaign/delivery.js";
import { Goal } from "./campaign/goal.js";
import { Message } from "./campaign/message.js";
import { Preflight } from "./campaign/preflight.js";
import { Preview } from "./campaign/preview.js";
import { Review } from "./campaign/review.js";
import { Shares } from "./campaign/shares.js";
import { TestSend } from "./campaign/test_send.js";
import { When } from "./campaign/when.js";

/** Which part of the document is written where: a refusal is shown beside its field, and marks the tab. */
const PLACES = { audience: ["id", "name", "audience"], message: ["message", "variants"], when: ["schedule"], goal: ["goal", "control", "guardrails"], delivery: ["delivery"] };

export function Screen({ id }) {
  const it = useCampaign(id);
  return html`<${DocumentPage} it=${it} title=${id || t("New campaign")} list=${[t("Campaigns"), href("/campaigns")]} actions=${html`<${Actions} it=${it} />`}><${Editor} it=${it} /><//>`;
}

function Actions({ it }) {
  const [isTesting, setTesting] = useState(false);
  const review = (event) => (event.preventDefault(), focusHeading(), ask({ tab: "review" }));
  return html`${may("send") && it.rendered.data && html`<button type="button" onClick=${() => setTesting(true)}>${t("Send a test")}</button>`}
    <${SaveOrDrop} it=${it} kind="" isKept=${!it.document.schedule} />
    ${here.value.query.get("tab") !== "review" && html`<a class="primary" href=${href(`${here.value.path}?tab=review`)} onClick=${review}>${may("write") ? t("Review and launch") : t("Review")}</a>`}
    ${isTesting && html`<${TestSend} it=${it} close=${() => setTesting(false)} />`}`;
}

function Editor({ it }) {
  const { save, document, error } = it;
  const isWrongIn = (tab) => error?.field && PLACES[tab].some((place) => new RegExp(`^${place}([.[]|$)`).test(error.field));
  const named = (tab, text) => (isWrongIn(tab) ? html`${text} <span class="bad" aria-hidden="true">✗</span><span class="unseen">${t("(something is to be mended)")}</span>` : text);
  const tabs = [
    ["audience", named("audience", t("1 Audience")), () => html`<${Beside} it=${it}><${Audience} it=${it} /><//>`],
    ["message", named("message", t("2 Message")), () => html`<${Beside} it=${it} isShown><${Message} it=${it} /><${Preflight} it=${it} /><//>`],
    ["when", named("when", t("3 When")), () => html`<${Beside} it=${it}><${When} it=${it} /><//>`],
    ["goal", named("goal", t("4 Goal and control group")), () => html`<${Beside} it=${it}><${Goal} it=${it} /><//>`],
    ["delivery", named("delivery", t("5 Delivery")), () => html`<${Beside} it=${it}><${Delivery} it=${it} /><//>`],
    ["review", t("6 Review"), () => html`<${Beside} it=${it} isShown><${Review} it=${it} /><${Preflight} it=${it} /><//>`],
    ...(it.isNew ? [] : [["versions", t("Versions"), () => html`<${History} it=${it} />`]]),
  ];
  return html`<div class="stack">
    <${StaleVersion} save=${save} mine=${document} />
    <${Refusal} error=${save.error} fields=${Object.values(PLACES).flat()} />
    <${Tabs} label=${t("Campaign")} tabs=${tabs} />
  </div>`;
}

/** What is written, and beside it how it comes out. */
const Beside = ({ it, isShown, children }) => html`<div class="cols">
  <div class="stack">${children}</div>
  <aside class="stack" aria-label=${t("How it comes out")}>${isShown && html`<${Preview} it=${it} />`}<${Shares} it=${it} /></aside>
</div>`;

function History({ it }) {
  const archive = useAction(async () => {
    await world.api.post(`${it.path}/archive`);
    toast(t("Archived: it is launched no more, and its reports stay"));
    focusHeading();
    it.read.reload();
  });
  return html`<${Loaded} of=${it.read}>${({ version, archived }) => html`<${Versions} kind="campaigns" id=${it.id} newest=${version} onRestored=${() => (it.draft.forget(), it.read.reload())} />
    <${Refusal} error=${archive.error} />
    ${may("write") && !archived && html`<p class="row"><button type="button" class="danger" aria-disabled=${archive.isRunning} onClick=${archive.run}>${t("Archive this campaign")}</button></p>`}
    ${archived && html`<p class="soft sm">${t("It is archived. Saving it, or a version of it, brings it back.")}</p>`}`}<//>`;
}
