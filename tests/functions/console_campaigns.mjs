/** What the console makes of campaigns' documents, in plain node: run by test_console_model.py. */
import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.localStorage = { getItem: () => null };
globalThis.document ??= { visibilityState: "visible", documentElement: {}, addEventListener: () => {} };
const model = (name) => import(`../../console/model/${name}.js`);

const { launchable, launchedLately, placeOf, sharesOf, shownOn, variantsOf, withoutVariant, withVariant } = await model("campaigns");
const { at, canonical, changed, idOf } = await model("documents");
const { insertion, withDefault } = await model("liquid");
const { begun, formOf, inWords, scheduleOf, spanInWords } = await model("schedules");

const push = (title) => ({ push: { title } });
const TWO = { id: "x", variants: [{ id: "a", weight: 3, message: push("A") }, { id: "b", message: push("B") }], control: { percent: 20 } };

test("a change goes to its place and touches nothing else, and what is empty goes with its last part", () => {
  const next = changed(TWO, "variants[1].message.push.body", "now");
  assert.equal(at(next, "variants[1].message.push.body"), "now");
  assert.equal(TWO.variants[1].message.push.body, undefined);
  assert.equal(next.variants[0], TWO.variants[0]);
  assert.deepEqual(changed({ id: "x", delivery: { cap: { count: 3 } } }, "delivery.cap", undefined), { id: "x" });
  assert.deepEqual(changed({}, "goal.event", "Order"), { goal: { event: "Order" } });
});

test("a message becomes two variants and one again, and says the same", () => {
  const one = { id: "x", message: push("A") };
  const two = withVariant(one);
  assert.deepEqual(variantsOf(two).map(({ id, path }) => [id, path]), [["a", "variants[0].message.push"], ["b", "variants[1].message.push"]]);
  assert.deepEqual(withoutVariant(two, 1), one);
  assert.deepEqual(variantsOf({ message: push("A"), variants: [{ id: "a" }] })[0].path, "message.push");
});

test("shares are of everybody, and whatever was typed they come to one", () => {
  assert.deepEqual(sharesOf(TWO).map(({ id, share }) => [id, Math.round(share * 100)]), [["a", 60], ["b", 20], ["control", 20]]);
  for (const percent of [0, 100, "ten", -5, 250]) assert.equal(sharesOf({ message: push("A"), control: { percent } }).reduce((sum, { share }) => sum + share, 0), 1);
});

test("a telephone shows its own platform's text before the one for all", () => {
  const message = { notification: { title: "T", body: "B" }, apns: { payload: { aps: { alert: { title: "I" } } } }, android: { notification: { body: "A" } }, data: { deep_link: "shop://x" } };
  assert.deepEqual(shownOn("ios", message), { title: "I", body: "B", image: "", link: "shop://x" });
  assert.deepEqual(shownOn("android", message), { title: "T", body: "A", image: "", link: "shop://x" });
});

test("a path is told by variant, language and text", () => {
  assert.deepEqual(placeOf(TWO, "variants[1].message.push.locales.pt-BR.title"), { variant: "b", locale: "pt-BR", key: "title" });
  assert.deepEqual(placeOf({ message: push("A") }, "message.push.data.offer"), { variant: "", locale: "", key: "data.offer" });
  assert.deepEqual(placeOf(TWO, "delivery"), { variant: "", locale: "", key: "delivery" });
});

test("a launch is stopped by what is wrong, and typed where many people or an objection ask for it", () => {
  const fine = { eligible: 10, problems: [{ severity: "warning" }], objections: [] };
  assert.deepEqual(launchable(fine), { stops: [], nobody: false, objections: [], second: false });
  assert.equal(launchable({ ...fine, eligible: 10_001 }).second, true);
  const wrong = { eligible: 0, problems: [{ severity: "error", path: "p", message: "m", people: 2 }], objections: ["nobody would get it", "2 people would get nothing", "ten times"] };
  assert.deepEqual(launchable(wrong), { stops: [{ path: "p", message: "m", people: 2 }], nobody: true, objections: ["ten times"], second: true });
});

test("a launch that reached somebody within a day, or is about to, is told before the next one", () => {
  const now = Date.parse("2026-11-27T12:00:00Z");
  const run = { rehearsal: false, counts: { sent: 54, unknown: 0 }, launched_at: "2026-11-27T11:59:55Z", concluded_at: "2026-11-27T11:59:58Z" };
  const nobody = { ...run, counts: { sent: 0, unknown: 0 } };
  assert.equal(launchedLately([{ ...run, rehearsal: true }, nobody, run], now), run);
  assert.equal(launchedLately([{ ...run, launched_at: "2026-11-26T11:59:55Z" }], now), undefined);
  assert.ok(launchedLately([{ ...nobody, concluded_at: null }], now));
  assert.equal(launchedLately([], now), undefined);
});

test("two documents that say the same are the same, whatever their order", () => {
  assert.equal(canonical({ b: [{ d: 1, c: 2 }], a: null }), canonical({ a: null, b: [{ c: 2, d: 1 }] }));
  assert.notEqual(canonical({ a: [1, 2] }), canonical({ a: [2, 1] }));
});

test("an id is made of any name", () => {
  assert.equal(idOf("  ¡Añade café, 10 %! "), "anade-cafe-10");
  assert.equal(idOf("x".repeat(60)).length, 48);
});

test("a trait is put in with a default to be typed, and a default is added only where nothing stands in", () => {
  const { text, back } = insertion("address.post code");
  assert.equal(text, '{{ person.traits.address["post code"] | default: "" }}');
  assert.equal(text.slice(text.length - back), '" }}');
  assert.equal(withDefault("Hi {{person.traits.name | upcase}}!", "name", 'the "boss"'), "Hi {{ person.traits.name | default: 'the \"boss\"' | upcase }}!");
  const has = "{{ person.traits.name | default: 'you' }} {{ person.traits.names }} {% if person.traits.name %}x{% endif %}";
  assert.equal(withDefault(has, "name", "there"), has);
});

test("a schedule comes back from its form as it went in", () => {
  const all = [
    { at: "2026-12-03T18:00", timezone: "Europe/Berlin" }, { cron: "0 18 ? * MON,THU *", timezone: "user", until: "2027-07-01" }, { cron: "30 9 * * ? *" },
    { cron: "5 8 L * ? *" }, { cron: "0 9 15 * ? *" }, { cron: "0 9 15W * ? *" }, { cron: "0 8/4 ? * MON-FRI 2027" }, { rate: "7 days", from: "2026-12-03T18:00" }, undefined,
  ];
  for (const schedule of all) assert.deepEqual(scheduleOf(formOf(schedule)), schedule);
  assert.deepEqual(all.map((each) => formOf(each).kind), ["once", "weekly", "weekly", "monthly", "monthly", "cron", "cron", "rate", "hand"]);
  for (const kind of ["once", "weekly", "monthly", "rate", "cron"]) assert.equal(formOf(scheduleOf(begun(kind, { timezone: "user" }))).kind, kind);
});

test("a schedule is told in words, and a span too", () => {
  assert.equal(inWords({ cron: "0 18 ? * THU *", timezone: "user" }), "each Thursday at 18:00, by each person's own clock");
  assert.equal(inWords({ cron: "0 18 * * ? *" }), "each day at 18:00 (UTC)");
  assert.equal(inWords(undefined), "when somebody launches it");
  assert.equal(spanInWords("7d"), "7 days");
  assert.equal(spanInWords("1 hours"), "1 hour");
  assert.equal(spanInWords("soon"), "soon");
});
