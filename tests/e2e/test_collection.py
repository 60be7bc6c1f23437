"""Events in over HTTP, rows out of SQL."""

import gzip
import json
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from segment.analytics.client import Client

from tests.e2e.conftest import Installation


def track(identity: str, **more: Any) -> dict[str, Any]:
    return {"type": "track", "event": "Seen", "userId": "anna", "messageId": identity, **more}


@pytest.mark.parametrize("gzipped", [False, True])
def test_an_unmodified_segment_client_sends_5000_events_and_each_is_there_once(installation: Installation, gzipped: bool) -> None:
    logging.getLogger("segment").setLevel(logging.CRITICAL)
    failures: list[Any] = []
    client = Client("e2e", host=installation.info["api"], gzip=gzipped, on_error=lambda error, batch: failures.append(error), max_queue_size=20_000)
    name = f"Counted {gzipped}"
    for number in range(5000 if not gzipped else 500):
        client.track(f"segment-{number % 97}", name, {"number": number})
    client.flush()
    client.join()
    assert failures == []
    installation.cli("flush")
    expected = 5000 if not gzipped else 500
    found = installation.sql(
        "SELECT count(*), count(DISTINCT message_id), count(DISTINCT json_extract_scalar(properties, '$.number')) "
        f"FROM events WHERE event_name = '{name}'"
    )
    assert found == [(expected, expected, expected)]


def test_repeated_events_are_counted_once_also_with_another_timestamp(installation: Installation) -> None:
    """A retried event's timestamp may change (it is corrected by its request's clock skew), here even across the bound of a month."""
    for moment in ("2026-01-31T23:59:59Z", "2026-02-01T00:00:01Z"):
        batch = [track(f"twice-{n}", event="Twice", timestamp=f"2026-0{n + 1}-15T10:00:00Z") for n in range(5)]
        assert installation.post("/v1/batch", {"batch": [*batch, *batch, track("restamped", event="Restamped", timestamp=moment)]})[0] == 200
        installation.cli("flush")
    assert installation.sql("SELECT event_name, count(*) FROM events WHERE event_name IN ('Twice', 'Restamped') GROUP BY event_name ORDER BY 1") == [
        ("Restamped", 1),
        ("Twice", 5),
    ]


def test_the_write_key_is_stored_nowhere(installation: Installation) -> None:
    body = {"writeKey": "e2e", **track("keyed", event="Keyed"), "context": {"_metadata": {"writeKey": "e2e"}}}
    assert installation.post("/v1/track", body, key=None)[0] == 200
    installation.cli("flush")
    rows = installation.sql("SELECT properties, context, traits FROM events WHERE event_name = 'Keyed'")
    assert len(rows) == 1 and "e2e" not in json.dumps(rows)


def test_a_source_sends_until_it_is_revoked_and_its_events_of_before_stay(installation: Installation) -> None:
    key = installation.json("source", "create", "kiosk")["write_key"]
    beacon = {"batch": [track("kiosk-1", event="Kiosk")], "sentAt": datetime.now(UTC).isoformat()}
    status, answer, _ = installation.post(f"/beacon/v1/batch?writeKey={key}", beacon, key=None, headers={"Content-Type": "text/plain"})
    assert status == 200, answer
    assert installation.post("/v1/track", track("kiosk-2", event="Kiosk"))[0] == 200
    installation.cli("flush")
    installation.cli("source", "revoke", "kiosk")
    deadline = time.monotonic() + 30
    while (refused := installation.post("/v1/track", track("kiosk-3", event="Kiosk"), key=key))[0] == 200 and time.monotonic() < deadline:
        time.sleep(0.5)
    assert (refused[0], refused[1]["code"]) == (401, "unknown_write_key")
    found = installation.sql("SELECT message_id, source FROM events WHERE event_name = 'Kiosk' ORDER BY 1")
    assert found[:2] == [("kiosk-1", "kiosk"), ("kiosk-2", "local")]


BAD_REQUESTS: dict[str, tuple[Callable[[], bytes], dict[str, str], int]] = {
    "not JSON": (lambda: b"{not json", {}, 400),
    "UTF-16": (lambda: '{"batch": []}'.encode("utf-16"), {}, 400),
    "broken gzip": (lambda: gzip.compress(b'{"batch": []}')[:-6], {"Content-Encoding": "gzip"}, 400),
    "a gzip bomb": (lambda: gzip.compress(b" " * 60_000_000), {"Content-Encoding": "gzip"}, 413),
    "deep nesting that does not end": (lambda: b'{"batch": ' + b"[" * 100_000, {}, 400),
    "more than 1 MiB": (lambda: json.dumps({"batch": [track("x", properties={"a": "a" * 1_100_000})]}).encode(), {}, 413),
    "an array": (lambda: b"[1, 2]", {}, 400),
    "no batch": (lambda: b"{}", {}, 400),
}
"""Bodies are made when they are sent: every worker reads this file, and the bomb takes longer than all others."""


@pytest.mark.parametrize("case", BAD_REQUESTS)
def test_a_request_that_cannot_be_read_is_refused_with_code_and_message(installation: Installation, case: str) -> None:
    body, headers, expected = BAD_REQUESTS[case]
    status, answer, _ = installation.post("/v1/batch", body(), headers=headers)
    assert (status, set(answer) >= {"code", "message"}) == (expected, True), (status, answer)
    assert all(isinstance(answer[name], str) and answer[name] for name in ("code", "message"))


