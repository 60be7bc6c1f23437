/** Who gets what, as a picture: the variants and whoever is held back; and the smallest effect that this can show, once that is known. */
import { sharesOf } from "../../model/campaigns.js";
import * as format from "../../model/format.js";
import { t } from "../../model/text.js";
import { html } from "../../parts/html.js";
import { Card } from "../../parts/page.js";

const WIDTH = 280;

export function Shares({ it }) {
  const shares = sharesOf(it.document);
  const { found, isCurrent } = it.preflight;
  const held = shares.at(-1).share;
  const people = (each) => Math.round(each.id === "control" ? found.control : ((found.audience - found.control) * each.share) / (1 - held));
  const looks = (index) => (index === shares.length - 1 ? "control" : `arm-${index % 3}`);
  const name = ({ id }) => (id === "control" ? t("Held back: get nothing") : id === "treated" ? t("Meant to get it") : id);
  const amount = (each) => (isCurrent && found ? t("{n} people", { n: people(each) }) : format.percent(each.share));
  let from = 0;
  return html`<${Card} title=${t("Who gets what")}>
    <svg viewBox="0 0 ${WIDTH} 14" width="100%" height="14" role="img" aria-label=${shares.map((each) => `${name(each)}: ${format.percent(each.share)}`).join(", ")}>
      ${shares.map((each, index) => {
        const x = from;
        from += each.share * WIDTH;
        return html`<rect class=${looks(index)} x=${x} y="0" width=${Math.max(0, each.share * WIDTH - 2)} height="14" rx="3" />`;
      })}
    </svg>
    <ul class="sm">${shares.map((each, index) => html`<li class="between"><span><svg class="swatch" width="10" height="10" aria-hidden="true"><rect class=${looks(index)} width="10" height="10" rx="3" /></svg> ${name(each)}</span><span class="num">${amount(each)}</span></li>`)}</ul>
    ${isCurrent && found?.detectable?.conversion != null && html`<p class="soft sm">${t("With this control group an effect of {points} points or more can be told from chance.", { points: format.number(Math.round(found.detectable.conversion * 1000) / 10) })}</p>`}
  <//>`;
}
