/**
 * Who is signed in: OpenID Connect's code flow with PKCE (RFC 7636, S256) against the user pool. No cookie, so no forged request.
 *
 * The access token is kept in this module only; the refresh token, which each use replaces, in this tab's sessionStorage, so that a reload does not
 * ask again. Whoever comes back from signing in stands where they were: what they had typed is in drafts.js.
 */
const REFRESH = "regulars.refresh";
const ASKED = "regulars.sign-in";
const EARLY_MS = 60_000;

export class SignedOutError extends Error {}

export class Session {
  #access = "";
  #until = 0;
  #renewing = null;

  constructor({ config, storage = sessionStorage, fetch = globalThis.fetch.bind(globalThis), place = location, now = Date.now }) {
    Object.assign(this, { config, storage, fetch, place, now });
  }

  /** Signed in after this, or not. Answers the path to go on at, if somebody has just come back; throws for a refusal of the sign-in. */
  async start() {
    const given = new URLSearchParams(this.place.search);
    if (given.has("state") || given.has("error")) return this.#redeem(given);
    if (this.storage.getItem(REFRESH)) await this.token().catch(() => {});
    return null;
  }

  get isSignedIn() {
    return Boolean(this.#access);
  }

  /** An access token that is good for another minute. Throws SignedOutError where there is none to be had, and what fetch throws. */
  async token({ renewed = false } = {}) {
    if (!renewed && this.#access && this.now() < this.#until - EARLY_MS) return this.#access;
    this.#renewing ??= this.#renew().finally(() => (this.#renewing = null));
    return this.#renewing;
  }

  /** Leaves for the sign-in, and comes back to `path`. `again`: also whoever is signed in says who they are. */
  async signIn(path, { again = false } = {}) {
    const [state, verifier] = [random(), random() + random()];
    this.storage.setItem(ASKED, JSON.stringify({ state, verifier, path }));
    const asked = {
      response_type: "code",
      client_id: this.config.client_id,
      redirect_uri: this.config.console_url,
      state,
      code_challenge_method: "S256",
      code_challenge: await challenge(verifier),
      ...(again ? { prompt: "login" } : {}),
    };
    this.place.assign(`${this.config.sign_in_url}/oauth2/authorize?${new URLSearchParams(asked)}`);
  }

  async signOut() {
    const token = this.storage.getItem(REFRESH);
    this.#forget();
    if (token) await this.#ask("revoke", { token }).catch(() => {});
    const { client_id, console_url } = this.config;
    this.place.assign(`${this.config.sign_in_url}/logout?${new URLSearchParams({ client_id, logout_uri: console_url })}`);
  }

  async #redeem(given) {
    const asked = JSON.parse(this.storage.getItem(ASKED) ?? "{}");
    this.storage.removeItem(ASKED);
    if (given.has("error")) throw new Error(given.get("error_description") ?? given.get("error"));
    if (!asked.state || asked.state !== given.get("state")) throw new Error("this is not the answer to a sign-in that was begun in this tab");
    const form = { grant_type: "authorization_code", redirect_uri: this.config.console_url, code: given.get("code"), code_verifier: asked.verifier };
    const answer = await this.#ask("token", form);
    if (!answer.ok) throw new Error((await answer.json()).error);
    this.#keep(await answer.json());
    return asked.path;
  }

  async #renew() {
    const refresh_token = this.storage.getItem(REFRESH);
    if (!refresh_token) throw new SignedOutError();
    const answer = await this.#ask("token", { grant_type: "refresh_token", refresh_token });
    if (answer.status >= 500) throw new TypeError(`the sign-in answered ${answer.status}`);
    if (!answer.ok) {
      this.#forget();
      throw new SignedOutError();
    }
    return this.#keep(await answer.json());
  }

  #ask(endpoint, form) {
    const body = new URLSearchParams({ client_id: this.config.client_id, ...form });
    return this.fetch(`${this.config.sign_in_url}/oauth2/${endpoint}`, { method: "POST", body });
  }

  #keep({ access_token, expires_in, refresh_token }) {
    this.#access = access_token;
    this.#until = this.now() + expires_in * 1000;
    if (refresh_token) this.storage.setItem(REFRESH, refresh_token);
    return access_token;
  }

  #forget() {
    this.#access = "";
    this.storage.removeItem(REFRESH);
  }
}

const base64url = (bytes) => btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));
export const challenge = async (verifier) => base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))));
