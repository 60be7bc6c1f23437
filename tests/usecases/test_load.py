import base64
import gzip
import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from regulars.domain.collection.body import Body
from regulars.domain.collection.json_text import written
from regulars.domain.collection.message import QueueMessage, packed
from regulars.domain.errors import StoreUnavailableError
from regulars.domain.people.profile import Profile
from regulars.domain.people.traits import KnownTrait
from regulars.domain.tracking.parse import parse_plan
from regulars.domain.tracking.plan import Plan
from regulars.usecases.load import Loaded, load
from regulars.usecases.merge_many import ATTEMPTS
from tests.fakes.clock import MovableClock
from tests.fakes.services import MemoryQueue
from tests.fakes.stores import MemoryDevices, MemoryEventNames, MemoryObjects, MemoryProfiles

NOW = datetime(2026, 11, 21, 10, 5, tzinfo=UTC)
RECEIVED = datetime(2026, 11, 21, 9, 59, 59, tzinfo=UTC)
FOLDER = "dt=2026-11-21/hh=10/"


def message(*events: Any, identity: str = "m-1", receipt: str = "", receives: int = 1, source: str = "0123abcd", **shared: Any) -> QueueMessage:
    document = {**shared, "batch": list(events)}
    (body,) = packed(Body(written(document), None), received=RECEIVED, source=source, verb="batch")
    return QueueMessage(identity, body, receipt, receives)


def made(message: str, place: int) -> str:
    """The id of an event that came without."""
    return hashlib.sha256(f"{message}|{place}".encode()).hexdigest()[:32]


def track(number: int = 1, **fields: Any) -> dict[str, Any]:
    return {"type": "track", "event": "x", "userId": "u1", "messageId": f"t{number}", **fields}


def identify(user_id: str = "u1", timestamp: str = "2026-01-01T00:00:00Z", **traits: Any) -> dict[str, Any]:
    return {"type": "identify", "userId": user_id, "timestamp": timestamp, "traits": traits}


def run(
    *messages: QueueMessage,
    objects: MemoryObjects | None = None,
    profiles: MemoryProfiles | None = None,
    devices: MemoryDevices | None = None,
    names: MemoryEventNames | None = None,
    queue: MemoryQueue | None = None,
    time_left: timedelta = timedelta(seconds=60),
    plans: Sequence[Plan] = (),
) -> Loaded:
    return load(
        messages,
        objects=objects or MemoryObjects(),
        profiles=profiles or MemoryProfiles(),
        devices=devices or MemoryDevices(),
        names=names or MemoryEventNames(),
        queue=queue or MemoryQueue(),
        clock=MovableClock(NOW),
        time_left=lambda: time_left,
        plans=lambda: plans,
    )


def lines(objects: MemoryObjects, prefix: str) -> list[dict[str, Any]]:
    return [json.loads(line) for key in objects.keys(prefix) for line in gzip.decompress(objects.get(key)).splitlines()]


def test_an_invocation_writes_one_object_of_rows_in_the_hour_of_writing() -> None:
    objects = MemoryObjects()
    assert run(message(track(1), track(2)), message(track(3), identity="m-2"), objects=objects) == Loaded(3, {}, 0)
    (key,) = objects.content
    assert key.startswith(f"raw/events/{FOLDER}") and key.endswith(".json.gz")
    assert [row["message_id"] for row in lines(objects, "raw/events/")] == ["t1", "t2", "t3"]


def test_a_bad_event_goes_to_quarantine_whole_and_its_neighbours_stay() -> None:
    objects = MemoryObjects()
    bad = track(2, userId=None, writeKey="secret", properties={"api_key": "secret", "a": 1})
    result = run(message(track(1), bad, "text", track(3), sentAt="2026-11-21T09:59:58Z"), objects=objects)
    assert result == Loaded(2, {"missing_id": 1, "not_an_object": 1}, 0)
    assert [row["message_id"] for row in lines(objects, "raw/events/")] == ["t1", "t3"]
    first, second = lines(objects, f"quarantine/{FOLDER}")
    assert json.loads(first["text"]) == {**track(2, userId=None), "properties": {"a": 1}, "sentAt": "2026-11-21T09:59:58Z"}
    assert (first["reason"], first["source"], first["at"]) == ("missing_id", "0123abcd", "2026-11-21T09:59:59.000Z")
    assert (second["reason"], second["text"], second["place"]) == ("not_an_object", '"text"', 2)
    assert first["id"] != second["id"]


