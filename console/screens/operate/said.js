/** What the API advises, with its commands as commands. */
import { html } from "../../parts/html.js";

export const said = (text) => text.split("`").map((part, place) => (place % 2 ? html`<code>${part}</code>` : part));
