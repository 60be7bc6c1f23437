/** Which events are meant: conditions on their own properties, a line each. */
import { t } from "../../model/text.js";
import { Typed } from "../form.js";
import { html, useLayoutEffect, useRef } from "../html.js";
import { Given, Gone, isRecord, of, operatorIn, Test, text } from "./controls.js";
import { without } from "./edits.js";
import { LINES } from "./values.js";

/** `part` is what has the `where`. What cannot be drawn is JSON. `said` tells what is to be said of the condition at an index. */
export function Where({ part, words, kinds = words.operators.value, change, known, said }) {
  const where = part.where ?? [];
  const set = (next) => change(next.length ? { ...part, where: next } : without(part, ["where"]));
  const properties = known?.properties ?? [];
  const first = properties[0]?.name ?? "";
  const more = useRef(null);
  const isMore = useRef(false);
  useLayoutEffect(() => {
    if (isMore.current) more.current.previousElementSibling.querySelector("input").select();
    isMore.current = false;
  });
  return html`${where.map((each, index) => {
      const put = (next) => set(where.with(index, next));
      const isDrawn = isRecord(each) && "property" in each && operatorIn(each, kinds) && Object.keys(each).length === 2;
      return html`<span class="row" key=${index}>${index ? t("and") : t("where")}
        ${isDrawn ? html`<${Typed} label=${t("Property")} value=${each.property} line=${LINES.path} offered=${properties.map(({ name }) => name)} change=${(property) => put({ ...each, property })} />
            <${Test} part=${each} kinds=${kinds} words=${words} label=${text(each.property)} change=${put} offered=${of(properties, each.property)?.values} />`
          : html`<${Given} kind="json" label=${t("Condition")} value=${each} change=${put} />`}
        <${Gone} what=${text(each?.property)} run=${() => set(where.toSpliced(index, 1))} />${said?.(index)}</span>`;
    })}
    <button type="button" class="quiet sm" ref=${more} onClick=${() => ((isMore.current = true), set([...where, { property: first, exists: true }]))}>${t("+ where")}</button>`;
}
