/** How a screen asks: one state for whatever it waits for, which `Loaded` of states.js draws. */
import { isAbort, latest } from "../model/api.js";
import * as drafts from "../model/drafts.js";
import { t } from "../model/text.js";
import { useCallback, useEffect, useMemo, useRef, useState } from "./html.js";
import { world } from "./world.js";

const WAITING = { data: undefined, etag: "", error: null, isLoading: true, at: 0 };

/**
 * What `path` says: `{ data, etag, error, isLoading, at, reload }`. What was there stays while it is asked for again, and where that fails.
 * A path of null asks nothing yet. `every`: asked again so often (ms) while the tab is seen; `done(data)`: no more.
 */
export function useRead(path, { every = 0, done } = {}) {
  const ask = async function* (signal) {
    if (!every) yield await world.api.get(path, { signal });
    else for await (const body of world.api.polled(path, { signal, every, done })) yield { body, etag: "" };
  };
  return useAsked(path && ask, path, { keeps: false });
}

/**
 * What a question that takes long comes to: `data` is each look, and `isLoading` until the last. `start` is `[path, body, lookAt]`, or null for not yet.
 * Another question aborts this one, whose late answers are dropped; what this one said stays until the other says something, to be shown greyed. It is
 * asked `delay` ms after its last change.
 */
export function useTicket(start, delay = 0) {
  const ask = async function* (signal) {
    if (delay) await world.api.pause(delay, signal);
    for await (const look of world.api.ticket(...start, { signal })) yield { body: look, etag: "" };
  };
  return useAsked(start && ask, start && JSON.stringify(start.slice(0, 2)), { keeps: true });
}

/**
 * What the API makes of a `body` that is being typed: asked `delay` ms after its last change, for nothing, and so that it may be asked again. The last
 * answer stays until there is another, also while the newest body is refused. A body of null asks nothing.
 */
export function useAnswer(path, body, delay = 300) {
  const ask = async function* (signal) {
    await world.api.pause(delay, signal);
    yield await world.api.post(path, body, { signal, again: true });
  };
  return useAsked(body && ask, body && JSON.stringify([path, body]), { keeps: true });
}

/**
 * A question that costs something: `ask(body)` asks it, and coming to the screen does not. Its ticket is kept in this tab, so that whoever comes back or
 * reloads reads the last answer for nothing: `{ data, error, isLoading, reload, asked, at, ask }`, with what was asked and when. `looks` is the path that
 * tickets are looked at below.
 */
export function useQuestion(key, path, looks = path) {
  const [last, setLast] = useState(() => drafts.kept(key));
  const lookAt = (ticket) => `${looks}/${ticket}`;
  const ask = async function* (signal) {
    const begun = last.ticket ? await world.api.get(lookAt(last.ticket), { signal }) : await world.api.post(path, last.body, { signal, again: true });
    for await (const look of world.api.followed(begun.body, lookAt, { signal })) {
      drafts.keep(key, { ...last, ticket: look.ticket });
      yield { body: look, etag: "" };
    }
  };
  const answer = useAsked(last && ask, last && String(last.at), { keeps: true });
  useEffect(() => {
    if (answer.error?.status === 404) drafts.forget(key); // Athena has forgotten it, after 45 days
  }, [answer.error]);
  return { ...answer, asked: last?.body, at: last?.at ?? 0, ask: (body) => setLast({ body, at: Date.now(), ticket: "" }) };
}

/** `about` tells one question from another. */
function useAsked(ask, about, { keeps }) {
  const waiting = { ...WAITING, about, isLoading: Boolean(ask) };
  const [state, setState] = useState(waiting);
  const [turn, setTurn] = useState(0);
  const last = useMemo(() => latest(), []);
  useEffect(() => {
    if (!ask) return undefined;
    setState((before) => (keeps || before.about === about ? { ...before, about, isLoading: true } : waiting));
    last(async (signal) => {
      for await (const { body, etag } of ask(signal)) {
        signal.throwIfAborted();
        setState({ data: body, etag, error: null, isLoading: true, at: Date.now(), about });
      }
      setState((before) => ({ ...before, isLoading: false }));
    }).catch((error) => isAbort(error) || setState((before) => ({ ...before, error, isLoading: false })));
    return last.cancel;
  }, [about, turn]);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  return { ...(keeps || state.about === about ? state : waiting), reload };
}

