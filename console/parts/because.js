/** A rule's clauses as a tree (`treeOf` of model/verdicts.js): true, false or unknown of somebody, with what decided it. */
import { t } from "../model/text.js";
import { html } from "./html.js";

const HEADS = { all: () => t("all of these"), any: () => t("any of these"), not: () => t("not this") };
const SIGNS = { true: ["✓", () => t("true")], false: ["✗", () => t("false")], null: ["?", () => t("unknown")] };

const FEW = 4;
const Evidence = ({ of }) => html`<ul>${of.map(({ text, value }) => html`<li>${text}${value && !text.includes(value) && html` <code>${value}</code>`}</li>`)}</ul>`;

export function Because({ of }) {
  const [sign, word] = SIGNS[of.verdict];
  const kind = of.verdict === null ? "warn" : { true: "ok", false: "bad", null: "" }[of.helps];
  return html`<li>
    <div class="check"><span class=${`ic ${kind}`} aria-hidden="true">${sign}</span><span>${HEADS[of.head]?.() ?? of.sentence}</span><span class="soft">${word()}</span>
      ${of.because.length > 0 && html`<div class="soft"><${Evidence} of=${of.because.slice(0, FEW)} />
        ${of.because.length > FEW && html`<details><summary>${t("and {n} others", { n: of.because.length - FEW })}</summary><${Evidence} of=${of.because.slice(FEW)} /></details>`}</div>`}
    </div>
    ${of.parts.length > 0 && html`<ul class="nest">${of.parts.map((part) => html`<${Because} key=${part.path} of=${part} />`)}</ul>`}
  </li>`;
}