def test_what_is_refused_of_an_import_stays_history() -> None:
    objects = MemoryObjects()
    sent = [packed(Body(b'{"batch":[{"type":"track"}]}', None), received=NOW, source="shop", verb=verb)[0] for verb in ("batch", "import")]
    run(*(QueueMessage(f"m-{place}", body) for place, body in enumerate(sent)), objects=objects)
    assert [line.get("historical", False) for line in lines(objects, "quarantine/")] == [False, True]


def test_hostile_events_of_every_kind_cost_only_themselves() -> None:
    objects = MemoryObjects()
    deep: Any = "end"
    for _ in range(900):
        deep = {"a": deep}
    bad = [
        track(properties={"note": "\ud800"}),
        track(properties={"note": "\x00"}),
        track(properties=deep),
        track(properties={"note": "x" * 40_000}),
        track(timestamp="2026-02-30"),
        track(userId=2.0**70),
        track(type=None),
    ]
    result = run(message(*[event for wrong in bad for event in (track(), wrong)]), objects=objects)
    assert result.events == len(bad)
    assert result.quarantined == {
        "invalid_text": 2,
        "event_too_deep": 1,
        "event_too_large": 1,
        "impossible_timestamp": 1,
        "invalid_id": 1,
        "unknown_type": 1,
    }
    assert [json.loads(line["text"])["properties"] for line in lines(objects, "quarantine/")[:3]] == [{"note": "\ud800"}, {"note": "\x00"}, deep]


@pytest.mark.parametrize("levels", [254, 1_000, 1_500, 100_000])
def test_an_event_that_is_nested_too_deeply_costs_no_neighbour(levels: int) -> None:
    text = b'{"batch":[%s,{"type":"track","event":"x","userId":"u","properties":{"deep":%s}}]}'
    whole = Body(text % (json.dumps(track()).encode(), b"[" * levels + b"]" * levels), None)
    (body,) = packed(whole, received=RECEIVED, source="0123abcd", verb="batch")
    loaded = run(QueueMessage("m-1", body))
    assert (loaded.events, loaded.quarantined) == (1, {"event_too_deep": 1})


def test_a_number_that_would_lose_digits_costs_its_event_alone_and_stands_in_quarantine_as_it_was_sent() -> None:
    objects = MemoryObjects()
    sent = [track(number, properties={"wei": number}) for number in (1, 12345678901234567890123, 10**22, 2**64 - 1)]
    text = json.dumps({"batch": [track(timestamp="2026-02-30"), *sent]}).encode()
    (body,) = packed(Body(text, None), received=RECEIVED, source="0123abcd", verb="batch")
    assert run(QueueMessage("m-1", body), objects=objects).quarantined == {"impossible_timestamp": 1, "number_out_of_range": 1}
    assert [json.loads(row["properties"])["wei"] for row in lines(objects, "raw/events/")] == [1, 1e22, 2**64 - 1]
    assert json.loads(lines(objects, "quarantine/")[1]["text"])["properties"] == {"wei": 12345678901234567890123}


def test_a_message_that_cannot_be_read_is_kept_as_it_is() -> None:
    objects = MemoryObjects()
    assert run(QueueMessage("m-1", "hello \ud800"), message(track()), objects=objects) == Loaded(1, {"unreadable_message": 1}, 0)
    (line,) = lines(objects, "quarantine/")
    assert (line["reason"], line["raw"], line["at"]) == ("unreadable_message", "aGVsbG8g7aCA", "2026-11-21T10:05:00.000Z")


@pytest.mark.parametrize(
    "body",
    [
        "2026-11-21T10:00:01.123Z|app|batch|" + base64.b64encode(gzip.compress(b'{"writeKey":"s3cret","batch":[{]}', mtime=0)).decode(),
        "2026-11-21T10:00:01.123Z|app|batch|" + base64.b64encode(gzip.compress(b'["writeKey=s3cret"]', mtime=0)[:-8]).decode(),
        "2026-11-21T10:00:01.123Z|app|buy|" + base64.b64encode(gzip.compress(b'{"writeKey":"s3cret"}', mtime=0)).decode(),
        '{"writeKey":"s3cret"}',
        'a|b|{"writeKey":"s3cret"}|c',
    ],
)
def test_no_write_key_is_kept_of_a_message_that_cannot_be_read(body: str) -> None:
    objects = MemoryObjects()
    run(QueueMessage("m-1", body), objects=objects)
    (line,) = lines(objects, "quarantine/")
    kept = base64.b64decode(line["raw"]).decode() + line["message"]
    assert ("***" in kept, "s3cret" in kept) == (True, False)


