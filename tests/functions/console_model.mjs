/** console/model in plain node, without a browser: run by test_console_model.py. */
import assert from "node:assert/strict";
import { test } from "node:test";

process.env.TZ = "America/Los_Angeles"; // west of UTC, where the day before is shown of what is not a day in UTC
const kept = new Map();
globalThis.localStorage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) };
globalThis.document ??= { visibilityState: "visible", documentElement: {}, addEventListener: () => {} };
const model = (name) => import(`../../console/model/${name}.js`);

const { Api, ApiError, latest } = await model("api");
const { challenge, Session, SignedOutError } = await model("session");
const { matched, toPerson } = await model("router");
const { preferred, speak, t } = await model("text");
const format = await model("format");
const { twice } = await model("keys");
const { numberOf, parse, valueOf } = await model("numbers");
const { references, users } = await model("rules");
const drafts = await model("drafts");
const repair = await model("repair");
const { compared } = await model("lines");
const { isOurs, isTrouble, lineOf } = await model("log-lines");

const answer = (status, body, headers = {}) => ({ ok: status < 400, status, text: async () => JSON.stringify(body), headers: { get: (name) => headers[name] ?? null } });
const noPause = async (_, signal) => signal?.throwIfAborted();

function asking(answers, { token = async () => "token" } = {}) {
  const asked = [];
  const signedOut = [];
  const fetch = async (path, request) => {
    asked.push({ path, ...request });
    const next = answers.shift();
    if (next instanceof Error) throw next;
    return next;
  };
  return { asked, signedOut, api: new Api({ session: { token }, fetch, pause: noPause, onSignedOut: () => signedOut.push(1) }) };
}

test("a read is tried again after what passes, and a write is not", async () => {
  const reading = asking([answer(503, {}), new TypeError("gone"), answer(200, { a: 1 }, { ETag: '"7"' })]);
  assert.deepEqual(await reading.api.get("/x"), { body: { a: 1 }, etag: '"7"' });
  const writing = asking([answer(503, { code: "store_unavailable", message: "later" })]);
  await assert.rejects(writing.api.put("/x", {}), (error) => error instanceof ApiError && error.code === "store_unavailable");
  assert.equal(writing.asked.length, 1);
});

test("a refusal keeps the API's words, the field and the newest version", async () => {
  const { api } = asking([answer(412, { code: "stale_version", message: "changed", version: 8 })]);
  await assert.rejects(api.put("/x", {}, { ifMatch: '"7"' }), (error) => error.status === 412 && error.version === 8 && error.message === "changed");
});

test("what the gateway itself refuses has a message only, and a code of ours", async () => {
  const { api } = asking([answer(404, { message: "Not Found" })]);
  await assert.rejects(api.get("/x"), (error) => error.code === "http_404" && error.message === "Not Found");
});

test("a token that is refused is renewed once, and if that is refused too somebody must sign in", async () => {
  const tokens = [];
  const token = async (options) => (tokens.push(options?.renewed ?? false), "token");
  const once = asking([answer(401, {}), answer(200, {})], { token });
  await once.api.put("/x", {});
  assert.deepEqual(tokens, [false, true]);
  const twice = asking([answer(401, {}), answer(401, {})], { token });
  await assert.rejects(twice.api.get("/x"), (error) => error.code === "signed_out");
  assert.equal(twice.signedOut.length, 1);
});

test("a ticket is asked after until it is over, and each look is seen", async () => {
  const { api, asked } = asking([answer(202, { ticket: "t", state: "queued" }), answer(200, { ticket: "t", state: "running" }), answer(200, { ticket: "t", state: "succeeded", count: 3 })]);
  const seen = [];
  for await (const look of api.ticket("/start", {}, (ticket) => `/look/${ticket}`)) seen.push(look.state);
  assert.deepEqual(seen, ["queued", "running", "succeeded"]);
  assert.deepEqual(asked.map(({ path }) => path), ["/start", "/look/t", "/look/t"]);
});

test("of two questions the answer of the first is dropped, however late it comes", async () => {
  const last = latest();
  let late;
  const first = last(() => new Promise((resolve) => (late = resolve)));
  const second = last(async () => "second");
  late("first");
  await assert.rejects(first, { name: "AbortError" });
  assert.equal(await second, "second");
});

