import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.collection.events import enveloped, normalised
from regulars.domain.collection.examination import MAX_EVENT_BYTES, MAX_EVENT_DEPTH, RoundedNumberError, examine
from regulars.domain.collection.json_text import parsed, parsed_exactly
from regulars.domain.collection.message import Delivery
from regulars.domain.collection.rejection import EventRejectedError, quarantined_bytes, quarantined_event

RECEIVED = datetime(2026, 11, 21, 10, 0, 1, tzinfo=UTC)
TRACK = {"type": "track", "event": "Order Completed", "userId": "u1", "messageId": "m1"}


def rows(document: Any, verb: str = "batch", identity: str = "sqs-1") -> list[dict[str, str]]:
    envelope, events = enveloped(Delivery(identity, RECEIVED, "0123abcd", verb, document))
    return [normalised(event, envelope, index).row() for index, event in enumerate(events)]


def row(event: Any, **shared: Any) -> dict[str, str]:
    (only,) = rows({"batch": [event], **shared})
    return only


def rejection(event: Any) -> EventRejectedError:
    with pytest.raises(EventRejectedError) as rejected:
        row(event)
    return rejected.value


def nested(levels: int) -> Any:
    value: Any = "end"
    for _ in range(levels):
        value = [value]
    return value


def test_a_track_event_becomes_a_row() -> None:
    event = {
        **TRACK,
        "anonymousId": "a1",
        "timestamp": "2026-11-21T09:59:58.123Z",
        "properties": {"revenue": 39.95, "note": "naïve"},
        "context": {"device": {"id": "d1", "type": "iOS", "token": "t1"}, "ip": None},
        "integrations": {"All": True},
        "channel": None,
    }
    assert row(event) == {
        "message_id": "m1",
        "user_id": "u1",
        "anonymous_id": "a1",
        "type": "track",
        "event_name": "Order Completed",
        "event_ts": "2026-11-21 09:59:58.123",
        "received_ts": "2026-11-21 10:00:01.000",
        "properties": '{"revenue":39.95,"note":"naïve"}',
        "context": '{"device":{"id":"d1","type":"iOS","token":"t1"},"ip":null}',
        "device_id": "d1",
        "device_token": "t1",
        "platform": "ios",
        "source": "0123abcd",
        "place": 0,
    }


@pytest.mark.parametrize("kind", ["identify", "page", "screen", "group", "alias"])
def test_the_other_calls_are_named_by_their_type(kind: str) -> None:
    (only,) = rows({"userId": "u1", "messageId": "m1", "event": "ignored"}, verb=kind)
    assert (only["type"], only["event_name"]) == (kind, kind)


def test_a_call_to_one_path_has_that_paths_type_whatever_it_says() -> None:
    (only,) = rows({**TRACK, "type": "identify"}, verb="track")
    assert only["type"] == "track"


def test_nulls_and_empty_objects_leave_their_columns_out() -> None:
    event = {**TRACK, "anonymousId": None, "properties": None, "traits": None, "context": None, "timestamp": None, "sentAt": None}
    assert set(row(event)) == {"message_id", "user_id", "type", "event_name", "event_ts", "received_ts", "source", "place"}


def test_fields_without_a_column_are_kept_among_the_properties() -> None:
    (page,) = rows({"userId": "u", "name": "Home", "category": "Shop", "properties": {"name": "Start"}}, verb="page")
    assert json.loads(page["properties"]) == {"name": "Start", "category": "Shop"}
    (group,) = rows({"userId": "u", "groupId": 7, "traits": {"size": 3}}, verb="group")
    assert (json.loads(group["properties"]), json.loads(group["traits"])) == ({"groupId": "7"}, {"size": 3})


def test_an_alias_of_oneself_is_stored_like_any_other() -> None:
    (alias,) = rows({"userId": "u", "previousId": "u"}, verb="alias")
    assert json.loads(alias["properties"]) == {"previousId": "u"}


@pytest.mark.parametrize("traits", [{}, {"traits": None}, {"traits": {}}])
def test_identify_takes_rudders_traits_from_the_context(traits: dict[str, Any]) -> None:
    (identify,) = rows({"userId": "u", "context": {"traits": {"plan": "pro"}}, **traits}, verb="identify")
    assert json.loads(identify["traits"]) == {"plan": "pro"}


