/** What each person is promised: what it is for, when nobody is disturbed, how often is too often; and how fast it goes. */
import { numberOf } from "../../model/numbers.js";
import { t } from "../../model/text.js";
import { Choice, Line } from "../../parts/fields.js";
import { html } from "../../parts/html.js";
import { Card } from "../../parts/page.js";
import { Priority, Promises, WHOLE } from "../../parts/promises.js";

const MOST_HOURS = 672;

export function Delivery({ it }) {
  return html`<${Card} title=${t("What people are promised")}>
    <fieldset class="stack" disabled=${it.mayNot}>
      <${Promises} it=${it} purposes=${it.names.data?.purposes} />
      <${Lifetime} it=${it} />
      <div class="row">
        <${Line} it=${it} path="delivery.per_second" label=${t("Pushes a second, at most")} size="7" placeholder="8000" ...${WHOLE} />
        <${Priority} it=${it} />
      </div>
      <${Choice} it=${it} path="delivery.when_unsure" label=${t("After a crash, whoever may have got it")}
        options=${[["skip", t("gets nothing more: never twice")], ["resend", t("gets it again: never missed")]]} />
    </fieldset>
  <//>`;
}

/** How long FCM keeps it for a telephone that is off: the same for all variants. */
function Lifetime({ it }) {
  const path = `${it.edited.path}.ttl`;
  const shown = (ttl = "") => (/^\d+s$/.test(ttl) ? String(parseInt(ttl, 10) / 3600) : ttl);
  const read = (text) => {
    const hours = numberOf(text);
    return typeof hours === "number" ? `${Math.round(hours * 3600)}s` : hours;
  };
  return html`<${Line} it=${it} path=${path} label=${t("Hours that it waits for a telephone that is off")} hint=${t("Empty: four weeks, which are {hours} hours", { hours: MOST_HOURS })}
    inputmode="decimal" size="5" shown=${shown} read=${read} change=${(next) => it.variants.forEach((each) => it.change(`${each.path}.ttl`, next))} />`;
}
