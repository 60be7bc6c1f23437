/** The statement that finds the people of the segment as it is written. */
import { t } from "../../model/text.js";
import { html } from "../../parts/html.js";
import { Card } from "../../parts/page.js";
import { Refusal, Skeleton } from "../../parts/states.js";
import { toast } from "../../parts/toasts.js";
import { useAction } from "../../parts/use.js";
import { useJudged } from "./judged.js";

export function Sql({ id, document }) {
  const { data, error, isLoading } = useJudged(id, document);
  const copy = useAction(async () => {
    await navigator.clipboard.writeText(data.sql);
    toast(t("The statement is copied"));
  });
  return html`<${Card} title=${t("The statement")} aside=${t("as of now; nothing is read to show it")}>
    <${Refusal} error=${error ?? copy.error} />
    ${!data && isLoading && html`<${Skeleton} rows=${4} />`}
    ${data && html`<div class=${`stack ${error || isLoading ? "old" : ""}`}>
      <p>${t("Whoever {sentence}", { sentence: data.sentence })}</p>
      <pre tabindex="0" aria-label=${t("SQL of the segment")}>${data.sql}</pre>
      <p><button type="button" onClick=${copy.run}>${t("Copy the statement")}</button></p>
    </div>`}
  <//>`;
}
