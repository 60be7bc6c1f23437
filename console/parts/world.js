/** What every screen stands on: the API, who is signed in, and what they may. app.js sets it before the first screen is drawn. */
import { signal } from "./html.js";

export const world = { api: null, session: null };

/** Of GET /admin/me; null until it is known. */
export const me = signal(null);

/** Whether the token was refused for good: the screen stays as it is, with what was typed, and a bar asks to sign in again. */
export const isSignedOut = signal(false);

/** `may("send")`: what is false here is not shown; the API refuses it all the same. */
export const may = (right) => me.value?.scopes.includes(`regulars/${right}`) ?? false;
