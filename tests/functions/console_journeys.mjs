/** What the console makes of journeys' documents, in plain node: run by test_console_model.py. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const { armTo, BLANK, choiceTo, inOrder, isJourney, kindOf, KINDS, renamed, withoutStep, withStep } = await import("../../console/model/journeys.js");

const FOLDER = new URL("../../examples/journeys/", import.meta.url);
const read = (name) => JSON.parse(readFileSync(new URL(name, FOLDER), "utf8"));
const EXAMPLES = readdirSync(FOLDER).filter((name) => !name.endsWith(".test.json")).map(read);
const CART = read("abandoned-cart.json");

test("steps are read in the order in which somebody goes through them", () => {
  assert.deepEqual(inOrder(CART), ["buying", "worth", "strong", "soft", "day", "bought", "last"]);
  const loop = { start: "a", steps: { b: { wait: "1d", then: "a" }, a: { wait: "1d", then: "b" }, lost: { exit: "x" } } };
  assert.deepEqual(inOrder(loop), ["a", "b", "lost"]);
  assert.deepEqual(inOrder({ start: "nowhere", steps: { a: { then: 7 } } }), ["a"]);
  for (const each of EXAMPLES) assert.deepEqual(inOrder(each).sort(), Object.keys(each.steps).sort());
});

test("a step is put behind another, which leads to it, and leads where that led", () => {
  const { document, name } = withStep(CART, "soft", "wait");
  assert.equal(name, "wait");
  assert.deepEqual([document.steps.soft.then, document.steps.wait], ["wait", { wait: "1d", then: "day" }]);
  assert.equal(inOrder(document).indexOf("wait"), inOrder(document).indexOf("soft") + 1);
  assert.equal(withStep(document, "soft", "wait").name, "wait-2");
  assert.equal(CART.steps.soft.then, "day");
});

test("behind a branch it is on the way of everybody else, behind a split on that of the first arm, and before all others at the start", () => {
  const branch = withStep(CART, "worth", "message").document.steps.worth;
  assert.deepEqual([branch.branch[0].then, branch.else], ["strong", "message"]);
  const split = { start: "try", steps: { try: { split: [armTo("x"), armTo("x", "b")] }, x: { exit: "done" } } };
  assert.deepEqual(withStep(split, "try", "wait").document.steps.try.split.map(({ then }) => then), ["wait", "x"]);
  const first = withStep(CART, null, "wait").document;
  assert.deepEqual([first.start, first.steps.wait.then], ["wait", "buying"]);
});

test("whoever would have come to a step that is removed goes on where it led", () => {
  const without = withoutStep(CART, "worth");
  assert.equal(without.steps.buying.else, "soft");
  assert.equal(withoutStep(CART, "buying").start, "bought");
  assert.equal(withoutStep(BLANK, "message").start, "");
  assert.equal(withoutStep({ start: "a", steps: { a: { wait: "1d", then: "b" }, b: { wait: "1d", then: "b" } } }, "b").steps.a.then, null);
});

test("a step keeps its place and its ways under another name, and no step is lost to a name that is taken", () => {
  const next = renamed(CART, "day", "a-day");
  assert.deepEqual(Object.keys(next.steps), Object.keys(CART.steps).map((name) => (name === "day" ? "a-day" : name)));
  assert.deepEqual([next.steps.strong.then, next.steps.soft.then], ["a-day", "a-day"]);
  assert.equal(renamed(CART, "buying", "first").start, "first");
  assert.equal(renamed(CART, "day", "last"), CART);
});

test("a step of every kind can be begun, and says its kind", () => {
  for (const kind of KINDS) assert.equal(kindOf(withStep(CART, "soft", kind).document.steps[kind.replace("_", "-")]), kind);
  assert.equal(kindOf({ jump: 1 }), undefined);
  assert.deepEqual(choiceTo(null), { if: { everyone: true }, then: null });
});

test("what can be edited step by step has steps, whatever is in them", () => {
  for (const each of [BLANK, ...EXAMPLES]) assert.ok(isJourney(each));
  for (const each of [{}, { steps: [] }, { steps: { a: 7 } }, { name: 7, steps: {} }]) assert.ok(!isJourney(each));
});
