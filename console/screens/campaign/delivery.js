/** What each person is promised: what it is for, when nobody is disturbed, how often is too often; and how fast it goes. */
import { numberOf } from "../../model/numbers.js";
import { t } from "../../model/text.js";
import { Choice, Line, Span } from "../../parts/fields.js";
import { html } from "../../parts/html.js";
import { Card } from "../../parts/page.js";

const QUIET = { from: "21:00", to: "08:00", otherwise: "hold" };
const CAP = { count: 3, within: "7d" };
const MOST_HOURS = 672;

export function Delivery({ it }) {
  const { purpose, quiet_hours: quiet, cap } = it.document.delivery ?? {};
  const purposes = [...new Set([...(it.names.data?.purposes ?? []), "transactional", ...(purpose ? [purpose] : [])])];
  const number = { inputmode: "numeric", read: numberOf };
  return html`<${Card} title=${t("What people are promised")}>
    <fieldset class="stack" disabled=${it.mayNot}>
      <${Choice} it=${it} path="delivery.purpose" label=${t("What it is for")} hint=${t("Whoever said no to that, or not the yes that it asks for, gets nothing.")}
        options=${[["", t("nothing that consent is asked for")], ...purposes.map((each) => [each, each === "transactional" ? t("a message that people wait for") : each])]} />
      <${Kept} isOn=${quiet} toggle=${(isOn) => it.change("delivery.quiet_hours", isOn ? QUIET : undefined)} text=${t("Quiet hours by each person's clock")}>
        <${Line} it=${it} path="delivery.quiet_hours.from" label=${t("From")} type="time" />
        <${Line} it=${it} path="delivery.quiet_hours.to" label=${t("To")} type="time" />
        <${Choice} it=${it} path="delivery.quiet_hours.otherwise" label=${t("Who would get it then")} options=${[["hold", t("gets it after them")], ["drop", t("does not get it")]]} />
      <//>
      <${Kept} isOn=${cap} toggle=${(isOn) => it.change("delivery.cap", isOn ? CAP : undefined)} text=${t("A cap, of all campaigns together")}>
        <${Line} it=${it} path="delivery.cap.count" label=${t("Pushes at most")} size="4" ...${number} />
        <${Span} it=${it} path="delivery.cap.within" label=${t("in any")} />
      <//>
      <${Lifetime} it=${it} />
      <div class="row">
        <${Line} it=${it} path="delivery.per_second" label=${t("Pushes a second, at most")} size="7" placeholder="8000" ...${number} />
        <${Line} it=${it} path="delivery.priority" label=${t("Weight beside other campaigns, 1 to 10")} size="4" placeholder="5" ...${number} />
      </div>
      <${Choice} it=${it} path="delivery.when_unsure" label=${t("After a crash, whoever may have got it")}
        options=${[["skip", t("gets nothing more: never twice")], ["resend", t("gets it again: never missed")]]} />
    </fieldset>
  <//>`;
}

/** A promise that is given or not. */
const Kept = ({ isOn, toggle, text, children }) => html`<div class="stack tight">
  <label class="row"><input type="checkbox" checked=${Boolean(isOn)} onChange=${(event) => toggle(event.target.checked)} /> ${text}</label>
  ${isOn && html`<div class="row">${children}</div>`}</div>`;

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