def test_traits_in_the_context_of_other_calls_are_not_that_calls_traits() -> None:
    assert "traits" not in row({**TRACK, "context": {"traits": {"plan": "pro"}}})


def test_batch_level_context_is_merged_and_the_event_wins() -> None:
    shared = {"context": {"ip": "::1", "locale": "de"}, "integrations": {"All": False}}
    merged = row({**TRACK, "context": {"locale": "fr"}}, **shared)
    assert json.loads(merged["context"]) == {"ip": "::1", "locale": "fr"}
    assert json.loads(row(TRACK, **shared)["context"]) == shared["context"]
    with pytest.raises(EventRejectedError):
        rows({"batch": ["text"], **shared})


@pytest.mark.parametrize("nothing", [None, [], {}])
def test_a_batch_level_context_that_says_nothing_is_passed_over(nothing: Any) -> None:
    assert set(row(TRACK, context=nothing, integrations=nothing)) == set(row(TRACK))


@pytest.mark.parametrize(
    ("context", "was"),
    [
        (b'"text"', '"text"'),
        (b"[1]", "[1]"),
        (b'{"x":NaN}', '{"x":NaN}'),
        (b'{"x":12345678901234567890123}', '{"x":12345678901234567890123}'),
        (b'{"x":"\\ud800","writeKey":"secret"}', '{"x":"\\ud800","writeKey":"***"}'),
        (b'{"x":"\\u0000"}', '{"x":"\\u0000"}'),
        (b'{"x":%s}' % (b"[" * 300 + b"]" * 300), '{"x":' + "[" * 250),
        (b'{"x":"%s"}' % (b"x" * 40_000), '{"x":"' + "x" * 249),
    ],
)
@pytest.mark.parametrize("name", ["context", "integrations"])
def test_a_bad_batch_level_context_is_left_out_and_noted_and_costs_nobody(name: str, context: bytes, was: str) -> None:
    document = parsed_exactly(b'{"%s":%s,"batch":[%s,%s]}' % (name.encode(), context, *[json.dumps(TRACK).encode()] * 2))
    for found in rows(document):
        assert json.loads(found.pop("corrections")) == [{"path": name, "rule": "dropped", "was": was}]
        assert set(found) == set(row(TRACK))


def test_a_number_of_a_batch_level_context_that_may_be_rounded_is_read_exactly() -> None:
    delivery = Delivery("sqs-1", RECEIVED, "shop", "batch", {"batch": [TRACK], "context": {"n": 2.0**70}}, exact=False)
    with pytest.raises(RoundedNumberError):
        enveloped(delivery)


@pytest.mark.parametrize("sent_at", [b"NaN", b'"\\ud800"', b'"soon"', b"{}"])
def test_a_batch_level_sending_time_that_is_none_costs_nobody(sent_at: bytes) -> None:
    event = {**TRACK, "timestamp": "2026-11-21T10:30:00Z"}
    (found,) = rows(parsed(b'{"sentAt":%s,"batch":[%s]}' % (sent_at, json.dumps(event).encode())))
    assert json.loads(found["context"]) == {"clock": {"timestamp": "2026-11-21T10:30:00Z", "sentAt": None}}


def test_a_device_without_an_id_is_known_by_its_token() -> None:
    known = row({**TRACK, "context": {"device": {"token": "t1"}}})
    assert known["device_id"] == f"token:{hashlib.sha256(b't1').hexdigest()[:16]}"


@pytest.mark.parametrize("device", ["phone", [], {"id": 7, "token": ["t"], "type": ""}, {"id": "a\nb", "token": " "}])
def test_a_device_that_makes_no_sense_is_no_device(device: Any) -> None:
    assert not {"device_id", "device_token", "platform"} & set(row({**TRACK, "context": {"device": device}}))


def test_a_missing_message_id_is_the_same_at_every_redelivery_and_different_for_every_event() -> None:
    anonymous = {"type": "page", "userId": "u"}
    first, second = rows({"batch": [anonymous, anonymous]}, identity="sqs-1")
    again, _ = rows({"batch": [anonymous, anonymous]}, identity="sqs-1")
    other, _ = rows({"batch": [anonymous, anonymous]}, identity="sqs-2")
    assert first["message_id"] == again["message_id"]
    assert len({first["message_id"], second["message_id"], other["message_id"]}) == 3


