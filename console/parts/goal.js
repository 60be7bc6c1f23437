/** What counts as success, of a campaign and of a journey. */
import { t } from "../model/text.js";
import { Line, Span } from "./fields.js";
import { html, useRef } from "./html.js";

const namesOf = (all) => all.map(({ name }) => name);

/** `events` are those that came, with their properties. */
export function Goal({ it, events, label }) {
  const { goal } = it.document;
  const last = useRef(goal);
  if (goal) last.current = goal;
  const properties = events.find(({ name }) => name === goal?.event)?.properties ?? [];
  return html`<${Line} it=${it} path="goal.event" label=${label} hint=${t("Without one nothing is measured.")} offered=${namesOf(events)}
      change=${(event) => it.change("goal", event && { within: "7d", ...last.current, event })} />
    ${goal && html`<div class="row">
      <${Span} it=${it} path="goal.within" label=${t("Within")} />
      <${Line} it=${it} path="goal.value" label=${t("Money is in")} shown=${(path) => [path ?? ""].flat().join(".")} offered=${namesOf(properties.filter(({ types }) => types.includes("number")))} />
      <${Line} it=${it} path="goal.currency" label=${t("Currency")} size="5" placeholder="EUR" read=${(text) => text.toUpperCase() || undefined} offered=${properties.find(({ name }) => name === "currency")?.values} />
    </div>`}`;
}
