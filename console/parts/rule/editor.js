/**
 * The editor of rules, wherever one is written: a segment's, and what a journey asks. Lines of controls that the API's words describe.
 *
 *     const edit = useRule(rule, change, vocabulary);
 *     <div ref=${edit.root}><${Conditions} rule=${rule} edit=${edit} /></div>
 *
 * `change` takes what makes another rule of the one that there is, and what that is about (parts/history.js). What the API says of a part is told by
 * signals: `edit.said`, and `edit.figures` where it is counted, with paths that begin with `rule`.
 */
import { keysOf } from "../../model/documents.js";
import { html, signal, useEffect, useLayoutEffect, useMemo, useRef } from "../html.js";
import { may } from "../world.js";
import { AddBox } from "./adding.js";
import { Group, Part } from "./clauses.js";
import { add, listIn, move, negate, partOf, pathOf, put, remove, wrap } from "./edits.js";

export * from "./where.js";

export function Conditions({ rule, edit }) {
  if (listIn(rule) && !("not" in rule)) return html`<${Group} part=${rule} keys=${[]} edit=${edit} />`;
  return html`<${Part} part=${rule} keys=${[]} edit=${edit} />${!edit.isFixed && html`<${AddBox} list=${[]} edit=${edit} />`}`;
}

/** What the lines do: a value that stays the same while the rule changes, so that no line is drawn again for it. */
export function useRule(rule, change, { words, names }, isCounted = false) {
  const now = useRef();
  now.current = { rule, change };
  const root = useRef(null);
  const wanted = useRef(null);
  // After a change the focus goes where it leads: the changed line, or where one more is added.
  useLayoutEffect(() => {
    const target = wanted.current?.();
    wanted.current = null;
    target?.focus();
    if (target?.tagName === "INPUT") target.select();
  });
  return useMemo(() => {
    const change = (edited, about) => now.current.change(edited, about);
    const line = (keys) => root.current.querySelector(`[data-at="${pathOf(keys)}"]`);
    const box = (list) => root.current.querySelector(`[data-add="${pathOf(list)}"]`) ?? root.current.querySelector("[data-add]");
    const first = (keys) => line(keys)?.querySelector("[data-main]") ?? line(keys)?.querySelector("input, select");
    return {
      schema: words,
      names,
      heads: Object.fromEntries(words.heads.map((word) => [word.head, word])),
      root,
      isFixed: !may("write"),
      figures: isCounted && signal({}),
      said: signal({ refusals: [], warnings: [] }),
      change: (keys, value, about) => change((rule) => put(rule, keys, value), about),
      add(list, part, from) {
        change((rule) => add(rule, list, part));
        const to = list.length ? list : ["all"];
        const inner = listIn(part);
        const last = () => [...to, (partOf(now.current.rule, to)?.length ?? 1) - 1];
        wanted.current = () => (inner ? box([...last(), ...inner]) : line(last())?.querySelector("[data-main]")) ?? (from?.isConnected ? from : box(to));
      },
      remove(keys) {
        change((rule) => remove(rule, keys));
        wanted.current = () => first(keys) ?? box(keys.slice(0, -1));
      },
      move(keys, step) {
        const moved = move(now.current.rule, keys, step);
        if (!moved) return;
        change(() => moved.rule);
        wanted.current = () => first(moved.keys);
      },
      negate(keys) {
        change((rule) => negate(rule, keys));
      },
      wrap(keys) {
        change((rule) => wrap(rule, keys, "any"));
        wanted.current = () => box([...keys, "any"]);
      },
      /** Says the name that was meant where the warning's path leads. */
      repair({ path, meant }) {
        change((rule) => put(rule, keysOf(path).slice(1), meant));
        wanted.current = () => [...root.current.querySelectorAll("[data-at]")].findLast((each) => path.startsWith(each.dataset.at))?.querySelector("input, select");
      },
      focusAdd: (keys) => box(keys.slice(0, keys.findLastIndex((key) => typeof key === "number"))).focus(),
    };
  }, [words, names]);
}

/** A rule that is a part of another document. `said` is what the API says of it. */
export function Inner({ rule, change, vocabulary, said }) {
  const edit = useRule(rule, change, vocabulary);
  useEffect(() => {
    edit.said.value = said;
  }, [edit, JSON.stringify(said)]);
  return html`<div class="rule plain" ref=${edit.root}><${Conditions} rule=${rule} edit=${edit} /></div>`;
}
