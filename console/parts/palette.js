/** Find anything (Ctrl K), and the list of keys (?). The palette is a combobox with a list: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/ */
import { go } from "../model/router.js";
import * as shortcuts from "../model/shortcuts.js";
import { choose, LANGUAGES, language, t } from "../model/text.js";
import * as theme from "../model/theme.js";
import { SCREENS, screenOf } from "../screens/index.js";
import { Dialog } from "./dialog.js";
import { html, useId, useState } from "./html.js";
import { useRead } from "./use.js";
import { may, world } from "./world.js";

const MOST = 12;

export function Palette({ close }) {
  const [sought, setSought] = useState("");
  const [at, setAt] = useState(0);
  const list = useId();
  const names = useRead("/admin/suggestions");
  const fits = entries(names.data).filter((entry) => entry.text.toLowerCase().includes(sought.trim().toLowerCase())).slice(0, MOST);
  const chosen = fits[Math.min(at, fits.length - 1)];
  const run = (entry) => (close(), entry?.run());
  const onKeyDown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && fits.length) setAt((Math.min(at, fits.length - 1) + step + fits.length) % fits.length);
    else if (event.key === "Enter") run(chosen);
    else return;
    event.preventDefault();
  };
  return html`<${Dialog} title=${t("Find anything")} close=${close} kind="palette">
    <input type="search" role="combobox" aria-expanded="true" aria-controls=${list} aria-activedescendant=${chosen && `${list}-${fits.indexOf(chosen)}`}
      aria-label=${t("A screen, a segment, a campaign, or what to do")} value=${sought} data-first onInput=${(event) => (setSought(event.target.value), setAt(0))} onKeyDown=${onKeyDown} />
    <ul id=${list} role="listbox" aria-label=${t("Found")}>
      ${fits.map((entry, index) => html`<li role="option" id=${`${list}-${index}`} aria-selected=${entry === chosen} onClick=${() => run(entry)}>
        <span>${entry.text}</span><span class="soft sm">${entry.kind}</span></li>`)}
    </ul>
    ${!fits.length && html`<p class="soft" role="status">${t("Nothing is called so.")}</p>`}
  <//>`;
}

/** Screens that can be linked to by an id only (`/segments/:id`) are found by what they show. */
function entries(names) {
  const screens = SCREENS.filter((screen) => may(screen.right) && !screen.path.includes(":"));
  return [
    ...screens.map((screen) => ({ text: screen.name(), kind: t("Screen"), run: () => go(screen.path) })),
    ...(screenOf("/segments/x") ? (names?.segments ?? []) : []).map(({ id, name }) => ({ text: name, kind: t("Segment"), run: () => go(`/segments/${encodeURIComponent(id)}`) })),
    ...(screenOf("/campaigns/x") ? (names?.campaigns ?? []) : []).map(({ id, name }) => ({ text: name, kind: t("Campaign"), run: () => go(`/campaigns/${encodeURIComponent(id)}`) })),
    ...Object.entries(LANGUAGES).filter(([key]) => key !== language.value).map(([key, text]) => ({ text, kind: t("Language"), run: () => choose(key) })),
    ...theme.NAMES.map((key) => ({ text: { light: t("Light"), dark: t("Dark"), system: t("Light or dark as the system is") }[key], kind: t("Theme"), run: () => theme.choose(key) })),
    { text: t("Sign out"), kind: t("You"), run: () => world.session.signOut() },
  ];
}

export function Keys({ close }) {
  return html`<${Dialog} title=${t("Keys")} close=${close}>
    <dl class="keys">${shortcuts.all.value.map(({ keys, label }) => html`<div><dt><kbd>${keys.replace("mod+", "Ctrl ")}</kbd></dt><dd>${label()}</dd></div>`)}</dl>
    <label class="row"><input type="checkbox" checked=${shortcuts.areOff.value} onChange=${(event) => shortcuts.switchOff(event.target.checked)} />
      ${t("Switch off keys that are pressed alone")}</label>
  <//>`;
}
