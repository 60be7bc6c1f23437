/** The beginning: the language, who is signed in, what they may, and then the screen that the address names. */
import { Api } from "./model/api.js";
import * as drafts from "./model/drafts.js";
import { follow, go } from "./model/router.js";
import { Session } from "./model/session.js";
import * as shortcuts from "./model/shortcuts.js";
import { preferred, speak, t } from "./model/text.js";
import * as theme from "./model/theme.js";
import { html, render } from "./parts/html.js";
import { Shell } from "./parts/shell.js";
import { isSignedOut, me, world } from "./parts/world.js";

const page = document.querySelector("#app");

theme.apply();
const [config] = await Promise.all([fetch("/console/config.json").then((answer) => answer.json()), speak(preferred())]);
world.session = new Session({ config });
world.api = new Api({ session: world.session, onSignedOut: () => (isSignedOut.value = true) });

try {
  const back = await world.session.start();
  if (back !== null) go(back, { replace: true });
  if (world.session.isSignedIn) {
    me.value = (await world.api.get("/admin/me")).body;
    drafts.belongTo(me.value.id);
    follow();
    shortcuts.listen();
    draw(html`<${Shell} />`);
  } else if (!config.console_url) {
    draw(html`<${NoWayBack} />`);
  } else if (!leftForItsOwnAddress()) {
    await world.session.signIn(location.pathname.slice("/console".length) + location.search);
  }
} catch (error) {
  draw(html`<${NotSignedIn} error=${error} />`);
}

function draw(what) {
  page.replaceChildren();
  render(what, page);
}

/** Sign-in comes back to one address only: whoever has opened another name of the same machine goes there. */
function leftForItsOwnAddress() {
  if (new URL(config.console_url).origin === location.origin) return false;
  location.replace(config.console_url + location.pathname.slice("/console".length) + location.search);
  return true;
}

function NoWayBack() {
  return html`<main class="alone"><h1>Regulars</h1>
    <p>${t("Nobody can sign in here yet: the stack does not know this address. Deploy it again with this parameter:")}</p>
    <pre tabindex="0">ConsoleUrl=${location.origin}/console</pre></main>`;
}

function NotSignedIn({ error }) {
  return html`<main class="alone" role="alert"><h1>${t("You are not signed in")}</h1><p>${error.message}</p>
    <p class="row"><button type="button" class="primary" onClick=${() => world.session.signIn("/")}>${t("Sign in")}</button>
    ${world.session.isSignedIn && html`<button type="button" onClick=${() => world.session.signOut()}>${t("Sign out")}</button>`}</p></main>`;
}
