/**
 * A question above the screen, by the browser's own <dialog>: it keeps the focus inside, Escape closes it, and the focus goes back where it was.
 *
 * The focus begins on what has `data-first`, else on the first button.
 *
 *     <${Dialog} title=${t("Abort?")} close=${close}>... <button type="button" onClick=${close}>...<//>
 */
import { t } from "../model/text.js";
import { html, useEffect, useId, useRef } from "./html.js";

export function Dialog({ title, close, children, kind = "" }) {
  const element = useRef(null);
  const name = useId();
  useEffect(() => {
    const [before, dialog] = [document.activeElement, element.current];
    dialog.showModal();
    dialog.querySelector("[data-first]")?.focus();
    return () => {
      dialog.close(); // while it is open, nothing behind it can have the focus
      (before?.isConnected && before !== document.body ? before : document.querySelector("h1"))?.focus();
    };
  }, []);
  return html`<dialog ref=${element} class=${kind} aria-labelledby=${name} onCancel=${(event) => (event.preventDefault(), close())}>
    <div class="between">
      <h2 id=${name}>${title}</h2>
      <button type="button" class="quiet" aria-label=${t("Close")} onClick=${close}>✕</button>
    </div>
    ${children}
  </dialog>`;
}
