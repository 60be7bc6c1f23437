/** A journey: its steps as a list, which is the editor, beside its picture with who waits where; launched, paused, resumed and stopped from here. */
import { documentOf } from "../model/documents.js";
import { isJourney } from "../model/journeys.js";
import { href } from "../model/router.js";
import { t } from "../model/text.js";
import { DocumentPage, SaveOrDrop } from "../parts/document.js";
import { DocumentText, useText } from "../parts/document_text.js";
import { StaleVersion } from "../parts/form.js";
import { html } from "../parts/html.js";
import { Failure, Refusal } from "../parts/states.js";
import { Tabs } from "../parts/tabs.js";
import { Versions } from "../parts/versions.js";
import { may } from "../parts/world.js";
import { Actions } from "./journey/actions.js";
import { counted, useJourney } from "./journey/journey.js";
import { Standing } from "./journey/standing.js";
import { Steps } from "./journey/steps.js";

export function Screen({ id }) {
  const it = useJourney(id);
  const { status } = it;
  return html`<${DocumentPage} it=${it} title=${id || t("New journey")} list=${[t("Journeys"), href("/journeys")]} tag=${status.data && html`<${Standing} of=${status.data.standing} />`}
    actions=${html`<${SaveOrDrop} it=${it} />${status.data && may("send") && html`<${Actions} it=${it} />`}`}><${Editor} it=${it} /><//>`;
}

function Editor({ it }) {
  const { status, save, document, errors } = it;
  const refusal = save.error && errors.some((each) => each.field === save.error.field) ? null : save.error;
  const tabs = [
    ["steps", t("Steps"), () => html`<${Steps} it=${it} />`],
    ["json", "JSON", () => html`<${Json} it=${it} />`],
    ...(it.isNew ? [] : [["versions", t("Versions"), () => html`<${Versions} kind="journeys" id=${it.id} newest=${it.saved?.version} onRestored=${() => (it.draft.forget(), it.read.reload(), status.reload())} />`]]),
  ];
  return html`<div class="stack">
    ${status.error && html`<${Failure} error=${status.error} retry=${status.reload} />`}
    ${status.data && html`<p>${said(status.data)}</p>`}
    <${StaleVersion} save=${save} mine=${document} />
    <${Refusal} error=${refusal} fields=${["name"]} />
    <${Tabs} label=${t("Journey")} tabs=${tabs} />
  </div>`;
}

function said({ version, saved_version: saved, counts, waiting, put_off: later }) {
  if (version === null) return t("Version {version} is saved, and nobody is taken in yet.", { version: String(saved) });
  return t("{who} inside; version {version} takes people in, and {saved} is the newest.", { who: counted(waiting, counts), version: String(version), saved: String(saved) })
    + (later ? ` ${t("{n} messages and calls wait for their time.", { n: later })}` : "");
}

function Json({ it }) {
  const text = useText(`journey.${it.isNew ? "new" : it.id}.text`, it.document, (next) => it.edit(documentOf(next), "json"), isJourney);
  const refused = text.isAside ? t("A journey has steps, each with a name and what it says.") : it.errors.map(({ field, message }) => `${field}: ${message}`).join("; ");
  return html`<${DocumentText} label=${t("The journey as JSON")} text=${text} refused=${refused} warnings=${it.warnings} isLoading=${it.judged.isLoading && !text.isAside} />`;
}
