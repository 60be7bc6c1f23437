/** What the editor of rules does to a rule, in plain node: run by test_console_model.py. */
import assert from "node:assert/strict";
import { test } from "node:test";

const part = (name) => import(`../../console/parts/rule/${name}.js`);
const { add, begun, isWhole, listIn, move, negate, partOf, pathOf, put, remove, wrap } = await part("edits");
const { fitted, JSON_LINE, LINES } = await part("values");
const { nameOf } = await import("../../console/model/rules.js");

const [A, B, C, D] = ["a", "b", "c", "d"].map((event) => ({ event }));
const RULE = { all: [A, { any: [B, C] }, { not: { any: [D] } }] };

/** The same numbers every time. */
function dice(seed) {
  let state = seed;
  return (sides) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * sides);
  };
}

const randomRule = (roll, depth = 0) => {
  const sort = depth > 3 ? 4 : roll(7);
  const parts = () => Array.from({ length: 1 + roll(3) }, () => randomRule(roll, depth + 1));
  if (sort === 0) return { all: parts() };
  if (sort === 1) return { any: parts() };
  if (sort === 2) return { not: { any: parts() } };
  if (sort === 3) return { not: { event: `e${roll(100)}` } };
  return sort === 5 ? { trait: `t${roll(100)}`, in: ["x", roll(9)] } : { event: `e${roll(100)}`, count: { gte: roll(9) } };
};

/** The keys of every line and of every group, outside in. */
const places = (part, keys = []) => {
  const list = listIn(part);
  const inside = list ? partOf(part, list).flatMap((each, index) => places(each, [...keys, ...list, index])) : [];
  return keys.length ? [keys, ...inside] : inside;
};
const leaves = (part) => (listIn(part) ? partOf(part, listIn(part)).flatMap(leaves) : [JSON.stringify(part)]);

test("a condition more takes the place of everyone, and joins anything else", () => {
  assert.deepEqual(add({ everyone: true }, [], A), { all: [A] });
  assert.deepEqual(add(B, [], A), { all: [B, A] });
});

test("a place is written as the API writes it, and a change there touches nothing else", () => {
  const keys = ["all", 2, "not", "any", 0];
  assert.equal(pathOf(keys), "rule.all[2].not.any[0]");
  const next = put(RULE, keys, { everyone: true });
  assert.deepEqual(partOf(next, keys), { everyone: true });
  assert.equal(next.all[1], RULE.all[1]);
  assert.deepEqual(RULE.all[2], { not: { any: [D] } });
});

test("what is added to a rule of one clause makes it an all of two, and the last that is removed leaves an empty one", () => {
  assert.deepEqual(add(A, [], B), { all: [A, B] });
  assert.deepEqual(add(RULE, ["all", 1, "any"], D).all[1], { any: [B, C, D] });
  assert.deepEqual(remove(A, []), { all: [] });
  assert.deepEqual(remove({ all: [A] }, ["all", 0]), { all: [] });
  assert.deepEqual(remove(RULE, ["all", 2, "not", "any", 0]), { all: [A, { any: [B, C] }] }, "a group that is left empty goes, too");
});

test("a line moves into groups and out of them, as it is read, and back the same way", () => {
  let at = { rule: RULE, keys: ["all", 0] };
  const seen = [];
  for (let next = move(at.rule, at.keys, 1); next; next = move(at.rule, at.keys, 1)) seen.push(pathOf((at = next).keys));
  assert.deepEqual(seen, ["rule.all[0].any[0]", "rule.all[0].any[1]", "rule.all[0].any[2]", "rule.all[1]", "rule.all[1].not.any[0]", "rule.all[1].not.any[1]", "rule.all[2]"]);
  for (let next = move(at.rule, at.keys, -1); next; next = move(at.rule, at.keys, -1)) at = next;
  assert.deepEqual(at.rule, RULE);
});

test("wrapping and negating are of that part alone, and negating twice is nothing", () => {
  assert.deepEqual(wrap(RULE, ["all", 0], "any").all[0], { any: [A] });
  assert.deepEqual(negate(RULE, ["all", 1]).all[1], { not: { any: [B, C] } });
  assert.deepEqual(negate(negate(RULE, ["all", 1]), ["all", 1]), RULE);
});

