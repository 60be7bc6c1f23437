/** What the console makes of runs, in plain node: run by test_console_model.py. */
import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.localStorage = { getItem: () => null };
globalThis.document ??= { visibilityState: "visible", documentElement: {}, addEventListener: () => {} };
const { fates, isOver, span, turns } = await import("../../console/model/runs.js");

const COUNTS = { audience: 100, control: 10, treated: 90, sent: 40, unknown: 1, failed: { unregistered: 4 }, skipped: { no_device: 5, not_reached: 39, surprise: 1 }, pushes: 55 };

test("everybody of the audience is in one row, and whoever had no turn yet in the last", () => {
  const rows = fates({ counts: COUNTS, state: "running" });
  assert.equal(rows.reduce((sum, { people }) => sum + people, 0), COUNTS.audience);
  assert.deepEqual(rows.map(({ key }) => key), ["sent", "control", "no_device", "unregistered", "unknown", "surprise", "not_reached"]);
  assert.equal(rows.find(({ key }) => key === "surprise").text, "surprise");
  assert.deepEqual(turns({ counts: COUNTS }), [51, 90]);
});

test("what happens next to whoever had no turn depends on the run", () => {
  const next = (state) => fates({ counts: COUNTS, state }).at(-1).next;
  assert.deepEqual(["running", "paused", "aborted"].map(next), ["Their turn comes", "They wait until it is resumed", "Nothing, unless somebody goes on with it"]);
  const text = (state) => fates({ counts: COUNTS, state }).at(-1).text;
  assert.deepEqual(["running", "aborted"].map(text), ["it was not their turn yet", "their turn did not come"]);
});

test("an aborted run is followed until it is counted", () => {
  const over = (state, concluded_at = null) => isOver({ state, concluded_at });
  assert.deepEqual([over("running"), over("paused"), over("aborted"), over("aborted", "2026-11-27T00:00:00Z"), over("failed"), over("succeeded")], [false, false, false, true, true, true]);
});

test("a time that is left is told in what it is best told in", () => {
  assert.deepEqual([42, 720, 11_100].map(span), ["42 s", "12 min", "3 h 5 min"]);
});
