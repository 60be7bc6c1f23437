/** What has rules of its own in a journey, by the segments' editor of rules, which comes with their script. What that cannot show is JSON in its place. */
import { at, changed } from "../../model/documents.js";
import { isObject } from "../../model/journeys.js";
import { t } from "../../model/text.js";
import { Line } from "../../parts/fields.js";
import { html, useMemo } from "../../parts/html.js";
import { useLater } from "../../parts/later.js";
import { isOf, Skeleton } from "../../parts/states.js";
import { useVocabulary } from "../../parts/vocabulary.js";
import { Remarks } from "./remarks.js";
import { JSON_PART } from "./typed.js";

/** What no controls fit. */
export const AsJson = ({ label, ...field }) => html`<${Line} ...${field} label=${t("{what}, as JSON", { what: label })} ...${JSON_PART} />`;

const load = () => import("../../parts/rule/editor.js");
const NONE = [];

/**
 * `{ parts, vocabulary, isMissing }`: the editor and what it is made from, the same value until there is more of it. `event` is what a run begins with,
 * of which rules may ask, too.
 */
export function useRules(event) {
  const { module: parts, error } = useLater(load);
  const { data, error: wordless } = useVocabulary("/admin/schema?of=journeys");
  const properties = data?.names.events.find(({ name }) => name === event)?.properties ?? NONE;
  const vocabulary = useMemo(() => data && { words: data.words, names: { ...data.names, properties } }, [data?.words, data?.names, properties]);
  return useMemo(() => ({ parts: vocabulary && parts, vocabulary, isMissing: Boolean(error || wordless) }), [parts, vocabulary, error, wordless]);
}

/** Which events count: a line for each of their properties. `path` ends with `where`. */
export function Where({ it, path, label }) {
  const { parts, vocabulary, isMissing } = it.rules;
  const outer = path.replace(/\.where$/, "");
  const part = at(it.document, outer);
  if (isMissing || !isObject(part) || !Array.isArray(part.where ?? [])) return html`<${AsJson} it=${it} path=${path} label=${label} />`;
  if (!parts) return html`<${Skeleton} rows=${1} />`;
  const known = vocabulary.names.events.find(({ name }) => name === part.event);
  const inside = (index) => html`<${Remarks} it=${it} within=${`${path}[${index}]`} fields=${[]} />`;
  return html`<div class="clause whole" role="group" aria-label=${label}><div class="row"><${parts.Where} part=${part} words=${vocabulary.words} known=${known} change=${(next) => it.change(outer, next)} said=${inside} /></div>
    <${Remarks} it=${it} within=${path} fields=${(part.where ?? []).map((_, index) => `${path}[${index}]`)} /></div>`;
}

const NOBODY_ASKED = { all: [] };
const isEmpty = (rule) => rule.all?.length === 0;

/** What is asked of the person. A branch that asks nothing is everyone's, an entry without is, too. */
export function If({ it, path, label }) {
  const { parts, vocabulary, isMissing } = it.rules;
  const rule = at(it.document, path) ?? NOBODY_ASKED;
  if (isMissing || !isObject(rule)) return html`<${AsJson} it=${it} path=${path} label=${label} />`;
  if (!parts) return html`<${Skeleton} rows=${1} />`;
  const asked = (next) => (!isEmpty(next) ? next : path === "entry.if" ? undefined : { everyone: true });
  const change = (edited, about) => it.edit((before) => changed(before, path, asked(edited(at(before, path) ?? NOBODY_ASKED))), about && path + about);
  const within = (place) => `rule${place.slice(path.length)}`;
  const said = {
    refusals: it.errors.filter((each) => isOf(each, path)).map(({ field, message }) => ({ field: within(field), message })),
    warnings: it.warnings.filter((each) => isOf({ field: each.path }, path)).map((each) => ({ ...each, path: within(each.path) })),
  };
  return html`<div class="wide" role="group" aria-label=${label}><b class="sm">${label}</b><${parts.Inner} rule=${rule} change=${change} vocabulary=${vocabulary} said=${said} /></div>`;
}
