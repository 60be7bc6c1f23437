/** The message on a telephone, as real people would read it: made by the API, which makes it as a launch does. Nobody gets it. */
import { messagesOnly, shownOn } from "../../model/campaigns.js";
import { at } from "../../model/documents.js";
import * as format from "../../model/format.js";
import { language, t } from "../../model/text.js";
import { html, useEffect, useState } from "../../parts/html.js";
import { toast } from "../../parts/toasts.js";
import { useAction } from "../../parts/use.js";
import { world } from "../../parts/world.js";

const COMPARED = 12;

export function Preview({ it }) {
  const [platform, setPlatform] = useState("ios");
  const [isDark, setDark] = useState(false);
  const { members, reader, setReader, rendered } = it;
  const { people } = members;
  useEffect(members.look, []);
  useEffect(() => {
    if (people.length && !reader) setReader(people[0]);
  }, [people[0]]);
  const step = (by) => setReader(people[(people.indexOf(reader) + by + people.length) % people.length]);
  const longest = useAction(async () => {
    const body = { document: messagesOnly(it.document), locale: it.locale, variant: it.edited.id };
    const made = await Promise.all(people.slice(0, COMPARED).map((user_id) => world.api.post(`${it.path}/renderings`, { ...body, user_id }, { again: true })));
    const length = ({ body: { messages } }) => {
      const { title, body: text } = shownOn(platform, messages[0].message);
      return [...title, ...text].length;
    };
    const found = made.reduce((best, each) => (length(each) > length(best) ? each : best));
    setReader(found.body.user_id);
    toast(t("{who} reads the longest of {people}: {n} characters", { who: found.body.user_id, people: Math.min(people.length, COMPARED), n: length(found) }));
  });
  const message = rendered.data?.messages[0];
  const shown = shownOn(platform, message?.message ?? {});
  const pill = (isOn, act, text) => html`<button type="button" class="pill" aria-pressed=${isOn} onClick=${act}>${text}</button>`;
  return html`<section class="card stack" aria-label=${t("Preview")}>
    <div class="row sm"><h2>${t("Seen by")}</h2>
      <select class="person" aria-label=${t("Person")} value=${reader} onChange=${(event) => setReader(event.target.value)}>
        <option value="">${t("somebody unknown")}</option>${people.map((id) => html`<option value=${id}>${id}</option>`)}
      </select>
      <button type="button" class="quiet" aria-label=${t("Previous person")} disabled=${!people.length} onClick=${() => step(-1)}>‹</button>
      <button type="button" class="quiet" aria-label=${t("Next person")} disabled=${!people.length} onClick=${() => step(1)}>›</button>
    </div>
    <div class=${rendered.isLoading || rendered.error ? "old" : ""}><${Phone} platform=${platform} isDark=${isDark} shown=${shown} locale=${it.locale || at(it.document, it.edited.path)?.locale} /></div>
    <p class="sm" role="status">${
      message?.outcome === "failed" ? html`<span class="refusal">${t("They would get nothing: {why}", { why: message.because })}</span>`
      : message ? html`<span class="soft">${t("{n} of 4,096 bytes", { n: message.bytes })}${rendered.data.arm === "control" ? ` · ${t("held back: they get nothing")}` : ""}</span>`
      : rendered.error && !/^(message|variants)/.test(rendered.error.field) ? html`<span class="refusal">${rendered.error.message}</span>`
      : html`<span class="soft">${t("It is shown here as soon as there is something to read.")}</span>`
    }</p>
    <div class="row" role="group" aria-label=${t("Telephone")}>
      ${pill(platform === "ios", () => setPlatform("ios"), "iPhone")} ${pill(platform === "android", () => setPlatform("android"), "Android")}
      ${pill(isDark, () => setDark(!isDark), t("Dark"))}
    </div>
    <div class="row">
      <button type="button" class="pill" disabled=${!people.length} aria-disabled=${longest.isRunning} onClick=${longest.run}>${t("Longest")}</button>
      <button type="button" class="pill" aria-pressed=${reader === ""} onClick=${() => setReader("")}>${t("Nothing known of them")}</button>
    </div>
    ${members.isLoading && html`<p class="soft sm" role="status">${t("Looking for people of the audience")}</p>`}
    ${members.cost !== undefined && !members.isLoading && html`<p class="soft sm">${t("Finding these people cost {cost}.", { cost: format.dollars(members.cost) })}</p>`}
    ${members.error && html`<p class="soft sm">${members.error.message}</p>`}
  </section>`;
}

/** A lock screen, drawn by the style sheet. The picture itself is not loaded: the page's policy lets nothing in from elsewhere. */
function Phone({ platform, isDark, shown, locale }) {
  const now = new Date();
  const clock = new Intl.DateTimeFormat(language.value, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(now);
  const date = new Intl.DateTimeFormat(language.value, { weekday: "long", day: "numeric", month: "long" }).format(now);
  const { title, body, image, link } = shown;
  return html`<figure class=${`phone ${platform} ${isDark ? "night" : ""}`}>
    <div class="lock">
      <p class="hour" aria-hidden="true">${clock}</p><p class="date" aria-hidden="true">${date}</p>
      ${(title || body) && html`<div class="push" lang=${locale || undefined}>
        <span class="app" aria-hidden="true">R</span>
        <div><div class="said"><b>${title || body}</b><span class="ago">${t("now")}</span></div>
          ${title && html`<p>${body}</p>`}
          ${image && html`<p class="picture">▣ ${image.split("/").at(-1)}</p>`}</div>
      </div>`}
    </div>
    <figcaption class="unseen">${t("Lock screen of an {phone}", { phone: platform === "ios" ? "iPhone" : "Android" })}</figcaption>
    ${link && html`<p class="soft sm link">${t("opens {link}", { link })}</p>`}
  </figure>`;
}
