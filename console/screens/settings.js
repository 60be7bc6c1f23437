/** The settings of the whole installation: what consent is asked for, limits, whose clock; and how the console looks to whoever uses it. */
import { choose, LANGUAGES, language, t } from "../model/text.js";
import * as theme from "../model/theme.js";
import { Field, NUMBER, StaleVersion, Typed, useName } from "../parts/form.js";
import { html, useState } from "../parts/html.js";
import { Card, Page, Tag } from "../parts/page.js";
import { Loaded, Refusal } from "../parts/states.js";
import { toast } from "../parts/toasts.js";
import { useDraft, useRead, useSave } from "../parts/use.js";
import { may, world } from "../parts/world.js";

const PATH = "/admin/settings";
const FIELDS = ["purposes", "daily_limit", "stale_after_days", "timezone", "global_control", "purchase.event", "purchase.value", "purchase.currency"];

export function Screen() {
  const settings = useRead(PATH);
  const draft = useDraft("settings", settings);
  return html`<${Page} title=${t("Settings")} tag=${draft.isChanged && html`<${Tag} kind="warn">${t("not saved")}<//>`}>
    <div class="stack">
      <${Loaded} of=${settings} rows=${5}>${(data) => html`<${Installation} settings=${data} draft=${draft} read=${settings} />`}<//>
      <${ForYou} />
    </div>
  <//>`;
}

function Installation({ settings, draft, read }) {
  const [warnings, setWarnings] = useState([]);
  const save = useSave(PATH, draft, read, (body) => {
    setWarnings(body.warnings);
    toast(body.unchanged ? t("Nothing was changed") : t("Saved as version {version}", { version: body.version }));
  });
  const { value } = draft;
  const mayNot = !may("write");
  return html`<form class="card stack" aria-label=${t("This installation")} onSubmit=${(event) => (event.preventDefault(), save.run())}>
    <div class="between"><h2>${t("This installation")}</h2><span class="sm soft num">${t("Version {version}", { version: settings.version })}</span></div>
    <${StaleVersion} save=${save} mine=${value} />
    <fieldset class="stack" disabled=${mayNot}>
      <${Purposes} key=${settings.version} purposes=${value.purposes} change=${(purposes) => draft.change({ ...value, purposes })} error=${save.error} />
      <${NumberField} name="daily_limit" label=${t("Pushes a day to one person, at most")} draft=${draft} error=${save.error}
        hint=${t("Of all campaigns together, in any 24 hours. Empty: as many as there are.")} />
      <${NumberField} name="stale_after_days" label=${t("Days after which a device counts as stale")} draft=${draft} error=${save.error} />
      <${Field} label=${t("Held out of all campaigns, in percent")} path="global_control" error=${save.error} warnings=${warnings}
        hint=${t("A global control group shows what all messages together change. Another one is taken each quarter.")}>
        ${(given) => html`<${Typed} ...${given} inputmode="decimal" value=${value.global_control?.percent} line=${NUMBER}
          change=${(percent) => draft.change({ ...value, global_control: { percent: percent ?? 0 } })} />`}
      <//>
      <${Purchase} draft=${draft} error=${save.error} warnings=${warnings} />
      <${Field} label=${t("Time zone of whoever tells none")} path="timezone" error=${save.error} hint=${t("As in Europe/Berlin")}>
        ${(given) => html`<input ...${given} value=${value.timezone} onInput=${(event) => draft.change({ ...value, timezone: event.target.value })} />`}
      <//>
    </fieldset>
    <${Refusal} error=${save.error} fields=${FIELDS} />
    ${warnings.filter(({ path }) => !FIELDS.some((field) => path.startsWith(field))).map(({ message }) => html`<p class="note warn">${message}</p>`)}
    ${
      mayNot
        ? html`<p class="soft sm">${t("Your groups may see the settings and not change them.")}</p>`
        : html`<p class="row"><button class="primary" aria-disabled=${save.isRunning}>${save.isRunning ? t("Saving") : t("Save")}</button>
            ${draft.isChanged && html`<button type="button" class="quiet" onClick=${draft.forget}>${t("Drop the changes")}</button>`}</p>`
    }
  </form>`;
}