test("whatever is done to any rule, no clause is lost or changed but the one that it is done to, and JSON says the same", () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const roll = dice(seed);
    const rule = { all: [randomRule(roll), randomRule(roll)] };
    const before = JSON.stringify(rule);
    let [edited, expected] = [rule, leaves(rule).sort()];
    for (let turn = 0; turn < 12; turn += 1) {
      const all = places(edited);
      const keys = all[roll(all.length)];
      const part = partOf(edited, keys);
      const what = roll(5);
      if (what === 0) edited = move(edited, keys, roll(2) ? 1 : -1)?.rule ?? edited;
      if (what === 1) edited = wrap(edited, keys, roll(2) ? "any" : "all");
      if (what === 2 && listIn(part)) edited = negate(edited, keys);
      if (what === 3 && !listIn(part)) [edited, expected] = [put(edited, keys, { event: "new" }), [...expected.toSpliced(expected.indexOf(JSON.stringify(part)), 1), '{"event":"new"}']];
      if (what === 4) [edited, expected] = [add(edited, ["all"], { users: ["u"] }), [...expected, '{"users":["u"]}']];
      assert.deepEqual(leaves(edited).sort(), [...expected].sort(), `seed ${seed}, turn ${turn}`);
      assert.ok(isWhole(edited));
    }
    assert.equal(JSON.stringify(rule), before, "nothing is changed in place");
    for (const keys of places(edited).toReversed()) edited = partOf(edited, keys) === undefined ? edited : remove(edited, keys);
    assert.deepEqual(edited, { all: [] });
  }
});

test("a value is read as it is shown, whatever is in it", () => {
  const texts = ["", "DE", "7", "07", "1e3", "true", '"quoted"', "a, b", " blank ", "ä,\"", "-1.50"];
  const values = {
    scalar: [...texts, 7, -1.5, true, false],
    scalars: [[], ["a", 7], texts.slice(1), ["", "x"]],
    texts: [texts.slice(1), ["", "x"]],
    wholes: [[1, 2, 30]],
    text: texts,
    number: [0, -1.5, 1e21],
    share: ["20%", "0.5%"],
    path: ["a.b", ["a.b"], "tags[]"],
  };
  for (const [kind, all] of Object.entries(values))
    for (const value of all) {
      assert.ok(LINES[kind].fits(value), `${kind}: ${JSON.stringify(value)}`);
      assert.deepEqual(LINES[kind].read(LINES[kind].shown(value)), value, `${kind}: ${JSON.stringify(value)}`);
    }
  for (const kind of ["scalar", "number", "whole"]) assert.equal(LINES[kind].read("9007199254740993"), "9007199254740993", "and none of its neighbours");
  for (const value of [null, { a: [1] }, "text", 7]) assert.deepEqual(JSON_LINE.read(JSON_LINE.shown(value)), value);
});

test("another operator takes over what it can of the value", () => {
  assert.deepEqual(fitted("scalars", "DE"), ["DE"]);
  assert.equal(fitted("scalar", ["DE", "AT"]), "DE");
  assert.deepEqual(fitted("range", 7), [7, 7]);
  assert.equal(fitted("whole", [3, 5]), 3);
  assert.equal(fitted("span", "DE"), "30d");
  assert.equal(fitted("boolean", "DE"), true);
  assert.match(fitted("moment", undefined), /^\d{4}-\d\d-\d\d$/);
  assert.deepEqual(fitted("of tomorrow", { a: 1 }), { a: 1 }, "a kind that is not known here keeps what is there");
});

test("what is begun can be counted at once, and a segment is called by what it is about", () => {
  const event = { head: "event", value: "event" };
  assert.deepEqual(begun(event, "Order Completed", false), { event: "Order Completed", count: { gte: 1 } });
  assert.deepEqual(begun(event, "Order Completed", true), { not: { event: "Order Completed", within: "30d" } });
  assert.deepEqual(begun({ head: "trait", value: "trait" }, "plan", false, { types: ["string"], values: ["free"] }), { trait: "plan", eq: "free" });
  assert.equal(isWhole({ all: [{ any: [] }] }), false);
  assert.equal(nameOf({ all: [{ event: "Order Completed", count: { gte: 3 } }, { not: { event: "Order Completed", within: "60d" } }] }), "Order Completed 3 times, not Order Completed in 60d");
});
