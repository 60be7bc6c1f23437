/** The rule of a segment: lines of controls that the API's schema describes, and beside them what they come to. */
import { keysOf } from "../../model/documents.js";
import { ask, here } from "../../model/router.js";
import { nameOf } from "../../model/rules.js";
import * as shortcuts from "../../model/shortcuts.js";
import { t } from "../../model/text.js";
import { Field } from "../../parts/form.js";
import { html, signal, useEffect, useLayoutEffect, useMemo, useRef } from "../../parts/html.js";
import { Card } from "../../parts/page.js";
import { Loaded } from "../../parts/states.js";
import { useRead } from "../../parts/use.js";
import { may } from "../../parts/world.js";
import { AddBox } from "./adding.js";
import { Group, Part } from "./clauses.js";
import { add, listIn, move, negate, partOf, pathOf, put, remove, wrap } from "./edits.js";
import { Total, useFigures } from "./figures.js";

const NAMELESS = { events: [], traits: [], segments: [], campaigns: [], purposes: [] };

export function Rule(it) {
  const schema = useRead("/admin/schema");
  const names = useRead("/admin/suggestions");
  // Without names it can be written as well, but not before it is clear that there are none.
  const known = names.error ? { ...schema, data: schema.data && [schema.data, NAMELESS] } : { ...schema, data: names.data && schema.data && [schema.data, names.data] };
  return html`<${Loaded} of=${known} rows=${6}>${([words, named]) => html`<${Editor} ...${it} schema=${words} names=${named} />`}<//>`;
}

function Editor({ id, document, draft, save, schema, names }) {
  const { rule } = document;
  const asOf = here.value.query.get("as_of") ?? ""; // one day for all tabs: saved.js
  const edit = useEdit(draft, schema, names);
  const found = useFigures(rule, asOf, edit, save.error);
  useEffect(() => {
    if (save.error) save.clear();
  }, [document]);
  useEffect(() => {
    if (!id && !draft.isChanged) edit.root.current.querySelector("[data-add]")?.focus();
    return shortcuts.add("c", () => t("Add a condition"), () => [...(edit.root.current?.querySelectorAll("[data-add]") ?? [])].at(-1)?.focus());
  }, [edit]);
  const isGroup = Boolean(listIn(rule)) && !("not" in rule);
  return html`<div class="cols">
    <${Card} title=${t("Who is in it")} aside=${found.counted && t("start: {n} known people", { n: found.counted.known })}>
      <fieldset class="rule" disabled=${edit.isFixed} ref=${edit.root}>
        <${Field} label=${t("Name")} path="name" error=${save.error}>
          ${(given) => html`<input type="text" class="wide" ...${given} value=${document.name} placeholder=${nameOf(rule)}
            onInput=${({ target }) => draft.change((before) => ({ ...before, name: target.value }), "name")} />`}
        <//>
        ${isGroup ? html`<${Group} part=${rule} keys=${[]} edit=${edit} />` : html`<${Part} part=${rule} keys=${[]} edit=${edit} />${!edit.isFixed && html`<${AddBox} list=${[]} edit=${edit} />`}`}
      </fieldset>
      ${!edit.isFixed && html`<p class="row sm soft"><button type="button" class="quiet" disabled=${!draft.canUndo} onClick=${draft.undo}>${t("Undo")} <kbd>Ctrl Z</kbd></button>
        <button type="button" class="quiet" disabled=${!draft.canRedo} onClick=${draft.redo}>${t("Redo")} <kbd>Ctrl ⇧ Z</kbd></button></p>`}
    <//>
    <aside class="stack"><${Total} ...${found} asOf=${asOf} setAsOf=${(day) => ask({ as_of: day })} /></aside>
  </div>`;
}

/** What the lines do: a value that stays the same while the rule changes, so that no line is drawn again for it. */
function useEdit(draft, schema, names) {
  const now = useRef();
  now.current = draft;
  const root = useRef(null);
  const wanted = useRef(null);
  // After a change the focus goes where it leads: the changed line, or where one more is added.
  useLayoutEffect(() => {
    const target = wanted.current?.();
    wanted.current = null;
    target?.focus();
    if (target?.tagName === "INPUT") target.select();
  });
  const edit = useMemo(() => {
    const change = (edited, about) => now.current.change((before) => ({ ...before, rule: edited(before.rule) }), about);
    const line = (keys) => root.current.querySelector(`[data-at="${pathOf(keys)}"]`);
    const box = (list) => root.current.querySelector(`[data-add="${pathOf(list)}"]`) ?? root.current.querySelector("[data-add]");
    const first = (keys) => line(keys)?.querySelector("[data-main]") ?? line(keys)?.querySelector("input, select");
    return {
      schema,
      names,
      heads: Object.fromEntries(schema.heads.map((word) => [word.head, word])),
      root,
      isFixed: !may("write"),
      figures: signal({}),
      said: signal({ refusal: null, warnings: [] }),
      change: (keys, value, about) => change((rule) => put(rule, keys, value), about),
      add(list, part, from) {
        change((rule) => add(rule, list, part));
        const to = list.length ? list : ["all"];
        const inner = listIn(part);
        const last = () => [...to, (partOf(now.current.value.rule, to)?.length ?? 1) - 1];
        wanted.current = () => (inner ? box([...last(), ...inner]) : line(last())?.querySelector("[data-main]")) ?? (from?.isConnected ? from : box(to));
      },
      remove(keys) {
        change((rule) => remove(rule, keys));
        wanted.current = () => first(keys) ?? box(keys.slice(0, -1));
      },
      move(keys, step) {
        const moved = move(now.current.value.rule, keys, step);
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
  }, [schema, names]);
  return edit;
}