const NumberField = ({ name, label, hint, draft, error }) => html`<${Field} label=${label} path=${name} error=${error} hint=${hint}>
  ${(given) => html`<${Typed} ...${given} inputmode="numeric" value=${draft.value[name]} line=${NUMBER}
    change=${(next) => draft.change({ ...draft.value, [name]: next })} />`}
<//>`;

/** Which event a purchase is; without one, it is found by its usual names. */
function Purchase({ draft, error, warnings }) {
  const { events = [] } = useRead("/admin/suggestions").data ?? {};
  const { purchase } = draft.value;
  const change = (key) => (event) => {
    const { [key]: before, ...others } = purchase ?? {};
    const next = event.target.value ? { ...others, [key]: event.target.value } : others;
    draft.change({ ...draft.value, purchase: Object.keys(next).length ? next : null });
  };
  const one = (key, label, hint, list) => html`<${Field} label=${label} path=${`purchase.${key}`} error=${error} warnings=${warnings} hint=${hint}>
    ${(given) => html`<input ...${given} list=${list} value=${purchase?.[key] ?? ""} onInput=${change(key)} />`}<//>`;
  return html`${one("event", t("The event that is a purchase"), t("Empty: found by its usual names."), "purchases")}
    <datalist id="purchases">${events.map(({ name }) => html`<option value=${name}></option>`)}</datalist>
    ${purchase && one("value", t("Its property that says what it came to"))}
    ${purchase && one("currency", t("Its property that names the currency"), t("Empty: currency"))}`;
}

function Purposes({ purposes = {}, change, error }) {
  const { others, add, typing } = useName(purposes, change, "opt_in");
  const remove = (event, removed) => {
    event.target.closest("fieldset").querySelector("input")?.focus();
    change(Object.fromEntries(Object.entries(purposes).filter(([each]) => each !== removed)));
  };
  return html`<${Field} label=${t("A purpose that consent is asked for")} path="purposes" error=${error}
    hint=${t("Opt in: only who said yes. Opt out: all but who said no.")}>
    ${(given) => html`<div class="stack tight">
      ${Object.entries(others).map(
        ([each, asks]) => html`<div class="row" key=${each}><b>${each}</b>
          <select aria-label=${t("What {purpose} asks", { purpose: each })} value=${asks}
            onChange=${(event) => change({ ...purposes, [each]: event.target.value })}>
            <option value="opt_in">${t("opt in")}</option><option value="opt_out">${t("opt out")}</option></select>
          <button type="button" class="quiet" onClick=${(event) => remove(event, each)}>${t("Remove {purpose}", { purpose: each })}</button></div>`,
      )}
      <div class="row"><input ...${given} ...${typing} />
        <button type="button" onClick=${add}>${t("Add")}</button></div>
    </div>`}
  <//>`;
}

function ForYou() {
  const [chosen, setChosen] = useState(theme.chosen());
  return html`<${Card} title=${t("How it looks to you")}>
    <${Field} label=${t("Language")}>
      ${(given) => html`<select ...${given} value=${language.value} onChange=${(event) => choose(event.target.value)}>
        ${Object.entries(LANGUAGES).map(([key, text]) => html`<option value=${key} lang=${key}>${text}</option>`)}</select>`}
    <//>
    <${Field} label=${t("Theme")}>
      ${(given) => html`<select ...${given} value=${chosen} onChange=${(event) => (theme.choose(event.target.value), setChosen(event.target.value))}>
        <option value="system">${t("Light or dark as the system is")}</option><option value="light">${t("Light")}</option><option value="dark">${t("Dark")}</option></select>`}
    <//>
    <p class="row"><button type="button" onClick=${() => world.session.signOut()}>${t("Sign out")}</button></p>
  <//>`;
}
