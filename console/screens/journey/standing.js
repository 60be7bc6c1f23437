/** How a journey stands, as a word. */
import { t } from "../../model/text.js";
import { html } from "../../parts/html.js";
import { Tag } from "../../parts/page.js";

const WORDS = {
  saved: ["", () => t("never launched")],
  live: ["ok", () => t("live")],
  paused: ["warn", () => t("paused")],
  stopped: ["", () => t("stopped")],
};

export function Standing({ of }) {
  const [kind, word] = WORDS[of] ?? ["", () => of];
  return html`<${Tag} kind=${kind}>${word()}<//>`;
}
