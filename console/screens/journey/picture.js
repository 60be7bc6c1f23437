/** The journey as the API draws it, with who waits where; a click on a step goes to it in the list. */
import { t } from "../../model/text.js";
import { drawn } from "../../parts/drawn.js";
import { html, useMemo } from "../../parts/html.js";
import { Card } from "../../parts/page.js";
import { Skeleton } from "../../parts/states.js";

export const focusStep = (name) => globalThis.document.getElementById(`step-${name}`)?.focus();

/** Units: what is narrower is made as small as its place is, and can still be read; what is wider is scrolled. */
const FITS = 700;

export function Picture({ picture: { data, error, isLoading } }) {
  const shown = useMemo(() => data && drawn(data.drawing), [data]);
  const choose = ({ target }) => focusStep(target.closest("[data-step]")?.dataset.step);
  return html`<${Card} title=${t("Picture")} kind="seen">
    ${data ? error && html`<p class="soft sm" role="status">${t("This is how it was before something that is to be mended.")}</p>` : !isLoading && html`<p class="soft sm">${t("It is drawn as soon as nothing is to be mended.")}</p>`}
    ${data ? html`<div lang="en" tabindex="0" class=${`${data.drawing.attributes.width > FITS ? "scroll" : ""} ${error ? "old" : ""}`} onClick=${choose}>${shown}</div>` : isLoading && html`<${Skeleton} />`}
  <//>`;
}
