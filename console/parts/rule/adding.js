/**
 * One condition more: a few letters of what it is about, and Enter. What is offered is every head of the schema with every name that is known for it;
 * `not` before it offers the opposite. A combobox with a list: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/
 */
import { t } from "../../model/text.js";
import { html, useId, useMemo, useRef, useState } from "../html.js";
import { begun, pathOf } from "./edits.js";

const MOST = 10;

export function AddBox({ list, edit }) {
  const [sought, setSought] = useState("");
  const [at, setAt] = useState(-1);
  const [isOpen, setOpen] = useState(false);
  const input = useRef(null);
  const id = useId();
  const offers = useMemo(() => offersOf(edit), [edit]);
  const found = isOpen ? fitting(offers, sought, edit) : [];
  const close = () => (setOpen(false), setAt(-1), setSought(""));
  const choose = (offer) => {
    if (!offer) return;
    close();
    edit.add(list, offer.part(), input.current);
  };
  const onKeyDown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.altKey || !(step || ["Enter", "Escape"].includes(event.key))) return;
    if (event.key === "Escape" && !isOpen) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") close();
    else if (event.key === "Enter") choose(found[at]);
    else if (!isOpen) setOpen(true);
    else if (found.length) setAt((Math.max(at, step > 0 ? -1 : 0) + step + found.length) % found.length);
  };
  const onInput = ({ target }) => (setSought(target.value), setAt(target.value.trim() ? 0 : -1), setOpen(true));
  return html`<div class="add">
    <input ref=${input} data-add=${pathOf(list)} type="text" role="combobox" autocomplete="off" aria-expanded=${isOpen && found.length > 0} aria-controls=${id} aria-autocomplete="list"
      aria-activedescendant=${found[at] && `${id}-${at}`} aria-label=${t("Add a condition")} placeholder=${t("+ condition: an event, a trait, a segment ..")} value=${sought}
      onInput=${onInput} onKeyDown=${onKeyDown} onClick=${() => setOpen(true)} onBlur=${() => (setOpen(false), setAt(-1))} />
    <ul id=${id} role="listbox" aria-label=${t("What can be added")} class="card" hidden=${!found.length}>
      ${found.map((offer, index) => html`<li key=${offer.text} role="option" id=${`${id}-${index}`} aria-selected=${index === at} onMouseDown=${(event) => (event.preventDefault(), choose(offer))}>
        <span>${offer.verb} <b>${offer.name}</b>${offer.isNew && html` <span class="soft sm">${t("nobody sent it yet")}</span>`}</span></li>`)}
    </ul>
    ${list.length > 0 && html`<button type="button" class="quiet" onClick=${() => edit.add(list, list.at(-1) === "any" ? { all: [] } : { any: [] })}>${t("+ group")}</button>`}</div>`;
}

const offer = (verb, name, part, place = 0, isNew = false) => ({ verb, name, part, place, isNew, text: `${verb} ${name}`, sought: `${verb} ${name}`.toLowerCase() });

/** Everything that can be added, what is so first, and first of it what has names. `place` is that among the names of one head. */
function offersOf({ schema, names }) {
  const named = {
    property: () => names.properties.map((each) => ({ name: each.name, value: each.name, known: each })),
    event: () => names.events.map(({ name }) => ({ name, value: name })),
    trait: () => names.traits.map((each) => ({ name: each.name, value: each.name, known: each })),
    segment: () => names.segments.map(({ id, name }) => ({ name, value: id })),
    purpose: () => names.purposes.map((name) => ({ name, value: name })),
  };
  const of = ({ value, choices }) => named[value]?.() ?? (value === "choice" ? choices.map((name) => ({ name, value: name })) : [{ name: "", value: names.events[0]?.name ?? "" }]);
  const rank = (word) => (word.value in named ? Object.keys(named).indexOf(word.value) : 9);
  const heads = schema.heads.filter(({ value }) => value !== "rule").sort((one, other) => rank(one) - rank(other));
  return [false, true].flatMap((isNegated) => heads.flatMap((word) => of(word).map(({ name, value, known }, place) => offer(isNegated ? word.negated : word.label, name, () => begun(word, value, isNegated, known), place))));
}

/** Those that have every word that is typed, those first in which a word begins so; and what is typed itself, as an event or a trait that nobody sent yet. */
function fitting(offers, text, { schema }) {
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return offers.filter(({ place }) => place < 2).slice(0, MOST);
  const begins = ({ sought }) => words.every((word) => ` ${sought}`.includes(` ${word}`));
  const fits = offers.filter(({ sought }) => words.every((word) => sought.includes(word)));
  const isNegated = words.length > 1 && words[0] === "not";
  const name = isNegated ? text.trim().slice(4).trim() : text.trim();
  const own = schema.heads.filter(({ value }) => ["event", "trait", "property"].includes(value)).map((word) => offer(isNegated ? word.negated : word.label, name, () => begun(word, name, isNegated), 0, true));
  return [...fits.filter(begins), ...fits.filter((each) => !begins(each))].slice(0, MOST - own.length).concat(own.filter((each) => !fits.some(({ text: known }) => known === each.text)));
}