def test_an_unknown_write_key_is_refused_401(installation: Installation) -> None:
    status, answer, _ = installation.post("/v1/track", track("no"), key="wrong")
    assert status == 401 and {"code", "message"} <= set(answer)


BAD_EVENTS: dict[str, bytes] = {
    "an unknown type": json.dumps(track("b1", type="sing")).encode(),
    "no user and no anonymous id": b'{"type": "track", "event": "Bad", "messageId": "b2"}',
    "an impossible date": json.dumps(track("b3", timestamp="2026-02-31T00:00:00Z")).encode(),
    "over 32 KB": json.dumps(track("b4", properties={"a": "a" * 40_000})).encode(),
    "NUL in the user id": b'{"type": "track", "event": "Bad", "messageId": "b5", "userId": "a\\u0000b"}',
    "a lone surrogate": b'{"type": "track", "event": "Bad", "messageId": "b6", "userId": "anna", "properties": {"a": "\\ud800"}}',
    "three hundred levels": b'{"type": "track", "event": "Bad", "messageId": "b7", "userId": "anna", "properties": '
    + b'{"a":' * 300
    + b"1"
    + b"}" * 300
    + b"}",
    "no event name": b'{"type": "track", "messageId": "b8", "userId": "anna"}',
    "not an object": b'"text"',
}


def test_bad_events_are_quarantined_whole_and_their_neighbours_kept(installation: Installation) -> None:
    good = [json.dumps(track(f"neighbour-{n}", event="Neighbour")).encode() for n in range(len(BAD_EVENTS) + 1)]
    mixed = [event for pair in zip(good, BAD_EVENTS.values(), strict=False) for event in pair] + good[-1:]
    huge = b'{"type": "track", "event": "Neighbour", "messageId": "huge", "userId": "anna", "properties": {"n": 1180591620717411303424}}'
    status, answer, _ = installation.post("/v1/batch", b'{"batch": [' + b",".join([*mixed, huge]) + b"]}")
    assert status == 200, answer
    installation.cli("flush")
    assert installation.sql("SELECT count(*) FROM events WHERE event_name = 'Neighbour' AND message_id <> 'huge'") == [(len(good),)]
    assert installation.sql("SELECT count(*) FROM events WHERE event_name = 'Bad'") == [(0,)]
    quarantined = installation.json("quarantine", "show", "--limit", "100")["events"]
    shown = json.dumps(quarantined)
    assert [identity for identity in ("b1", "b2", "b3", "b5", "b6", "b7", "b8") if identity not in shown] == []
    assert {"event_too_large", "unknown_type", "impossible_timestamp"} <= {entry["reason"] for entry in quarantined}
    assert len(quarantined) == len(BAD_EVENTS)
    assert sum(group["count"] for group in installation.json("quarantine", "list")["groups"]) == len(BAD_EVENTS)


def test_a_refused_event_is_repaired_and_sent_again_once(installation: Installation) -> None:
    lost = {"type": "track", "event": "Returned", "uid": "anna", "timestamp": "2026-01-10T12:00:00Z"}
    assert installation.post("/v1/batch", {"batch": [track("kept", event="Returned"), lost]})[0] == 200
    installation.cli("flush")
    chosen = ("quarantine", "replay", "--event", "Returned", "--rename", "uid=userId")
    unasked = installation.run(*chosen)
    assert (unasked.returncode, "1 events: 1 would be good now" in unasked.stderr) == (3, True)
    assert [installation.json(*chosen, "--yes")["replayed"] for _ in range(2)] == [1, 0]
    installation.cli("flush")
    found = installation.sql("SELECT user_id, source, event_ts, received_ts FROM events WHERE event_name = 'Returned' ORDER BY event_ts")
    (lost_row, kept_row) = (tuple(map(str, row)) for row in found)
    assert (lost_row[0], lost_row[2][:19]) == ("anna", "2026-01-10 12:00:00")
    assert (lost_row[1], lost_row[3]) == (kept_row[1], kept_row[3])


_AT_SENDING = {"library": {"name": "analytics-python"}}
"""A client whose `sentAt` says what its clock said at sending."""


def test_a_wrong_clock_is_corrected_and_an_honest_one_left_alone(installation: Installation) -> None:
    now = datetime.now(UTC)
    slow = (now - timedelta(hours=3)).isoformat()
    for identity, timestamp, sent in (("honest", "2017-01-05T00:00:00Z", now.isoformat()), ("slow", slow, slow)):
        assert (
            installation.post("/v1/batch", {"batch": [track(identity, event="Clock", timestamp=timestamp, context=_AT_SENDING)], "sentAt": sent})[0]
            == 200
        )
    installation.cli("flush")
    [(honest,), (corrected,)] = installation.sql("SELECT event_ts FROM events WHERE event_name = 'Clock' ORDER BY message_id")
    assert str(honest).startswith("2017-01-05 00:00:00")
    assert abs((datetime.fromisoformat(str(corrected)).replace(tzinfo=UTC) - now).total_seconds()) < 60