@pytest.mark.parametrize(
    ("given", "kept"), [(7, "7"), (7.0, "7"), (-3, "-3"), (2**53, "9007199254740992"), (" 7\u00a0\n", "7"), ("Zoë 🎉", "Zoë 🎉")]
)
def test_ids_become_text(given: Any, kept: str) -> None:
    found = row({**TRACK, "userId": given, "messageId": given})
    assert (found["user_id"], found["message_id"]) == (kept, kept)


@pytest.mark.parametrize("value", [True, 1.5, 2.0**70, [], {}, "a\x1fb", "x" * 256, "a\nb", "\x7f"])
@pytest.mark.parametrize("field", ["userId", "anonymousId"])
def test_whose_id_is_no_plain_text_is_nobody_and_rejected_by_name(field: str, value: Any) -> None:
    error = rejection({**TRACK, "userId": None, field: value})
    assert error.reason == "invalid_id"
    assert str(error).startswith(field)


@pytest.mark.parametrize("value", [True, 1.5, [], {"a": 1}, "a\x1fb", "x" * 256])
def test_an_id_that_the_event_can_do_without_costs_only_itself(value: Any) -> None:
    dropped = [{"path": "anonymousId", "rule": "dropped", "was": value}]
    found = row({**TRACK, "anonymousId": value})
    assert "anonymous_id" not in found and json.loads(found["corrections"]) == dropped
    (group,) = rows({"userId": "u", "groupId": value, "traits": {"size": 3}}, verb="group")
    assert "properties" not in group and json.loads(group["corrections"])[0]["path"] == "groupId"


@pytest.mark.parametrize("value", [True, 1.5, [], {"a": 1}, "a\x1fb", "x" * 256])
def test_a_bad_message_id_gives_way_to_one_that_its_copies_have_too(value: Any) -> None:
    first, copy = (rows({"batch": [{**TRACK, "messageId": value}]}, identity=identity)[0] for identity in ("sqs-1", "sqs-2"))
    assert first["message_id"] == copy["message_id"] and len(first["message_id"]) == 32
    assert json.loads(first["corrections"])[0]["path"] == "messageId"


def test_phps_empty_array_is_an_empty_object() -> None:
    event = {**TRACK, "properties": [], "context": [], "traits": [], "integrations": []}
    assert set(row(event, context={"ip": "::1"})) == {"context", *row(TRACK)}


def test_what_happened_a_day_before_it_came_is_history_and_so_is_all_that_is_imported() -> None:
    assert row({**TRACK, "timestamp": "2026-11-20T09:59:59Z"})["historical"] is True
    assert "historical" not in row({**TRACK, "timestamp": "2026-11-20T10:00:02Z"})
    assert rows({"batch": [TRACK]}, verb="import")[0]["historical"] is True


def test_a_phones_late_delivery_stands_as_it_was_said() -> None:
    """Case 10: `sentAt` is when the batch was closed, three hours ago."""
    event = {**TRACK, "timestamp": "2026-11-21T07:00:00Z", "context": {"library": {"name": "analytics-kotlin"}}}
    assert row(event, sentAt="2026-11-21T07:00:01Z")["event_ts"] == "2026-11-21 07:00:00.000"


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_number_that_is_none_costs_its_event_and_no_neighbour(literal: str) -> None:
    good, bad = parsed(
        b'[{"type":"track","userId":"a","event":"x"},{"type":"track","userId":"b","event":"x","properties":{"m":%s}}]' % literal.encode()
    )
    assert row(good)["user_id"] == "a"
    error = rejection(bad)
    assert (error.reason, str(error)) == ("number_out_of_range", f"properties.m is no finite number: {literal}")


