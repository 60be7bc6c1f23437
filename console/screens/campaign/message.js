/** What each person reads: texts in Liquid by variant and language, the picture, the link. A mistake in a text is said beside it while it is typed. */
import { withoutVariant, withVariant } from "../../model/campaigns.js";
import { at } from "../../model/documents.js";
import { insertion } from "../../model/liquid.js";
import { numberOf } from "../../model/numbers.js";
import { t } from "../../model/text.js";
import { At, Line } from "../../parts/fields.js";
import { opensFirst, useName } from "../../parts/form.js";
import { html, useRef, useState } from "../../parts/html.js";
import { Card } from "../../parts/page.js";

const OFFERED = 4;

export function Message({ it }) {
  const last = useRef(null);
  const remember = (event) => event.target.matches("[data-liquid]") && (last.current = event.target);
  const base = it.locale ? `${it.edited.path}.locales.${it.locale}` : it.edited.path;
  return html`<${Card} title=${t("What they read")}>
    <fieldset class="stack" disabled=${it.mayNot} onFocusIn=${remember}>
      <${Variants} it=${it} />
      <${Languages} it=${it} />
      ${["message", it.edited.path].includes(it.messageError?.field) && html`<p class="refusal" role="alert">${it.messageError.message}</p>`}
      <${Text} it=${it} path=${`${base}.title`} label=${t("Title")} shown="title" />
      <${Text} it=${it} path=${`${base}.body`} label=${t("Text")} shown="body" isLong />
      <${Traits} it=${it} last=${last} />
      <${Text} it=${it} path=${`${base}.deep_link`} label=${t("Opens in the app")} hint=${t("As in shop://offers/october")} />
      <${Text} it=${it} path=${`${base}.image`} label=${t("Picture")} hint=${t("Its address: https only, for phones load no other")} />
      <${Data} it=${it} path=${`${base}.data`} />
      <${LiquidHelp} />
    </fieldset>
  <//>`;
}

function Text({ it, path, label, hint, shown, isLong }) {
  const read = it.rendered.data?.messages[0];
  const length = shown && [...(read?.message.notification?.[shown] ?? "")].length;
  const said = { it, path, error: it.messageError, label, hint, aside: length ? t("{n} characters once it is filled in", { n: length }) : undefined };
  if (!isLong) return html`<${Line} ...${said} class="wide" data-liquid="" />`;
  return html`<${At} ...${said}>
    ${(given) => html`<textarea ...${given} rows="3" data-liquid="" value=${at(it.document, path) ?? ""} onInput=${(event) => it.change(path, event.target.value || undefined)}></textarea>`}
  <//>`;
}

/** What a text may say of its reader: put in where the caret is, with a default for those who lack it. */
function Traits({ it, last }) {
  const traits = (it.names.data?.traits ?? []).map(({ name }) => name);
  if (!traits.length) return html`<p class="soft sm">${t("Nobody sent a trait yet: what texts may say of people is suggested here once somebody has.")}</p>`;
  const insert = (trait) => {
    const field = last.current?.isConnected ? last.current : document.querySelector("textarea[data-liquid]");
    const { text, back } = insertion(trait);
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.setSelectionRange(field.selectionEnd - back, field.selectionEnd - back);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  };
  return html`<div class="row sm"><span class="soft">${t("Insert")}</span>
    ${traits.slice(0, OFFERED).map((trait) => html`<button type="button" key=${trait} onClick=${() => insert(trait)}>${trait}</button>`)}
    ${traits.length > OFFERED && html`<select aria-label=${t("Insert another trait")} value="" onKeyDown=${opensFirst} onChange=${(event) => (insert(event.target.value), (event.target.value = ""))}>
      <option value="">${t("more")}…</option>${traits.slice(OFFERED).map((trait) => html`<option>${trait}</option>`)}</select>`}
  </div>`;
}

function Variants({ it }) {
  const { variants, document, edited } = it;
  const isSplit = Boolean(document.variants);
  const index = variants.indexOf(edited);
  const add = () => (it.replace(withVariant), it.choose(variants.length));
  const remove = (event) => {
    event.target.closest("fieldset").querySelector("button")?.focus();
    it.choose(0);
    it.replace((before) => withoutVariant(before, index));
  };
  return html`<div class="stack tight">
    <div class="row" role="group" aria-label=${t("Variants")}>
      ${isSplit && variants.map(({ id }, each) => html`<button type="button" key=${id} class="pill" aria-pressed=${each === index} onClick=${() => it.choose(each)}>${id}</button>`)}
      <button type="button" class="quiet" onClick=${add}>${isSplit ? t("Another variant") : t("Try two versions against each other")}</button>
    </div>
    ${isSplit && html`<div class="row">
      <${Line} it=${it} path=${`variants[${index}].id`} label=${t("Called")} size="12" read=${String} />
      <${Line} it=${it} path=${`variants[${index}].weight`} label=${t("Weight")} inputmode="numeric" size="5" placeholder="1" read=${numberOf} />
      <button type="button" class="quiet" onClick=${remove}>${t("Remove this variant")}</button>
    </div>`}
  </div>`;
}