def test_messages_that_come_again_replace_what_they_wrote() -> None:
    objects, profiles = MemoryObjects(), MemoryProfiles()
    messages = (message(track(messageId=None), identify(plan="pro"), "bad"), message(track(2), identity="m-2"))
    first = run(*messages, objects=objects, profiles=profiles)
    before = dict(objects.content)
    again = run(*messages, objects=objects, profiles=profiles)
    assert (first.profiles, again.profiles) == (1, 0)
    assert objects.content == before


def test_identifies_and_tokens_reach_the_profiles_once_a_person() -> None:
    profiles = MemoryProfiles()
    context = {"device": {"id": "d1", "token": "t1", "type": "Android"}}
    result = run(
        message(identify(plan="free"), identify("u2", plan="pro"), track(context=context, timestamp="2026-01-02T00:00:00Z")),
        message(identify(timestamp="2026-01-03T00:00:00Z", plan="pro"), track(userId="u3"), identity="m-2"),
        profiles=profiles,
    )
    assert result.profiles == profiles.writes == 2
    assert profiles.stored["u1"].value == Profile(
        "u1",
        {"plan": KnownTrait("pro", "2026-01-03T00:00:00.000Z", f"2026-11-21 09:59:59.000 0000 {made('m-2', 0)}")},
        {"d1": "2026-01-02T00:00:00.000Z"},
    )
    assert set(profiles.stored) == {"u1", "u2"}


def test_a_call_about_consent_is_kept_and_so_is_the_identify_that_it_comes_to() -> None:
    given = track(1, event="Consent Given", properties={"purpose": "news"})
    objects, profiles = MemoryObjects(), MemoryProfiles()
    for _ in range(2):
        assert run(message(given), objects=objects, profiles=profiles).events == 1
    rows = lines(objects, "raw/")
    assert [(row["event_name"], row["message_id"]) for row in rows] == [("Consent Given", rows[0]["message_id"]), ("identify", rows[0]["message_id"])]
    (stored,) = profiles.stored.values()
    assert stored.value.values["news_opt_in"] is True and stored.value.values["news_opted_out"] is False
    assert profiles.writes == 1


def test_events_are_held_against_the_tracking_plans() -> None:
    plans = [
        parse_plan({"id": "p", "name": "P", "track": {"x": {"schema": {"required": ["sku"]}}}}),
        parse_plan({"id": "q", "name": "Q", "track": {"y": {"schema": {"required": ["sku"]}, "violations": "quarantine"}}}),
    ]
    objects = MemoryObjects()
    loaded = run(message(track(1), track(2, properties={"sku": 1}), track(3, event="y")), objects=objects, plans=plans)
    assert (loaded.events, loaded.violations, loaded.quarantined) == (2, 1, {"plan_violation": 1})
    assert [row.get("violations") for row in lines(objects, "raw/events/")] == [
        '[{"path":"properties","message":"\\"sku\\" is a required property"}]',
        None,
    ]


def test_where_plans_cannot_be_read_all_comes_again_and_nothing_is_kept_unjudged() -> None:
    def away() -> list[Plan]:
        raise StoreUnavailableError("away")

    objects, queue = MemoryObjects(), MemoryQueue()
    loaded = load(
        [message(track(1), receipt="r")],
        objects=objects,
        profiles=MemoryProfiles(),
        devices=MemoryDevices(),
        names=MemoryEventNames(),
        queue=queue,
        clock=MovableClock(NOW),
        plans=away,
    )
    assert (loaded.undone, loaded.trouble) == (("m-1",), "away")
    assert not objects.content


def test_an_older_event_that_comes_later_changes_nothing_newer() -> None:
    profiles = MemoryProfiles()
    run(message(identify(timestamp="2026-02-01T00:00:00Z", plan="new")), profiles=profiles)
    run(message(identify(timestamp="2026-01-01T00:00:00Z", plan="old", city="Ulm"), identity="m-2"), profiles=profiles)
    assert profiles.stored["u1"].value.values == {"plan": "new", "city": "Ulm"}


def test_a_profile_that_another_wrote_meanwhile_keeps_both_changes() -> None:
    rival = Profile("u1", {"theirs": KnownTrait(1, "2026-01-01T00:00:00.000Z")})
    profiles = MemoryProfiles(rivals=[rival])
    run(message(identify(ours=2)), profiles=profiles)
    assert set(profiles.stored["u1"].value.traits) == {"theirs", "ours"}