@pytest.mark.parametrize(
    ("event", "reason", "says"),
    [
        (None, "not_an_object", "null"),
        (5, "not_an_object", "number"),
        (True, "not_an_object", "boolean"),
        ("text", "not_an_object", "string"),
        ([], "not_an_object", "array"),
        ({**TRACK, "type": "buy"}, "unknown_type", "'buy'"),
        ({**TRACK, "type": ["track"]}, "unknown_type", "track"),
        ({"event": "x", "userId": "u"}, "unknown_type", "None"),
        ({**TRACK, "userId": None}, "missing_id", "userId and anonymousId"),
        ({**TRACK, "userId": " ", "anonymousId": ""}, "missing_id", "userId and anonymousId"),
        ({**TRACK, "event": None}, "missing_event_name", "event"),
        ({**TRACK, "event": " "}, "missing_event_name", "event"),
        ({**TRACK, "event": 5}, "missing_event_name", "event"),
        ({**TRACK, "event": "x" * 256}, "invalid_event_name", "255"),
        ({**TRACK, "event": "a\x07"}, "invalid_event_name", "control"),
        ({**TRACK, "event": "あ" * 120}, "event_name_too_long", "1080 bytes"),
        ({**TRACK, "properties": [1]}, "invalid_field", "properties is a JSON array"),
        ({**TRACK, "context": "text"}, "invalid_field", "context is a JSON string"),
        ({"type": "identify", "userId": "u", "traits": 5}, "invalid_field", "traits is a JSON number"),
        ({**TRACK, "timestamp": "2026-02-30T00:00:00Z"}, "impossible_timestamp", "2026-02-30"),
        ({**TRACK, "properties": {"a": {"b": "\x00"}}}, "invalid_text", "properties.a.b"),
        ({**TRACK, "properties": {"a": ["x", "\ud800"]}}, "invalid_text", "properties.a.1"),
        ({**TRACK, "properties": {"\ud800": 1}}, "invalid_text", r"properties.\ud800"),
        ({**TRACK, "userId": "\udc00"}, "invalid_text", "userId"),
        ({**TRACK, "properties": parsed(b'{"n":1e999}')}, "number_out_of_range", "properties.n"),
        ({**TRACK, "properties": {"deep": nested(MAX_EVENT_DEPTH)}}, "event_too_deep", "254 levels at properties.deep.0.0"),
        ({**TRACK, "properties": {"deep": nested(900)}}, "event_too_deep", "254 levels"),
        ({**TRACK, "properties": {"note": "x" * 40_000}}, "event_too_large", "32,768"),
    ],
)
def test_a_bad_event_is_rejected_with_reason_and_place(event: Any, reason: str, says: str) -> None:
    error = rejection(event)
    assert (error.reason, says in str(error)) == (reason, True), str(error)


def test_the_limits_of_an_event_are_exact() -> None:
    room = MAX_EVENT_BYTES - len(json.dumps({**TRACK, "properties": {"n": ""}}, separators=(",", ":")))
    assert row({**TRACK, "properties": {"n": "x" * room}})
    assert rejection({**TRACK, "properties": {"n": "x" * (room + 1)}}).reason == "event_too_large"
    assert row({**TRACK, "writeKey": "w" * 5000, "properties": {"n": "x" * room}})
    assert row({**TRACK, "properties": {"deep": nested(MAX_EVENT_DEPTH - 2), "wide": [[1]] * 500}})
    assert rejection({**TRACK, "properties": {"deep": nested(MAX_EVENT_DEPTH - 1)}}).reason == "event_too_deep"


def test_a_whole_number_that_would_lose_digits_is_refused_with_what_to_do() -> None:
    error = rejection({**TRACK, "properties": parsed_exactly(b'{"n":12345678901234567890123}')})
    assert error.reason == "number_out_of_range"
    assert str(error) == "properties.n has more digits than can be kept of a number; send it as text: 12345678901234567890123"


@given(st.integers(2**64) | st.integers(max_value=-(2**63) - 1))
def test_every_whole_number_that_orjson_rounds_is_suspected(value: int) -> None:
    event = parsed(b'{"n":%d,"note":"+"}' % value) if value.bit_length() < 1024 else {"n": 1e308}
    with pytest.raises(RoundedNumberError):
        examine(event, exact=False)


def test_no_other_value_is_suspected() -> None:
    examine({"n": [2**64 - 1, -(2**63), 1e15, 1e-300, 0.1], "email": "jane+22@shop.com", "at": "2026-11-21T10:00:00+00:00"}, exact=False)


