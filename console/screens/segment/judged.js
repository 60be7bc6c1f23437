/** What the API says of the segment as it is written, whether it is saved or not: in words, as SQL, or why it is refused. It costs no query. */
import { idOf } from "../../model/documents.js";
import { nameOf } from "../../model/rules.js";
import { useAnswer } from "../../parts/use.js";
import { addressOf } from "./saved.js";

/** `{ data: { sentence, sql, warnings }, error, isLoading }` of a document; a name that is not given is made of the rule, as a save does. */
export function useJudged(id, document) {
  const name = document?.name || nameOf(document?.rule);
  return useAnswer(`${addressOf(id ?? document?.id ?? (idOf(String(name)) || "new"))}/drafts`, document && { ...document, name });
}
