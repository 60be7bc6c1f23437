/** How the fields of one line are typed: attributes of `Line` (parts/fields.js). */
import { numberOf, valueOf } from "../../model/numbers.js";

/** What cannot be left out stays, though it is empty, and the API says what it wants there. */
export const NEEDED = { read: String };
export const NUMBER = { inputmode: "numeric", size: "5", read: (text) => numberOf(text) };
export const JSON_PART = { class: "json wide", spellcheck: false, shown: (value) => (value === undefined ? "" : JSON.stringify(value)), read: (text) => (text.trim() ? valueOf(text) : undefined) };
export const EVENT = { ...NEEDED, list: "events" };
export const SPAN = { ...NEEDED, size: "6", placeholder: "1d" };
