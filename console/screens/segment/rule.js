/** The rule of a segment, and beside it what its lines come to. */
import { ask, here } from "../../model/router.js";
import { nameOf } from "../../model/rules.js";
import * as shortcuts from "../../model/shortcuts.js";
import { t } from "../../model/text.js";
import { Field } from "../../parts/form.js";
import { html, useEffect } from "../../parts/html.js";
import { Card } from "../../parts/page.js";
import { Conditions, useRule } from "../../parts/rule/editor.js";
import { Loaded } from "../../parts/states.js";
import { useVocabulary } from "../../parts/vocabulary.js";
import { Total, useFigures } from "./figures.js";

export const Rule = (it) => html`<${Loaded} of=${useVocabulary()} rows=${6}>${(vocabulary) => html`<${Editor} ...${it} vocabulary=${vocabulary} />`}<//>`;

function Editor({ id, document, draft, save, vocabulary }) {
  const { rule } = document;
  const asOf = here.value.query.get("as_of") ?? ""; // one day for all tabs: saved.js
  const edit = useRule(rule, (edited, about) => draft.change((before) => ({ ...before, rule: edited(before.rule) }), about), vocabulary, true);
  const found = useFigures(rule, asOf, edit, save.error);
  useEffect(() => {
    if (save.error) save.clear();
  }, [document]);
  useEffect(() => {
    if (!id && !draft.isChanged) edit.root.current.querySelector("[data-add]")?.focus();
    return shortcuts.add("c", () => t("Add a condition"), () => [...(edit.root.current?.querySelectorAll("[data-add]") ?? [])].at(-1)?.focus());
  }, [edit]);
  return html`<div class="cols">
    <${Card} title=${t("Who is in it")} aside=${found.counted && t("start: {n} known people", { n: found.counted.known })}>
      <fieldset class="rule" disabled=${edit.isFixed} ref=${edit.root}>
        <${Field} label=${t("Name")} path="name" error=${save.error}>
          ${(given) => html`<input type="text" class="wide" ...${given} value=${document.name} placeholder=${nameOf(rule)}
            onInput=${({ target }) => draft.change((before) => ({ ...before, name: target.value }), "name")} />`}
        <//>
        <${Conditions} rule=${rule} edit=${edit} />
      </fieldset>
      ${!edit.isFixed && html`<p class="row sm soft"><button type="button" class="quiet" disabled=${!draft.canUndo} onClick=${draft.undo}>${t("Undo")} <kbd>Ctrl Z</kbd></button>
        <button type="button" class="quiet" disabled=${!draft.canRedo} onClick=${draft.redo}>${t("Redo")} <kbd>Ctrl ⇧ Z</kbd></button></p>`}
    <//>
    <aside class="stack"><${Total} ...${found} asOf=${asOf} setAsOf=${(day) => ask({ as_of: day })} /></aside>
  </div>`;
}
