/** The segment as the API takes it, as text: the same draft as the rule's. */
import { t } from "../../model/text.js";
import { DocumentText, useText } from "../../parts/document_text.js";
import { html } from "../../parts/html.js";
import { useJudged } from "./judged.js";

const isSegment = ({ name = "", rule }) => typeof name === "string" && Boolean(rule) && typeof rule === "object" && !Array.isArray(rule);

export function Json({ id, document, draft }) {
  const text = useText(`segment.${id ?? "new"}.text`, document, (next) => draft.change(next, "json"), isSegment);
  const judged = useJudged(id, text.value);
  return html`<${DocumentText} label=${t("The segment as JSON")} text=${text} refused=${judged.error?.message} warnings=${judged.data?.warnings} isLoading=${judged.isLoading} />`;
}