def test_a_profile_that_others_never_stop_writing_brings_back_the_messages_that_told_of_this_person_and_no_others() -> None:
    objects, queue = MemoryObjects(), MemoryQueue()
    profiles = MemoryProfiles(rivals=[Profile("u1")] * ATTEMPTS)
    others = message(track(1, userId="u9"), identity="m-2", receipt="r-2")
    loaded = run(message(identify(ours=2), receipt="r-1"), others, profiles=profiles, objects=objects, queue=queue)
    assert (loaded.events, loaded.undone) == (2, ("m-1",))
    assert len(lines(objects, "raw/events/")) == 2
    assert set(queue.given_back) == {"r-1"}


def on_phone(token: str | None = None, **fields: Any) -> dict[str, Any]:
    return track(context={"device": {"id": "phone", **({"token": token} if token else {})}}, **fields)


def test_a_device_belongs_to_whoever_used_it_last_whenever_that_is_told() -> None:
    devices = MemoryDevices()
    run(message(on_phone("t1", userId="ada", timestamp="2026-01-02T00:00:00Z")), devices=devices)
    result = run(message(on_phone(userId="bob", timestamp="2026-01-01T00:00:00Z"), identity="m-2"), devices=devices)
    assert (result.devices, devices.stored["phone"].value.owner) == (0, "ada")
    result = run(message(on_phone(userId="bob", timestamp="2026-01-03T00:00:00Z"), identity="m-3"), devices=devices)
    device = devices.stored["phone"].value
    assert (result.devices, device.owner, device.target) == (1, "bob", None)


@pytest.mark.parametrize("event", [{"userId": None, "anonymousId": "a1"}, {"event": "Signed Out", "userId": "ada"}])
def test_a_logout_releases_the_device(event: dict[str, Any]) -> None:
    devices = MemoryDevices()
    run(message(on_phone("t1", userId="ada", timestamp="2026-01-01T00:00:00Z"), on_phone(timestamp="2026-01-02T00:00:00Z", **event)), devices=devices)
    assert devices.stored["phone"].value.owner is None


def test_what_says_nothing_new_of_a_device_is_not_written_for_a_day() -> None:
    devices = MemoryDevices()
    moments = ("2026-01-01T12:00:00Z", "2026-01-01T23:00:00Z", "2026-01-02T12:00:00Z")
    told = [run(message(on_phone("t1", timestamp=moment)), devices=devices) for moment in moments]
    assert [loaded.devices for loaded in told] == [1, 0, 1]


def test_a_table_of_devices_that_fails_brings_back_the_messages_that_told_of_devices_and_no_others() -> None:
    devices, profiles = MemoryDevices(), MemoryProfiles()
    devices.fails = True
    loaded = run(message(on_phone("t1")), message(identify("u9"), identity="m-2"), devices=devices, profiles=profiles)
    assert (loaded.undone, loaded.profiles) == (("m-1",), 2)
    assert "it is a test" in loaded.trouble


def test_a_profile_store_that_fails_makes_no_event_late() -> None:
    objects, profiles = MemoryObjects(), MemoryProfiles()
    profiles.fails = True
    loaded = run(message(track(), identify(ours=2)), objects=objects, profiles=profiles)
    assert (loaded.undone, loaded.profiles) == (("m-1",), 0)
    assert "it is a test" in loaded.trouble
    assert len(lines(objects, "raw/events/")) == 2


def test_when_time_runs_out_what_is_undone_comes_again() -> None:
    objects, profiles = MemoryObjects(), MemoryProfiles()
    loaded = run(message(identify(ours=2)), message(track(), identity="m-2"), objects=objects, profiles=profiles, time_left=timedelta(seconds=9))
    assert (loaded.undone, loaded.trouble, profiles.stored) == (("m-1",), "", {})
    assert len(lines(objects, "raw/events/")) == 2


def test_a_bucket_that_takes_nothing_brings_all_messages_back_and_writes_no_profile() -> None:
    objects, profiles, queue = MemoryObjects(), MemoryProfiles(), MemoryQueue()
    objects.fails = lambda key: True
    messages = (message(identify(ours=2), receipt="r-1"), message(track(), identity="m-2", receipt="r-2"))
    loaded = run(*messages, objects=objects, profiles=profiles, queue=queue)
    assert loaded.undone == ("m-1", "m-2")
    assert profiles.stored == {}
    assert set(queue.given_back) == {"r-1", "r-2"}


def test_a_message_comes_again_soon_the_first_time_and_later_each_time_after() -> None:
    objects, queue = MemoryObjects(), MemoryQueue()
    objects.fails = lambda key: True
    run(*(message(track(), identity=f"m{n}", receipt=f"r{n}", receives=n) for n in (1, 2, 3, 8)), objects=objects, queue=queue)
    assert [queue.given_back[f"r{n}"].total_seconds() for n in (1, 2, 3, 8)] == [5, 60, 360, 360]


