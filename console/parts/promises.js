/** What each person is promised, by a campaign and by a journey: what it is for, when nobody is disturbed, how often is too often. */
import { numberOf } from "../model/numbers.js";
import { t } from "../model/text.js";
import { Choice, Line, Span } from "./fields.js";
import { withoutPath } from "./form.js";
import { html } from "./html.js";

const QUIET = { from: "21:00", to: "08:00", otherwise: "hold" };
const CAP = { count: 3, within: "7d" };
export const WHOLE = { inputmode: "numeric", read: numberOf };

/** `purposes` are those that the settings know. */
export function Promises({ it, purposes = [] }) {
  const { purpose, quiet_hours: quiet, cap } = it.document.delivery ?? {};
  const all = [...new Set([...purposes, "transactional", ...(purpose ? [purpose] : [])])];
  return html`<${Choice} it=${it} path="delivery.purpose" label=${t("What it is for")} hint=${t("Whoever said no to that, or not the yes that it asks for, gets nothing.")}
      options=${[["", t("nothing that consent is asked for")], ...all.map((each) => [each, each === "transactional" ? t("a message that people wait for") : each])]} />
    <${Kept} it=${it} path="delivery.quiet_hours" value=${quiet} first=${QUIET} text=${t("Quiet hours by each person's clock")}>
      <${Line} it=${it} path="delivery.quiet_hours.from" label=${t("From")} type="time" />
      <${Line} it=${it} path="delivery.quiet_hours.to" label=${t("To")} type="time" />
      <${Choice} it=${it} path="delivery.quiet_hours.otherwise" label=${t("Who would get it then")} options=${[["hold", t("gets it after them")], ["drop", t("does not get it")]]} />
    <//>
    <${Kept} it=${it} path="delivery.cap" value=${cap} first=${CAP} text=${t("A cap, of all campaigns together")}>
      <${Line} it=${it} path="delivery.cap.count" label=${t("Pushes at most")} size="4" ...${WHOLE} />
      <${Span} it=${it} path="delivery.cap.within" label=${t("in any")} />
    <//>`;
}

/** A promise that is given or not, as a whole: `first` is what it says then. */
function Kept({ it, path, value, first, text, children }) {
  const refused = it.errors.find(({ field }) => field === path);
  return html`<div class="stack tight">
    <label class="row"><input type="checkbox" checked=${Boolean(value)} onChange=${({ target }) => it.change(path, target.checked ? first : undefined)} /> ${text}</label>
    ${value && html`<div class="row">${children}</div>`}${refused && html`<p class="refusal" role="alert">${withoutPath(refused)}</p>`}</div>`;
}

export const Priority = ({ it }) => html`<${Line} it=${it} path="delivery.priority" label=${t("Weight beside other campaigns, 1 to 10")} size="4" placeholder="5" ...${WHOLE} />`;
