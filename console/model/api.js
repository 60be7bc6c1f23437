/**
 * The admin API, as any client may ask it. Nothing here knows a screen.
 *
 *     const { body, etag } = await api.get("/admin/segments/lapsing", { signal });
 *     await api.put("/admin/segments/lapsing", document, { ifMatch: etag });
 *     for await (const look of api.ticket("/admin/segments/lapsing/evaluations", {}, (ticket) => `/admin/evaluations/${ticket}`, { signal })) ...
 *
 * What is refused or fails is an ApiError with the API's own code, message and field. A read is tried three times, a write once: it may have arrived.
 */
import { parse } from "./numbers.js";
import { SignedOutError } from "./session.js";

const TRIES = 3;
const PASSING = new Set([429, 502, 503, 504]);
const OVER = new Set(["succeeded", "failed", "cancelled", "aborted"]);

export class ApiError extends Error {
  /** `status` is 0 where no answer came. `version` is the newest one of what was changed meanwhile (412). */
  constructor({ status = 0, code, message, field = "", version = null, run_id = "" }) {
    super(message);
    Object.assign(this, { status, code, field, version, runId: run_id });
  }
}

export class Api {
  constructor({ session, fetch = globalThis.fetch.bind(globalThis), pause = wait, onSignedOut = () => {} }) {
    Object.assign(this, { session, fetch, pause, onSignedOut });
  }

  get = (path, options) => this.#ask("GET", path, undefined, options);
  post = (path, body = {}, options) => this.#ask("POST", path, body, options);
  put = (path, body, options) => this.#ask("PUT", path, body, options);

  /** A read that costs nothing although it is a POST (a start of a query, a search) may be tried again as well: `{ again: true }`. */
  async #ask(method, path, body, { signal, ifMatch, again = method === "GET", headers = {} } = {}) {
    const sent = { ...headers, ...(ifMatch ? { "If-Match": ifMatch } : {}), ...(body === undefined ? {} : { "Content-Type": "application/json" }) };
    const request = { method, signal, headers: sent, body: body === undefined ? undefined : JSON.stringify(body) };
    for (let tried = 1; ; tried += 1) {
      try {
        return await this.#once(path, request);
      } catch (error) {
        if (signal?.aborted || !(error instanceof ApiError) || !again || tried >= TRIES || !(error.status === 0 || PASSING.has(error.status))) throw error;
        if (error.code === "signed_out") throw error;
        await this.pause(250 * 3 ** (tried - 1), signal);
      }
    }
  }

  async #once(path, request) {
    let answer = await this.#sent(path, request, await this.#token());
    if (answer.status === 401) answer = await this.#sent(path, request, await this.#token({ renewed: true }));
    if (answer.status === 401) throw this.#signedOut();
    const text = await answer.text();
    const body = parsed(text);
    if (answer.ok) return { body, etag: answer.headers.get("ETag") ?? "" };
    throw new ApiError({ code: `http_${answer.status}`, message: text.slice(0, 300), ...body, status: answer.status });
  }

  async #sent(path, request, token) {
    try {
      return await this.fetch(path, { ...request, cache: "no-store", headers: { ...request.headers, Authorization: `Bearer ${token}` } });
    } catch (error) {
      throw unreachable(error);
    }
  }

  async #token(options) {
    try {
      return await this.session.token(options);
    } catch (error) {
      throw error instanceof SignedOutError ? this.#signedOut() : unreachable(error);
    }
  }

  #signedOut() {
    this.onSignedOut();
    return new ApiError({ status: 401, code: "signed_out", message: "signed out" });
  }

  /** Starts what takes long, and yields each look at it until it is over. */
  async *ticket(path, body, lookAt, { signal } = {}) {
    const { body: look } = await this.post(path, body, { signal, again: true });
    yield* this.followed(look, lookAt, { signal });
  }

  /** Yields this look and those after it until it is over: soon at first, then every two seconds, and never while the tab is hidden. */
  async *followed(look, lookAt, { signal } = {}) {
    for (let delay = 150; ; delay = Math.min(delay * 1.5, 2000)) {
      yield look;
      if (OVER.has(look.state) || !look.ticket) return;
      await this.pause(delay, signal);
      await shown(signal);
      ({ body: look } = await this.get(lookAt(look.ticket), { signal }));
    }
  }

  /** Yields what `path` says every `every` milliseconds, until `done` says so, and never while the tab is hidden. */
  async *polled(path, { signal, every = 2000, done = () => false } = {}) {
    for (;;) {
      const { body } = await this.get(path, { signal });
      yield body;
      if (done(body)) return;
      await this.pause(every, signal);
      await shown(signal);
    }
  }
}

/** Of several calls the last one counts: each aborts the one before it, and an answer that comes late is dropped. `cancel` aborts the last. */
export function latest() {
  let running = null;
  const run = async (work) => {
    running?.abort();
    const mine = (running = new AbortController());
    const result = await work(mine.signal);
    if (mine !== running) throw new DOMException("a newer question was asked", "AbortError");
    return result;
  };
  const cancel = () => (running?.abort(), (running = null));
  return Object.assign(run, { cancel });
}

export const isAbort = (error) => error?.name === "AbortError";

const parsed = (text) => {
  try {
    return parse(text);
  } catch {
    return {};
  }
};

const unreachable = (error) => (isAbort(error) ? error : new ApiError({ code: "unreachable", message: String(error.message ?? error) }));

const wait = (milliseconds, signal) =>
  new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => (clearTimeout(timer), reject(signal.reason)), { once: true });
  });

const shown = (signal) =>
  document.visibilityState === "visible"
    ? undefined
    : new Promise((resolve, reject) => {
        document.addEventListener("visibilitychange", resolve, { once: true, signal });
        signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      });
