/** The rule of a segment, and how the segment is called. */
import { nameOf } from "../../model/rules.js";
import { t } from "../../model/text.js";
import { Field } from "../../parts/form.js";
import { html, useState } from "../../parts/html.js";
import { Card } from "../../parts/page.js";
import { may } from "../../parts/world.js";

export function Rule({ document, draft, save }) {
  return html`<${Card} title=${t("Who is in it")}>
    <fieldset class="stack" disabled=${!may("write")}>
      <${Field} label=${t("Name")} path="name" error=${save.error}>
        ${(given) => html`<input type="text" class="wide" ...${given} value=${document.name} placeholder=${nameOf(document.rule)}
          onInput=${({ target }) => draft.change((before) => ({ ...before, name: target.value }), "name")} />`}
      <//>
      <${Field} label=${t("Rule")} path="rule" error=${save.error}>
        ${(given) => html`<${RuleText} given=${given} value=${document.rule} change=${(rule) => draft.change((before) => ({ ...before, rule }), "rule")} />`}
      <//>
    </fieldset>
  <//>`;
}

/** A rule, or a part of one, as JSON: what is typed stays as it is typed, and counts as soon as it is JSON. */
function RuleText({ given, value, change }) {
  const written = JSON.stringify(value, null, 2);
  const [typed, setTyped] = useState({ text: written, value: written });
  const text = typed.value === written ? typed.text : written;
  const onInput = ({ target }) => {
    try {
      const next = JSON.parse(target.value);
      setTyped({ text: target.value, value: JSON.stringify(next, null, 2) });
      change(next);
    } catch {
      setTyped({ text: target.value, value: written });
    }
  };
  return html`<textarea rows=${Math.min(30, text.split("\n").length + 1)} ...${given} spellcheck=${false} value=${text} onInput=${onInput}></textarea>`;
}
