/** What one line of a rule comes to, where that is counted. */
import * as format from "../../model/format.js";
import { t } from "../../model/text.js";
import { html } from "../html.js";

/** Of one line: how many people are left after it, or how many it adds, and how many it finds alone. */
export function Figure({ path, edit }) {
  const { by, known, isOld } = edit.figures.value;
  const found = by?.[path];
  if (!found) return html`<span class="left"></span>`;
  const [, any, place] = /(.*any\[)(\d+)\]$/.exec(path) ?? [];
  const earlier = by[`${any}${place - 1}]`]?.leaves ?? 0;
  const share = (people) => (100 * people) / Math.max(known, 1);
  return html`<div class=${`left num sm ${isOld ? "old" : ""}`}>
    <span>${any ? t("adds") : t("leaves")} <b>${any && "+"}${format.number(found.leaves - earlier)}</b></span>
    <span class="soft">${t("{n} alone", { n: found.alone })}</span>
    <svg viewBox="0 0 100 2" preserveAspectRatio="none" class="bar" aria-hidden="true"><rect width="100" height="2" class="track" />
      <rect x=${share(earlier)} width=${share(found.leaves - earlier)} height="2" class=${any ? "adds" : "is"} /></svg>
  </div>`;
}
