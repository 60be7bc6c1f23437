/** Why somebody is in a segment or not, clause by clause, as a tree. Nothing here draws. */

/**
 * The clauses of the API, outside in, as what stands in what: `{ ...clause, head, parts, helps }`. `head` is `all`, `any`, `not` or `segment` where a clause
 * has parts. `helps`: true where a clause is as it has to be for somebody to be in, false where it keeps them out, null where it does neither: it is
 * unknown, or nothing depends on it. Under a `not` it has to be false.
 */
export function treeOf(clauses) {
  const [root, ...rest] = clauses.map((clause) => ({ ...clause, head: "", parts: [] }));
  const placed = [root];
  for (const clause of rest) {
    const parent = placed.findLast(({ path }) => /^[.[]/.test(clause.path.slice(path.length)) && clause.path.startsWith(path));
    parent.head = /^\.(\w+)/.exec(clause.path.slice(parent.path.length))?.[1] ?? parent.head;
    parent.parts.push(clause);
    placed.push(clause);
  }
  judge(root, true, false);
  return root;
}

function judge(clause, wanted, isIdle) {
  clause.helps = clause.verdict === null || (isIdle && clause.verdict !== wanted) ? null : clause.verdict === wanted;
  for (const part of clause.parts) judge(part, clause.head === "not" ? !wanted : wanted, isIdle || clause.helps === true);
}
