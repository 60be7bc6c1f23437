/** What stands around every screen: the rail, the palette, the keys, and the screen itself, which is loaded when it is gone to. */
import { go, here, href } from "../model/router.js";
import * as shortcuts from "../model/shortcuts.js";
import { t } from "../model/text.js";
import { SCREENS, screenOf } from "../screens/index.js";
import { keepFocus } from "./focus.js";
import { html, useEffect, useLayoutEffect, useState } from "./html.js";
import { arriving, Page } from "./page.js";
import { Empty, Failure, Forbidden, SignedOut, Skeleton } from "./states.js";
import { Toasts } from "./toasts.js";
import { may, me } from "./world.js";

export function Shell() {
  const [over, setOver] = useState(null);
  // A key that is pressed as soon as there is something to see counts.
  useLayoutEffect(() => {
    const added = [
      shortcuts.add("mod+k", () => t("Find anything"), () => setOver("palette")),
      shortcuts.add("?", () => t("Keys"), () => setOver("keys")),
      ...SCREENS.filter((screen) => screen.keys && may(screen.right)).map((screen) =>
        shortcuts.add(screen.keys, () => t("Go to {screen}", { screen: screen.name() }), () => go(screen.path)),
      ),
    ];
    return () => added.forEach((remove) => remove());
  }, [me.value]);
  useEffect(() => keepFocus(document.querySelector("#main")), []);
  return html`<a class="skip" href="#main">${t("Skip to the screen")}</a>
    <${Rail} find=${() => setOver("palette")} keys=${() => setOver("keys")} />
    <main id="main" tabindex="-1"><${SignedOut} /><${Current} /></main>
    <${Toasts} />
    ${over && html`<${Over} which=${over} close=${() => setOver(null)} />`}`;
}

function Rail({ find, keys }) {
  const current = screenOf(here.value.path)?.screen;
  const isCurrent = (screen) => screen === current || (screen.path !== "/" && here.value.path.startsWith(`${screen.path}/`));
  return html`<nav class="rail" aria-label=${t("Main")}>
    <b>Regulars</b>
    ${SCREENS.filter((screen) => screen.rail && may(screen.right)).map(
      (screen) => html`<a href=${href(screen.path)} class=${screen.isMinor ? "minor" : ""} aria-current=${isCurrent(screen) ? "page" : undefined}>${screen.name()}</a>`,
    )}
    <div class="foot">
      <button type="button" class="quiet" onClick=${find}>${t("Find anything")} <kbd>${isMac ? "⌘K" : "Ctrl K"}</kbd></button>
      <button type="button" class="quiet" onClick=${keys}>${t("Keys")} <kbd>?</kbd></button>
      <span>${me.value?.name}</span>
    </div>
  </nav>`;
}

const isMac = /Mac|iP/.test(navigator.platform);

function Current() {
  const { path } = here.value;
  const now = screenOf(path);
  const [loaded, setLoaded] = useState({ screen: null, module: null, error: null });
  // Whoever has gone on, or back, while a screen was loaded does not wait for that one.
  const arrived = (screen, what) => screenOf(here.value.path)?.screen === screen && setLoaded({ screen, ...what });
  const load = () => now?.screen.load().then((module) => arrived(now.screen, { module }), (error) => arrived(now.screen, { error }));
  useEffect(() => {
    load();
    return arriving;
  }, [path]);
  if (!now) return html`<${NoSuchScreen} path=${path} />`;
  const name = now.screen.name();
  if (!may(now.screen.right)) return html`<${Page} title=${name}><${Forbidden} error=${{ message: t("Your groups do not include the right to see this.") }} /><//>`;
  if (loaded.screen !== now.screen) return html`<${Page} title=${name}><${Skeleton} rows=${6} /><//>`;
  if (loaded.error) return html`<${Page} title=${name}><${Failure} error=${{ code: "not_loaded", message: t("This screen could not be loaded. If the console was updated, reload the page.") }} retry=${load} /><//>`;
  return html`<${loaded.module.Screen} key=${path} ...${now.parts} />`;
}

const NoSuchScreen = ({ path }) => html`<${Page} title=${t("There is no such screen")}>
  <${Empty} title=${path} text=${t("The address may be of an older console, or mistyped.")}><a href=${href("/")}>${t("Go to Today")}</a><//>
<//>`;

/** The palette and the list of keys are loaded when somebody opens them first. */
function Over({ which, close }) {
  const [Part, setPart] = useState(null);
  useEffect(() => void import("./palette.js").then((module) => setPart(() => (which === "keys" ? module.Keys : module.Palette))), [which]);
  return Part && html`<${Part} close=${close} />`;
}
