/**
 * Texts in the reader's language. The key of a text is its English; texts/<language>.json has the others, and of English only what has a plural.
 *
 *     t("Saved as version {version}", { version: 7 })
 *     t("{n} segments", { n: 1 })      texts/en.json: {"{n} segments": {"one": "{n} segment", "other": "{n} segments"}}
 *
 * `n` chooses the form by Intl.PluralRules, and is written as a number of the language. What is served says each text's number in one list for each
 * language (domain/console_texts.py), whose name has the edition of the scripts: it stands where "edition" is said here.
 */
import { signal } from "../parts/html.js";

export const LANGUAGES = { en: "English", es: "Español" };
const KEPT = "regulars.language";

/** The language of everything shown, and its texts: whoever reads one in a component is drawn again when it changes. */
export const language = signal("en");
const texts = signal({});

/** How figures and dates are written: as where the reader is, if the browser names a region of that language. */
export const locale = () => globalThis.navigator?.languages?.find((tag) => tag.split("-")[0] === language.value) ?? language.value;

export function t(text, values = {}) {
  const found = texts.value[text] ?? String(text);
  const form = typeof found === "string" ? found : (found[new Intl.PluralRules(language.value).select(values.n)] ?? found.other);
  return form.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? shown(values[name]) : whole));
}

const shown = (value) => (typeof value === "number" ? new Intl.NumberFormat(locale()).format(value) : value);

/** The language that somebody chose, else the browser's first that there are texts in. */
export const preferred = (wanted = navigator.languages, kept = localStorage.getItem(KEPT)) =>
  [kept, ...wanted.map((tag) => tag.split("-")[0])].find((name) => name in LANGUAGES) ?? "en";

export async function speak(name, read = readTexts) {
  texts.value = await read(name);
  language.value = name;
  document.documentElement.lang = name;
}

export async function choose(name) {
  localStorage.setItem(KEPT, name);
  await speak(name);
}

const readTexts = async (name) => (await fetch(`/console/texts/${name}-edition.json`)).json();
