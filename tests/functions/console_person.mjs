/** What the screens of people know: names, a history in one list, and what somebody is looking for. Run by test_console_model.py. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { amount, byDay, campaignOf, instant, moments, nameOf, saidOnce, soughtFor, summary } from "../../console/model/person.js";

test("a moment of the lake is UTC, and one of the API stays as it is", () => {
  assert.equal(instant("2026-11-21 08:30:00.000"), "2026-11-21T08:30:00.000Z");
  assert.equal(instant("2026-11-21T08:30:00+00:00"), "2026-11-21T08:30:00+00:00");
});

test("a name is what was told as one, else the first and the last, else nothing", () => {
  assert.equal(nameOf({ name: { value: "Ada K." }, firstName: { value: "A" } }), "Ada K.");
  assert.equal(nameOf({ first_name: { value: "Ada" }, lastName: { value: "Kaye" } }), "Ada Kaye");
  assert.equal(nameOf({ name: { value: 7 } }), "");
});

test("all that happened is one list, the newest first, and what was not told is not there", () => {
  const view = {
    events: [{ name: "Order Completed", at: "2026-11-03T10:00:00+00:00", properties: {} }],
    messages: [{ outcome: "sent", at: "2026-11-04T10:00:00+00:00" }, { outcome: "skipped", at: "2026-11-02T10:00:00+00:00" }],
    consent_history: null,
  };
  const all = moments(view, [{ id: "browser", since: "2026-11-01 10:00:00.000" }, { id: "never", since: null }]);
  assert.deepEqual(all.map(({ kind }) => kind), ["sent", "did", "not_sent", "known"]);
  assert.deepEqual(moments({}, []), []);
  assert.deepEqual(byDay(all).map(([, those]) => those.length), [1, 1, 1, 1]);
});

test("what several traits say in one moment was said once, and what is said of another purpose or later again", () => {
  const no = { agreed: false, purpose: "everything", at: "2026-11-03T10:00:00+00:00" };
  const said = saidOnce([{ ...no, trait: "subscribed" }, { ...no, trait: "opt_out" }, { ...no, purpose: "news", trait: "consent.news" }, { ...no, at: "2026-11-04T10:00:00+00:00", trait: "opt_out" }]);
  assert.deepEqual(said.map(({ traits }) => traits), [["subscribed", "opt_out"], ["consent.news"], ["opt_out"]]);
  assert.equal(moments({ consent_history: [{ ...no, trait: "subscribed" }, { ...no, trait: "opt_out" }] }, []).length, 1);
});

test("an event says how much and what of, else its first properties, and no currency that is none", () => {
  assert.equal(summary({ revenue: 38.5, currency: "EUR", products: [{ name: "Guji" }, { name: "Filters" }, { name: "Mug" }] }), "€38.50 · Guji, Filters, +1");
  assert.equal(summary({ revenue: 1, currency: "euros" }), "1");
  assert.equal(summary({ plan: "free", nested: {}, left: "", age: 7 }), "free · 7");
  assert.equal(amount(2, undefined), "2");
});

test("what looks like an address or a number is looked for, all else is an id", () => {
  assert.deepEqual(["ada@shop.example", "+49 170 1234567", "u-20417", "12345", "a@b", "ada / 1", "9007199254740993"].map(soughtFor), ["email", "phone", "id", "id", "id", "id", "id"]);
});

test("a campaign is called by its name, and by its id as long as nobody knows it", () => {
  assert.equal(campaignOf({ campaigns: [{ id: "a", name: "A greeting" }] }, "a"), "A greeting");
  assert.equal(campaignOf(undefined, "a"), "a");
});

test("what a journey did is told by its step, and why", () => {
  const of = { journey: "cart", version: 3, key: "7", run: "ab12", step: "soft" };
  assert.equal(summary({ ...of, because: "time" }), "cart · soft · time");
  assert.equal(summary({ ...of, reason: "quiet_hours", message_id: "m" }), "cart · soft · quiet_hours");
  assert.equal(summary({ ...of, message_id: "m", device_id: "d" }), "cart · soft");
  assert.equal(summary({ journey: "Oslo to Rome", seats: 2 }), "Oslo to Rome · 2");
});
