/** Who the segment would have had: how many people day by day, who came and who went, and what it cost to know. */
import * as format from "../../model/format.js";
import { t } from "../../model/text.js";
import { lines } from "../../parts/lines.js";
import { Field } from "../../parts/form.js";
import { html, useState } from "../../parts/html.js";
import { Card } from "../../parts/page.js";
import { Table } from "../../parts/table.js";
import { useQuestion } from "../../parts/use.js";
import { Answered, addressOf, Price } from "./saved.js";

const DAY_MS = 86_400_000;
const DAYS = 90;
const MANY = 40;
const daysAgo = (before) => new Date(Date.now() - before * DAY_MS).toISOString().slice(0, 10);

export function Backtest({ id, version }) {
  const question = useQuestion(`backtest.${id}.${version}`, `${addressOf(id)}/backtests`, "/admin/backtests");
  const [form, setForm] = useState(question.asked ?? { from: daysAgo(DAYS), to: daysAgo(0), every: "1d" });
  const field = (path, label, control) => html`<${Field} label=${label} path=${path} error=${question.error}>
    ${(given) => control({ ...given, value: form[path], onChange: ({ target }) => setForm({ ...form, [path]: target.value }) })}<//>`;
  return html`<${Card} title=${t("Size, day by day")}>
    <form class="row" onSubmit=${(event) => (event.preventDefault(), question.ask(form))}>
      ${field("from", t("From"), (given) => html`<input type="date" required ...${given} />`)}
      ${field("to", t("To"), (given) => html`<input type="date" required ...${given} />`)}
      ${field("every", t("Each"), (given) => html`<select ...${given}><option value="1d">${t("day")}</option><option value="1w">${t("week")}</option></select>`)}
      <button class=${question.at ? "" : "primary"} aria-disabled=${question.isLoading}>${question.isLoading ? t("Counting") : t("Count these days")}</button>
    </form>
    <p class="soft sm">${t("One query of Athena: it reads about what two counts read.")}</p>
    <${Answered} of=${question} fields=${["from", "to", "every"]}>${(look) => html`<${Course} days=${look.days} /><${Price} of=${look} />`}<//>
  <//>`;
}

function Course({ days }) {
  const counts = days.map(({ count }) => count);
  const sum = (name) => days.reduce((total, each) => total + each[name], 0);
  const [least, most, last] = [Math.min(...counts), Math.max(...counts), days.at(-1)];
  const people = t("{n} people", { n: last.count });
  const words = t("on {day}, and between {least} and {most} in all these days: {entered} came, {left} went", { least, most, day: format.utcDay(last.at), entered: sum("entered"), left: sum("left") });
  return html`<p class="verdict"><b>${people}</b> ${words}</p>
    <div class=${days.length > MANY ? "narrow dense" : "narrow"}>${lines({ title: t("People, day by day"), words: `${people} ${words}`, names: days.map(({ at }) => format.utcDay(at, { day: "numeric", month: "short" })), shown: [{ name: t("People"), values: counts }] })}</div>
    <details><summary>${t("As a table")}</summary><${Table} caption=${t("People, day by day")} rows=${[...days].reverse()} keyOf=${({ at }) => at} columns=${[
      { name: t("Day"), isHead: true, value: ({ at }) => format.utcDay(at) },
      { name: t("People"), isNumber: true, sort: ({ count }) => count, value: ({ count }) => format.number(count) },
      { name: t("Came"), isNumber: true, sort: ({ entered }) => entered, value: ({ entered }) => format.number(entered) },
      { name: t("Went"), isNumber: true, sort: ({ left }) => left, value: ({ left }) => format.number(left) },
    ]} /></details>`;
}
