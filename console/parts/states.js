/** What a screen or a panel shows where there is nothing to show: it waits, it is empty, it failed, it is old, or it is not for whoever looks. */
import * as format from "../model/format.js";
import { t } from "../model/text.js";
import { html } from "./html.js";
import { isSignedOut, me, world } from "./world.js";

/** Draws what a read came to: `<${Loaded} of=${read} rows=5>${(data) => html`...`}<//>`. Old figures stay, and say so. */
export function Loaded({ of, rows = 4, children }) {
  if (of.data !== undefined) return html`${of.error && html`<${Stale} of=${of} />`}${children(of.data)}`;
  if (of.error?.code === "forbidden") return html`<${Forbidden} error=${of.error} />`;
  if (of.error) return html`<${Failure} error=${of.error} retry=${of.reload} />`;
  return html`<${Skeleton} rows=${rows} />`;
}

export const Skeleton = ({ rows = 4 }) => html`<div class="skeleton" role="status" aria-busy="true">
  <span class="unseen">${t("Loading")}</span>
  ${Array.from({ length: rows }, () => html`<span class="bone" aria-hidden="true"></span>`)}
</div>`;

/** `children`: the one thing to do next. */
export const Empty = ({ title, text, children }) => html`<section class="card state">
  <h2>${title}</h2>
  <p class="soft">${text}</p>
  ${children && html`<p class="row">${children}</p>`}
</section>`;

export function Failure({ error, retry }) {
  if (error.code === "signed_out") return html`<section class="card state" role="alert"><p>${t("You are signed out.")}</p></section>`;
  return html`<section class="card state" role="alert">
    <h2>${error.status === 0 ? t("There is no connection") : t("This did not work")}</h2>
    <p>${error.status === 0 ? t("Nothing that you typed is lost. Try again as soon as the network is back.") : error.message}</p>
    <p class="row">
      ${retry && html`<button type="button" onClick=${retry}>${t("Try again")}</button>`}
      <button type="button" class="quiet" onClick=${() => navigator.clipboard?.writeText(forSupport(error))}>${t("Copy for support")}</button>
      <code>${error.code ?? "error"}</code>
    </p>
  </section>`;
}

export const Stale = ({ of }) => html`<p class="note warn" role="status">
  ${t("These are the figures of {when}: newer ones could not be read ({why}).", { when: format.ago(of.at), why: of.error.message })}
  <button type="button" class="quiet" onClick=${of.reload}>${t("Try again")}</button>
</p>`;

export const Forbidden = ({ error }) => html`<section class="card state">
  <h2>${t("This is not open to you")}</h2>
  <p>${error.message}</p>
  <p class="soft sm">${t("You are signed in as {name} ({groups}).", { name: me.value?.name ?? "?", groups: me.value?.groups.join(", ") || t("in no group") })}</p>
</section>`;

/** Above every screen once the sign-in has ended: what was typed is kept, and here again afterwards. */
export const SignedOut = () =>
  isSignedOut.value &&
  html`<div class="note bad" role="alert">
    ${t("You are signed out. What you typed is kept in this tab.")}
    <button type="button" onClick=${() => world.session.signIn(location.pathname.replace("/console", "") + location.search)}>${t("Sign in again")}</button>
  </div>`;

/** What a write was refused with, where it has no field of its own to stand beside. `fields`: those that the form shows refusals at. */
export function Refusal({ error, fields = [] }) {
  if (!error || (error.field && fields.some((field) => isOf(error, field)))) return null;
  if (error.code === "sign_in_again") return html`<${SignInAgain} />`;
  return html`<p class="note bad" role="alert">${error.status === 0 ? t("There is no connection. What you typed is kept; save again.") : error.message} <code>${error.code}</code></p>`;
}

export const SignInAgain = () => html`<p class="note warn" role="alert">
  ${t("This cannot be taken back, so please sign in again first. You come back to this very place.")}
  <button type="button" onClick=${() => world.session.signIn(location.pathname.replace("/console", "") + location.search, { again: true })}>${t("Sign in again")}</button>
</p>`;

/** Whether a refusal is about this field, or something inside it: `goal` has `goal.event`, and `audience.include` has `audience.include[1]`. */
export const isOf = (error, field) => error?.field === field || /^[.[]/.test(error?.field?.startsWith(field) ? error.field.slice(field.length) : "");
