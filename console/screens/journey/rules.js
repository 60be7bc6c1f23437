/** What has rules of its own in a journey, by the segments' editor of rules, which comes with their script. What that cannot show is JSON in its place. */
import { at } from "../../model/documents.js";
import { isObject } from "../../model/journeys.js";
import { t } from "../../model/text.js";
import { Line } from "../../parts/fields.js";
import { html, useMemo } from "../../parts/html.js";
import { useLater } from "../../parts/later.js";
import { Skeleton } from "../../parts/states.js";
import { useVocabulary } from "../../parts/vocabulary.js";
import { Remarks } from "./remarks.js";
import { JSON_PART } from "./typed.js";

const load = () => import("../../parts/rule/editor.js");

/** `{ parts, vocabulary, isMissing }`: the editor and what it is made from, the same value until more of it has come. */
export function useRules() {
  const { module: parts, error } = useLater(load);
  const { data: vocabulary, error: wordless } = useVocabulary();
  return useMemo(() => ({ parts: vocabulary && parts, vocabulary, isMissing: Boolean(error || wordless) }), [parts, vocabulary?.words, vocabulary?.names, error, wordless]);
}

/** Which events count: a line for each of their properties. `path` ends with `where`. */
export function Where({ it, path, label }) {
  const { parts, vocabulary, isMissing } = it.rules;
  const outer = path.replace(/\.where$/, "");
  const part = at(it.document, outer);
  if (isMissing || !isObject(part) || !Array.isArray(part.where ?? [])) return html`<${Line} it=${it} path=${path} label=${t("{what}, as JSON", { what: label })} ...${JSON_PART} />`;
  if (!parts) return html`<${Skeleton} rows=${1} />`;
  const known = vocabulary.names.events.find(({ name }) => name === part.event);
  const inside = (index) => html`<${Remarks} it=${it} within=${`${path}[${index}]`} fields=${[]} />`;
  return html`<div class="clause whole" role="group" aria-label=${label}><div class="row"><${parts.Where} part=${part} words=${vocabulary.words} known=${known} change=${(next) => it.change(outer, next)} said=${inside} /></div>
    <${Remarks} it=${it} within=${path} fields=${(part.where ?? []).map((_, index) => `${path}[${index}]`)} /></div>`;
}