/**
 * An edit of what was read: `{ value, change, isChanged, etag, forget }`. What is typed is kept in this tab at every change, with the ETag of what it
 * changes, and is there again after a reload or a sign-in. `read` is what useRead answers. `settle(etag, key)` says that this value was saved: what was
 * typed meanwhile is a draft of what is there now, under the same key or the one that it has from now on.
 */
export function useDraft(key, read, from = (data) => data) {
  const [draft, setDraft] = useState(() => drafts.kept(key));
  const saved = read.data === undefined ? undefined : from(read.data);
  const change = (next) => {
    setDraft((before) => {
      const made = { value: typeof next === "function" ? next(before?.value ?? saved) : next, etag: before?.etag ?? read.etag };
      drafts.keep(key, made);
      return made;
    });
  };
  const forget = () => (drafts.forget(key), setDraft(null));
  const value = draft?.value ?? saved;
  const settle = (etag, to = key) => {
    const now = drafts.kept(key);
    const left = now && JSON.stringify(now.value) !== JSON.stringify(value) ? { value: now.value, etag } : null;
    if (!left || to !== key) drafts.forget(key);
    if (left) drafts.keep(to, left);
    setDraft(left);
  };
  return { value, change, forget, settle, isChanged: Boolean(draft) && JSON.stringify(value) !== JSON.stringify(saved), etag: draft?.etag ?? read.etag };
}

/** What a button does: `{ run, isRunning, error, clear }`. It runs once at a time; the error stays until it runs again. */
export function useAction(work) {
  const [state, setState] = useState({ isRunning: false, error: null });
  const running = useRef(false);
  const run = async (...given) => {
    if (running.current) return undefined;
    running.current = true;
    setState({ isRunning: true, error: null });
    try {
      const result = await work(...given);
      setState({ isRunning: false, error: null });
      return result;
    } catch (error) {
      setState({ isRunning: false, error });
      return undefined;
    } finally {
      running.current = false;
    }
  };
  return { ...state, run, clear: () => setState({ isRunning: false, error: null }) };
}

/** A ref that is true while the screen that asks is shown: who left it meanwhile is not taken back by a late answer. */
export function useShown() {
  const shown = useRef(true);
  useEffect(() => () => void (shown.current = false), []);
  return shown;
}

/** The ETag of what is not there yet. */
export const NONE = '"0"';

/**
 * Saving a draft: `{ run, isRunning, error, theirs, keepMine, takeTheirs }`. Where somebody else saved meanwhile, `theirs` is what they did
 * (`StaleVersion` of form.js shows both sides), and nothing is lost whatever is chosen. What is new and has another's name is refused beside its name.
 * `keyOf(body)` is the draft's key from then on.
 */
export function useSave(path, draft, read, onSaved = () => {}, keyOf = () => undefined) {
  const [theirs, setTheirs] = useState(null);
  const action = useAction(async (ifMatch) => {
    try {
      const { body } = await world.api.put(path, draft.value, { ifMatch });
      draft.settle(`"${body.version}"`, keyOf(body));
      setTheirs(null);
      read.reload();
      onSaved(body);
      return body;
    } catch (error) {
      if (error.code !== "stale_version") throw error;
      if (ifMatch === NONE) throw Object.assign(error, { field: "name", message: t("There is one of this name already. Choose another name.") });
      setTheirs(await world.api.get(path));
      return undefined;
    }
  });
  const takeTheirs = () => (draft.forget(), setTheirs(null), read.reload());
  return { ...action, run: () => action.run(draft.etag), theirs, keepMine: () => action.run(theirs.etag), takeTheirs };
}