test("PKCE's challenge is that of RFC 7636, appendix B", async () => {
  assert.equal(await challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
});

test("two who need a token at once cause one renewal, and a refused one ends the sign-in", async () => {
  const storage = new Map([["regulars.refresh", "r1"]]);
  const store = { getItem: (key) => storage.get(key) ?? null, setItem: (key, value) => storage.set(key, value), removeItem: (key) => storage.delete(key) };
  const replies = [{ ok: true, status: 200, json: async () => ({ access_token: "a", expires_in: 3600, refresh_token: "r2" }) }, { ok: false, status: 400 }];
  let asked = 0;
  const session = new Session({ config: { client_id: "c", sign_in_url: "" }, storage: store, place: { search: "" }, fetch: async () => (asked++, replies.shift()) });
  assert.deepEqual(await Promise.all([session.token(), session.token()]), ["a", "a"]);
  assert.equal(asked, 1);
  assert.equal(storage.get("regulars.refresh"), "r2");
  await assert.rejects(session.token({ renewed: true }), SignedOutError);
  assert.equal(storage.has("regulars.refresh"), false);
});

test("an address has its parts, decoded", () => {
  assert.deepEqual(matched("/segments/:id", "/segments/a%20b"), { id: "a b" });
  assert.equal(matched("/segments/:id", "/segments"), null);
  assert.deepEqual(matched("/", "/"), {});
  for (const id of [".", "..", "~.", "~~..", "~", "...", "a/b ?#%", "~a"]) {
    assert.equal(new URL(`/console${toPerson(id)}`, "https://x").pathname, `/console${toPerson(id)}`);
    assert.deepEqual(matched("/people/:id", toPerson(id)), { id });
  }
});

test("a text has the plural and the numbers of the language, and its English where a language lacks it", async () => {
  const texts = { en: { "{n} days": { one: "{n} day", other: "{n} days" } }, es: { "{n} days": { one: "{n} día", other: "{n} días" } } };
  await speak("es", async (name) => texts[name]);
  assert.equal(t("{n} days", { n: 1 }), "1 día");
  assert.equal(t("{n} days", { n: 12345 }), "12.345 días");
  assert.equal(t("Not there {x}", { x: "y" }), "Not there y");
  await speak("en", async (name) => texts[name]);
  assert.equal(t("{n} days", { n: 1 }), "1 day");
  assert.equal(preferred(["fr", "es-MX"], null), "es");
  assert.equal(preferred(["fr"], null), "en");
});

test("figures are rounded to what can be read", () => {
  assert.equal(format.dollars(4.179), "$4.18");
  assert.equal(format.dollars(0.0000478), "$0.000048");
  assert.equal(format.dollars(0), "$0.00");
  assert.equal(format.bytes(980_000), "980 kB");
  assert.equal(format.ago("2026-11-26T12:00:00Z", Date.parse("2026-11-26T12:03:10Z")), "3 minutes ago");
  assert.match(format.ago("2017-10-01T12:00:00Z", Date.parse("2026-11-26T12:03:10Z")), /2017/);
});

test("a number that cannot be held stays the digits that it is, read or typed, and none becomes its neighbour", async () => {
  const digits = "9007199254740993";
  const body = `{"points": ${digits}, "list": [-${digits}, 9007199254740992, 0.30000000000000004, 1e21], "text": "a \\"${digits}\\": ${digits}"}`;
  const told = { points: digits, list: [`-${digits}`, 2 ** 53, 0.1 + 0.2, 1e21], text: `a "${digits}": ${digits}` };
  assert.deepEqual(parse(body), told);
  const { api } = asking([{ ...answer(200), text: async () => body }]);
  assert.deepEqual((await api.get("/admin/profiles/ada")).body, told);
  for (const text of [digits, `-${digits}`, "1e999", "Infinity", "2,5", "7 days"]) assert.equal(numberOf(text, null), text);
  for (const [text, number] of [["2.", 2], ["2.5", 2.5], ["0.", 0], [" 7 ", 7], ["1e3", 1000], [" ", null]]) assert.equal(numberOf(text, null), number);
  assert.deepEqual(["7", digits, "true", '"7"', "seven"].map(valueOf), [7, digits, true, "7", "seven"]);
});

test("the first key that stands twice in the same object of a text is found, with its path", () => {
  assert.equal(twice('{"a": 1, "b": {"a": "}, \\"a\\":"}, "c": [{"a": 1}, {"a": [1, 2]}], "7": [], "__proto__": 1}'), undefined);
  assert.equal(twice('{"start": "m", "steps": {"m": {"wait": "1d"}, "m" : {}}, "start": "n"}'), "steps.m");
  assert.equal(twice('{"all": [7, [{}, {"trait": "a", "tr\\u0061it": ":"}]]}'), "all.1.1.trait");
});

test("a day is that day west of UTC as well", () => {
  assert.equal(format.day("2026-11-20"), "Nov 20, 2026");
  assert.equal(format.day("2026-11-20T00:00:00Z"), "Nov 19, 2026");
  assert.equal(format.asOf("2026-11-20T00:00:00Z"), "Nov 20, 2026 (UTC)");
  assert.match(format.asOf("2026-11-20T01:00:00Z"), /^Nov 19, 2026, 5:00/);
});

test("who uses a segment is found however deep its name lies", () => {
  const segments = [{ id: "a", rule: { everyone: true } }, { id: "b", rule: { all: [{ not: { any: [{ segment: "a" }] } }, { segment: "a" }] } }];
  assert.deepEqual(references(segments[1].rule), ["a"]);
  assert.deepEqual(users(segments, [{ id: "spring", audience: { include: ["a"], exclude: ["b", "gone"] } }]), {
    a: { segments: ["b"], campaigns: ["spring"] },
    b: { segments: [], campaigns: ["spring"] },
  });
});

test("a draft is kept with the version that it changes, until it is forgotten", () => {
  const storage = new Map();
  const store = { getItem: (key) => storage.get(key) ?? null, setItem: (key, value) => storage.set(key, value), removeItem: (key) => storage.delete(key) };
  drafts.keep("segment", { value: { a: 1 }, etag: '"3"' }, store);
  assert.deepEqual(drafts.kept("segment", store), { value: { a: 1 }, etag: '"3"' });
  drafts.forget("segment", store);
  assert.equal(drafts.kept("segment", store), null);
});

test("a repair is written as the API reads it: JSON is a value, anything else a text, and a path is another field", () => {
  const steps = [
    { verb: "default", path: "event", to: "Order Completed", from: false },
    { verb: "set", path: "properties.revenue", to: "7", from: false },
    { verb: "default", path: "userId", to: "anonymousId", from: true },
    { verb: "cast", path: "timestamp", to: "moment", from: false },
    { verb: "rename", path: "props", to: "properties", from: false },
  ];
  assert.deepEqual(repair.documentOf(steps), {
    steps: [
      { default: "event", to: "Order Completed" },
      { set: "properties.revenue", to: 7 },
      { default: "userId", from: "anonymousId" },
      { cast: "timestamp", to: "moment" },
      { rename: "props", to: "properties" },
    ],
  });
});

test("pages of a replay are added up, reason by reason", () => {
  const page = { events: 3, good: 1, already: 1, refused: { a: 1 }, examples: [{}], applied: true };
  assert.deepEqual(repair.summed([page, { ...page, refused: { a: 2, b: 1 } }]), { events: 6, good: 2, already: 2, refused: { a: 3, b: 1 }, examples: [{}, {}], applied: true });
});

test("two values are compared line by line, and a comma that only says that more follows is no change", () => {
  assert.deepEqual(compared({ a: 1, b: 2 }, { a: 1, b: 3, c: 4 }), [["{", "same"], ['  "a": 1', "same"], ['  "b": 2', "gone"], ['  "b": 3', "new"], ['  "c": 4', "new"], ["}", "same"]]);
  assert.deepEqual(compared(undefined, 1), [["1", "new"]]);
});

test("a line of a log is its level and its words, a metric its figures, and what is no JSON is itself", () => {
  const failed = lineOf(JSON.stringify({ level: "ERROR", message: "failed", location: "x:1", service: "load", batch: 7, why: { a: 1 }, exception: "Traceback" }));
  assert.deepEqual(failed, { level: "ERROR", text: 'failed batch=7 why={"a":1} Traceback' });
  assert.ok(isTrouble(failed));
  const metric = { _aws: { CloudWatchMetrics: [{ Metrics: [{ Name: "EventsLoaded" }] }] }, EventsLoaded: 3 };
  assert.deepEqual(lineOf(JSON.stringify(metric)), { level: "", text: "EventsLoaded 3" });
  assert.deepEqual([lineOf("plain\n").text, lineOf("[1]").text, lineOf("7").text], ["plain", "[1]", "7"]);
  assert.deepEqual(["START RequestId: 1", "REPORT x", '{"level":"INFO"}'].map((message) => isOurs({ message })), [false, false, true]);
});
