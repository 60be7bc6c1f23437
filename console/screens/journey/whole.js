/** What is said of the journey as a whole: its name, what begins it, who is held out, what it is for. */
import { numberOf } from "../../model/numbers.js";
import { t } from "../../model/text.js";
import { html, useMemo, useState } from "../../parts/html.js";
import { Card } from "../../parts/page.js";
import { isOf } from "../../parts/states.js";
import { begins } from "./begins.js";
import { Row, Target } from "./fields.js";
import { Aim, Delivery, Exits, reentry } from "./promises.js";
import { Remarks } from "./remarks.js";
import { JSON_PART, NUMBER } from "./typed.js";

const WIDE = { class: "wide", read: String };

/** It is drawn again when something that it shows is other, as a step is. */
export function Whole({ it }) {
  const { steps, ...whole } = it.document;
  return useMemo(() => html`<${About} it=${it} />`, [JSON.stringify([whole, Object.keys(steps), it.errors, it.warnings]), it.rules, it.mayNot]);
}

function About({ it }) {
  const { steps } = it.document;
  const [isOpen, setOpen] = useState(false);
  const first = [["name", t("Name"), WIDE], ...begins(it.document)];
  const more = [
    ["holdout.percent", t("Held out, in percent"), { inputmode: "decimal", size: "5", read: (text) => numberOf(text) }],
    ...reentry(it.document),
    ["goal", t("What it is for: the event"), Aim],
    ["exit", t("What ends it at once"), Exits],
    ["delivery", t("What people are promised"), Delivery],
    ["max_hops", t("Steps of one run, at most"), NUMBER],
    ["migrate", t("Whose people come over, as JSON"), JSON_PART],
  ];
  const isWrong = more.some(([path]) => it.errors.some((each) => isOf(each, path)));
  const fields = [...first, ...more, ["start"], ...Object.keys(steps).map((name) => [`steps.${name}`])].map(([path]) => path);
  return html`<${Card} title=${t("What begins it, and what it is for")}>
    <fieldset class="stack" disabled=${it.mayNot}>
      <${Row} it=${it} fields=${first} />
      <${Target} it=${it} path="start" label=${t("The first step")} out=${t("choose one")} />
      <details open=${isOpen || isWrong} onToggle=${({ target }) => setOpen(target.open)}><summary>${t("Who is held out, the goal, what ends it, and more")}</summary><${Row} it=${it} fields=${more} /></details>
      <${Remarks} it=${it} within="" fields=${fields} />
    </fieldset>
  <//>`;
}
