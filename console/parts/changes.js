/** What changed between two values, line by line: what went begins with −, what is new with +. */
import { compared } from "../model/lines.js";
import { html } from "./html.js";

export const Changes = ({ label, before, after }) => html`<pre class="changes" tabindex="0" aria-label=${label}>${compared(before, after).map(([text, kind]) =>
  kind === "gone" ? html`<del>− ${text}</del>` : kind === "new" ? html`<ins>+ ${text}</ins>` : html`<span>${`  ${text}`}</span>`)}</pre>`;
