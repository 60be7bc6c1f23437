/** A screen's frame: crumbs, heading, what can be done. Whoever comes to a screen has the focus on its heading. */
import { t } from "../model/text.js";
import { html, useEffect, useRef } from "./html.js";

let arrived = false;
/** The router says so when somebody went to another screen; the first one takes no focus. */
export const arriving = () => (arrived = true);

/** Where the focus goes when what has it is about to go, and nothing of its kind is left. */
export const focusHeading = () => document.querySelector("h1")?.focus();

/** `crumbs` is `[[text, path]..]`; `actions` stand at the end of the heading's line. */
export function Page({ title, crumbs = [], tag, actions, children }) {
  const heading = useRef(null);
  useEffect(() => {
    document.title = `${title} · Regulars`;
    if (arrived && heading.current && document.activeElement?.closest("dialog, main") == null) heading.current.focus();
  }, [title]);
  useEffect(() => {
    if (arrived) heading.current?.focus();
    arrived = false;
  }, []);
  return html`<div class="head">
      ${crumbs.length > 0 && html`<nav class="crumb" aria-label=${t("Where you are")}>${crumbs.map(([text, path]) => html`<a href=${path}>${text}</a> / `)}</nav>`}
      <h1 tabindex="-1" ref=${heading}>${title}</h1>
      ${tag}<span class="space"></span>${actions}
    </div>
    ${children}`;
}

/** A card with a heading of its own, which names it to a screen reader. `kind` is a word of the style sheet. */
export const Card = ({ title, aside, children, kind = "" }) => html`<section class=${`card stack ${kind}`} aria-label=${title}>
  ${title && html`<div class="between"><h2>${title}</h2>${aside && html`<span class="sm soft num">${aside}</span>`}</div>`}
  ${children}
</section>`;

/** `ok`, `warn`, `bad` or nothing; the word says it, the colour only underlines. */
export const Tag = ({ kind = "", children }) => html`<span class=${`tag ${kind}`}>${children}</span>`;