/** The push's own texts, and what is other in other languages. */
function Languages({ it }) {
  const [tag, setTag] = useState("");
  const push = at(it.document, it.edited.path) ?? {};
  const tags = Object.keys(push.locales ?? {});
  const add = () => {
    if (!tag.trim()) return;
    it.change(`${it.edited.path}.locales.${tag.trim()}`, { title: push.title, body: push.body });
    it.setLocale(tag.trim());
    setTag("");
  };
  const remove = (event) => {
    event.target.closest("fieldset").querySelector("button")?.focus();
    it.change(`${it.edited.path}.locales.${it.locale}`, undefined);
    it.setLocale("");
  };
  return html`<details open=${tags.length > 0 || undefined}><summary class="sm">${t("Languages")}</summary><div class="stack tight">
    <div class="row" role="group" aria-label=${t("Languages")}>
      <button type="button" class="pill" aria-pressed=${!it.locale} onClick=${() => it.setLocale("")}>${push.locale || t("for all")}</button>
      ${tags.map((each) => html`<button type="button" key=${each} class="pill" aria-pressed=${it.locale === each} onClick=${() => it.setLocale(each)}>${each}</button>`)}
    </div>
    <div class="row">
      ${!it.locale && html`<${Line} it=${it} path=${`${it.edited.path}.locale`} error=${it.messageError} label=${t("These texts are in")} size="6" placeholder="en" read=${(text) => text.trim() || undefined} />`}
      <${At} it=${it} path=${`${it.edited.path}.locales`} error=${it.messageError} label=${t("Another language")}>
        ${(given) => html`<input ...${given} size="6" placeholder="fr" value=${tag} onInput=${(event) => setTag(event.target.value)} onKeyDown=${(event) => event.key === "Enter" && add()} />`}<//>
      <button type="button" onClick=${add}>${t("Add this language")}</button>
      ${it.locale && html`<button type="button" class="quiet" onClick=${remove}>${t("Remove {language}", { language: it.locale })}</button>`}
    </div>
  </div></details>`;
}

/** What the app alone gets. */
function Data({ it, path }) {
  const data = at(it.document, path) ?? {};
  const set = (next) => it.change(path, Object.keys(next).length ? next : undefined);
  const { others, add, typing } = useName(data, set, "");
  const remove = (event, name) => {
    event.target.closest(".field").querySelector("input")?.focus();
    const { [name]: _, ...left } = data;
    set(left);
  };
  return html`<details open=${Object.keys(data).length > 0 || undefined}><summary class="sm">${t("Data for the app")}</summary>
    <${At} it=${it} path=${path} error=${it.messageError} label=${t("A name that the app reads")}>
      ${(given) => html`<div class="stack tight">
        ${Object.entries(others).map(([name, value]) => html`<div class="row" key=${name}><code>${name}</code>
          <input type="text" data-liquid="" aria-label=${name} value=${value} onInput=${(event) => set({ ...data, [name]: event.target.value })} />
          <button type="button" class="quiet" onClick=${(event) => remove(event, name)}>${t("Remove")}<span class="unseen"> ${name}</span></button></div>`)}
        <div class="row"><input ...${given} ...${typing} /><button type="button" onClick=${add}>${t("Add")}</button></div>
      </div>`}
    <//></details>`;
}

const LiquidHelp = () => html`<details><summary class="sm">${t("What a text can do")}</summary><dl class="stack tight sm">
  ${[
    ['{{ person.traits.first_name | default: "there" }}', t("their name, or “there” for whoever has told none")],
    ["{% if person.traits.plan == blank %}…{% else %}…{% endif %}", t("one thing for those without a plan, another for the others")],
    ["{{ person.traits.points | plus: 10 }}", t("a number, with 10 added")],
    ['{{ person.traits.until | date: "%d %B" }}', t("a date, as in 31 January")],
    ["{{ person.traits.cart.size }}", t("how many there are in a list")],
  ].map(([code, text]) => html`<div><dt><code>${code}</code></dt><dd class="soft">${text}</dd></div>`)}
</dl></details>`;
