/** Why somebody is in a segment, as a tree, in plain node: run by test_console_model.py. */
import assert from "node:assert/strict";
import { test } from "node:test";

const { treeOf } = await import("../../console/model/verdicts.js");

const clause = (path, verdict) => ({ path, verdict, sentence: path, because: [] });

test("clauses stand in the groups that they are of, also those of a segment that is named", () => {
  const tree = treeOf([clause("rule", true), clause("rule.all[0]", true), clause("rule.all[0].segment", true), clause("rule.all[1]", true), clause("rule.all[1].not", false), clause("rule.all[10]", true)]);
  assert.deepEqual([tree.head, tree.parts.map(({ path }) => path)], ["all", ["rule.all[0]", "rule.all[1]", "rule.all[10]"]]);
  assert.deepEqual(tree.parts.map(({ head, parts }) => [head, parts.length]), [["segment", 1], ["not", 1], ["", 0]]);
});

test("what has to be false helps when it is false, and what nothing depends on neither helps nor hurts", () => {
  const helps = (tree) => [tree.helps, ...tree.parts.flatMap(helps)];
  assert.deepEqual(helps(treeOf([clause("rule", true), clause("rule.not", false)])), [true, true]);
  assert.deepEqual(helps(treeOf([clause("rule", true), clause("rule.any[0]", false), clause("rule.any[1]", true)])), [true, null, true]);
  assert.deepEqual(helps(treeOf([clause("rule", false), clause("rule.all[0]", true), clause("rule.all[1]", false), clause("rule.all[2]", null)])), [false, true, false, null]);
});
