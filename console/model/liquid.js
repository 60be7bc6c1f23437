/** Liquid in the texts of a message, as far as a text can be changed without being understood: a trait is put in, a default is added to it. */

const NAME = /^[A-Za-z_][\w-]*$/;

/** `first_name` is `person.traits.first_name`, `address.city` goes inside, and what is no name is in quotes. */
export const reference = (trait) => `person.traits${trait.split(".").map((part) => (NAME.test(part) ? `.${part}` : `[${quoted(part)}]`)).join("")}`;

/** What is put in where the caret is, and how far from its end the caret is then: between the quotes of the default. */
export const insertion = (trait) => ({ text: `{{ ${reference(trait)} | default: "" }}`, back: 4 });

/** The text with `fallback` wherever it shows the trait and has nothing in its place; the same text where it does so nowhere. */
export function withDefault(text, trait, fallback) {
  const shown = new RegExp(`\\{\\{(-?)\\s*${reference(trait).replace(/[.[\]]/g, "\\$&")}\\s*((?:\\|[^}]*)?)(-?)\\}\\}`, "g");
  return text.replace(shown, (whole, open, filters, close) =>
    /\|\s*default\b/.test(filters) ? whole : `{{${open} ${reference(trait)} | default: ${quoted(fallback)} ${filters.trim() ? `${filters.trim()} ` : ""}${close}}}`,
  );
}

/** Liquid has no escapes: a text with both quotes loses the double ones. */
const quoted = (text) => (text.includes('"') ? (text.includes("'") ? `"${text.replaceAll('"', "")}"` : `'${text}'`) : `"${text}"`);
