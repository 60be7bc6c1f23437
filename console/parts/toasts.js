/** A short word that something was done, read out and gone after a while: `toast(t("Saved"))`. What somebody must act on is no toast. */
import { html, signal } from "./html.js";

const SECONDS = 6;
const shown = signal([]);

export function toast(text) {
  const made = { text };
  shown.value = [...shown.value.slice(-2), made];
  setTimeout(() => (shown.value = shown.value.filter((each) => each !== made)), SECONDS * 1000);
}

export const Toasts = () => html`<div class="toasts" role="status">${shown.value.map((each) => html`<p>${each.text}</p>`)}</div>`;