def test_names_beyond_those_that_a_source_may_have_lie_together_and_keep_their_name() -> None:
    objects, names = MemoryObjects(), MemoryEventNames(limit=2)
    events = [track(number, event=event) for number, event in enumerate(["a", "b", "c", "a"])]
    loaded = run(message(*events, identify(), {"type": "page", "userId": "u1"}), objects=objects, names=names)
    assert (loaded.events, loaded.other_names) == (6, 1)
    rows = [(row["event_name"], row.get("other_name")) for row in lines(objects, "raw/events/")]
    assert rows == [("a", None), ("b", None), ("_other", "c"), ("a", None), ("identify", None), ("page", None)]


def test_a_name_that_is_the_partitions_own_or_of_our_reports_takes_no_place() -> None:
    objects, names = MemoryObjects(), MemoryEventNames(limit=0)
    run(message(track(1, event="_other"), track(2, event="Push Notification Tapped")), objects=objects, names=names)
    rows = [(row["event_name"], row.get("other_name")) for row in lines(objects, "raw/events/")]
    assert rows == [("_other", "_other"), ("Push Notification Tapped", None)]
    assert names.names == {}


def test_each_source_has_names_of_its_own() -> None:
    names = MemoryEventNames(limit=1)
    run(message(track(1, event="a")), message(track(2, event="b"), identity="m-2", source="4567cdef"), names=names)
    assert names.names == {"0123abcd": ["a"], "4567cdef": ["b"]}


def test_nothing_to_write_writes_nothing() -> None:
    objects = MemoryObjects()
    assert run(message(), objects=objects) == Loaded(0, {}, 0)
    assert objects.content == {}


def test_rows_and_profiles_are_of_the_clean_event_and_each_correction_is_counted() -> None:
    objects, profiles = MemoryObjects(), MemoryProfiles()
    dirty = {**identify(" u1\n", email="Anna@Shop.DE", phone="0170 1234567"), "messageId": "t1"}
    result = run(message(dirty, track(2, properties={"revenue": "12 €"})), objects=objects, profiles=profiles)
    assert result.corrections == {"trim": 1, "email": 1, "phone_unclear": 1, "number": 1}
    first, second = lines(objects, "raw/events/")
    assert (first["user_id"], json.loads(first["traits"])["email"]) == ("u1", "anna@shop.de")
    assert json.loads(second["corrections"]) == [{"path": "properties.revenue", "rule": "number", "was": "12 €"}]
    assert profiles.get_many(["u1"])["u1"].value.traits["email"].value == "anna@shop.de"


def test_nobodys_events_go_to_quarantine_or_to_their_anonymous_visitor() -> None:
    objects, profiles = MemoryObjects(), MemoryProfiles()
    nobody = {**identify("undefined", first_name="Ana"), "context": {"device": {"id": "d1", "token": "T1"}}}
    result = run(message(nobody, {**nobody, "anonymousId": "a1"}), objects=objects, profiles=profiles)
    assert (result.quarantined, result.corrections) == ({"placeholder_id": 1}, {"placeholder": 1})
    assert [row.get("user_id") for row in lines(objects, "raw/events/")] == [None]
    assert json.loads(lines(objects, "quarantine/")[0]["text"]) == nobody
    assert profiles.get_many(["undefined"]) == {}


def test_bots_are_kept_and_counted() -> None:
    objects = MemoryObjects()
    result = run(message(track(1, context={"userAgent": "Googlebot/2.1"}), track(2)), objects=objects)
    assert (result.events, result.traffic) == (2, {"bot": 1})
    assert [row.get("traffic") for row in lines(objects, "raw/events/")] == ["bot", None]


def test_a_refused_event_that_its_client_sends_again_is_one_and_another_content_is_another() -> None:
    objects = MemoryObjects()
    bad = track(userId=None, context={"writeKey": "secret"})
    retried = (message(bad, identity="m-1", sentAt="2026-11-21T09:59:58Z"), message(bad, identity="m-2", sentAt="2026-11-21T09:59:59Z"))
    others = (message({**bad, "event": "y"}, identity="m-3"), message(bad, identity="m-4", source="shop"))
    unnamed = [message({**bad, "messageId": None}, identity=f"m-{number}") for number in (5, 6)]
    run(*retried, *others, *unnamed, objects=objects)
    first, again, *rest = (line["id"] for line in lines(objects, "quarantine/"))
    assert first == again
    assert len({first, *rest}) == 5
    assert rest[2:] == [made("m-5", 0), made("m-6", 0)]
