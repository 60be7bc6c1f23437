/** What an editor of rules is made from. */
import { useRead } from "./use.js";

const NAMELESS = { events: [], traits: [], segments: [], campaigns: [], purposes: [] };

/**
 * A read whose `data` is `{ words, names }`: the language, in the API's words, and what its rules may name. Without names a rule can be written as well,
 * but not before it is clear that there are none.
 */
export function useVocabulary(path = "/admin/schema") {
  const words = useRead(path);
  const names = useRead("/admin/suggestions");
  const known = names.data ?? (names.error && NAMELESS);
  return { ...words, data: known && words.data ? { words: words.data, names: known } : undefined };
}