def test_a_number_beyond_64_bits_that_is_a_double_is_kept_as_one() -> None:
    assert json.loads(row({**TRACK, "properties": parsed(b'{"n":1180591620717411303424}')})["properties"]) == {"n": 2.0**70}


def test_an_escaped_backslash_before_u0000_is_no_nul() -> None:
    assert json.loads(row({**TRACK, "properties": {"regex": r"\u0000"}})["properties"]) == {"regex": r"\u0000"}


def test_write_keys_never_reach_a_row() -> None:
    event = {**TRACK, "writeKey": "secret", "context": {"writeKey": "secret"}, "properties": {"a": {"api_key": "secret", "b": 1}}}
    kept = row(event)
    assert "secret" not in json.dumps(kept)
    assert json.loads(kept["properties"]) == {"a": {"b": 1}}


def test_a_corrected_time_keeps_what_the_client_said() -> None:
    corrected = row({**TRACK, "timestamp": "2026-11-21T11:00:00Z"}, sentAt="2026-11-21T11:00:01Z")
    assert corrected["event_ts"] == "2026-11-21 10:00:00.000"
    assert json.loads(corrected["context"]) == {"clock": {"timestamp": "2026-11-21T11:00:00Z", "sentAt": "2026-11-21T11:00:01Z"}}


def test_rudders_own_sending_time_and_original_timestamp_are_used() -> None:
    library = {"library": {"name": "analytics-node"}}
    event = {**TRACK, "originalTimestamp": "2026-11-21T08:00:00Z", "sentAt": "2026-11-21T09:00:01Z", "context": library}
    assert row(event, sentAt="2026-11-21T10:00:01Z")["event_ts"] == "2026-11-21 09:00:00.000"
    assert row({**event, "sentAt": "soon"}, sentAt="2026-11-21T10:00:01Z")["event_ts"] == "2026-11-21 08:00:00.000"


def test_quarantine_keeps_the_event_whole_but_for_keys() -> None:
    event = {"type": "track", "event": "x", "properties": {"note": "\ud800"}, "context": {"writeKey": "secret"}, "_metadata": {"api_key": "secret"}}
    line = quarantined_event(EventRejectedError("invalid_text", "where"), event, identity="i", at="t", source="s", place=3)
    assert line.endswith(b"\n") and line.count(b"\n") == 1
    record = json.loads(line)
    assert json.loads(record.pop("text")) == {"type": "track", "event": "x", "properties": {"note": "\ud800"}, "context": {}, "_metadata": {}}
    assert record == {"id": "i", "at": "t", "source": "s", "reason": "invalid_text", "message": "where", "place": 3, "event_name": "x"}


@pytest.mark.parametrize(
    ("event", "name"),
    [
        ({"type": "track", "event": "Bought"}, "Bought"),
        ({"type": "track", "event": 7}, "track"),
        ({"type": "identify", "event": "Bought"}, "identify"),
        ({"type": "track", "event": "\ud800" + "x" * 300}, "\\ud800" + "x" * 254),
        ({"type": "\x1b[2J"}, "\\x1b[2J"),
        ({"type": " "}, None),
        ("text", None),
    ],
)
def test_quarantine_lists_an_event_by_what_it_is_called(event: Any, name: str | None) -> None:
    line = quarantined_event(EventRejectedError("invalid_text", "where"), event, identity="i", at="t", source="s", place=0)
    assert json.loads(line).get("event_name") == name


def test_quarantine_keeps_no_write_key_of_what_is_no_event() -> None:
    error = EventRejectedError("unreadable_line", "the line is no JSON")
    line = quarantined_event(error, '{"writeKey":"s3cret","event":', identity="i", at="t", source="import", place=0)
    assert json.loads(json.loads(line)["text"]) == '{"writeKey":"***","event":'


def test_quarantine_keeps_what_is_no_json_in_base64() -> None:
    record = json.loads(quarantined_bytes("why", b"hello", at="t"))
    assert record == {
        "id": hashlib.sha256(b"hello").hexdigest()[:32],
        "at": "t",
        "source": "",
        "reason": "unreadable_message",
        "message": "why",
        "raw": "aGVsbG8=",
    }


def test_an_unlisted_reason_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="unknown reason"):
        EventRejectedError("whatever", "message")
