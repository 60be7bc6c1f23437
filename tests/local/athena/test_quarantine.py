"""A dirty stream leaves exactly its good events; each bad one is listed by reason, and comes back once it is repaired, once."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from regulars.adapters.s3_objects import S3Objects
from regulars.domain.collection.body import Body
from regulars.domain.collection.message import QueueMessage, packed
from regulars.domain.collection.rejection import REASONS
from regulars.domain.quarantine.repair_document import read_repair
from regulars.domain.quarantine.selection import Selection
from regulars.domain.tickets import SearchKind, SearchTicket, unsealed
from regulars.domain.tracking.parse import parse_plan
from regulars.usecases.load import load
from regulars.usecases.replay_quarantined import ReplayPage, replay_page
from regulars.usecases.search_quarantine import Group, QuarantinedEvent, Search, found_events, look_at_search, start_search
from tests.fakes.services import MemoryQueue
from tests.fakes.stores import MemoryDevices, MemoryEventNames, MemoryProfiles
from tests.local.athena.conftest import Athena
from tests.local.athena.curation import CuratedLake, curated_lake

RECEIVED = datetime(2026, 11, 21, 22, 10, tzinfo=UTC)
DAY = "2026-11-20T12:00:00Z"
EVERYTHING = Selection()


def _track(number: int, **said: Any) -> bytes:
    event = {"type": "track", "event": "Seen", "userId": f"u{number % 50}", "messageId": f"m{number}", "timestamp": DAY, **said}
    return json.dumps({name: value for name, value in event.items() if value is not None}).encode()


@dataclass(frozen=True)
class Bad:
    """What is wrong, and the steps that mend it, if any do."""

    event: Callable[[int], bytes]
    steps: tuple[dict[str, Any], ...] = ()


BAD = {
    "not_an_object": Bad(lambda n: b'"text"'),
    "unknown_type": Bad(lambda n: _track(n, type="trak"), ({"set": "type", "to": "track"},)),
    "missing_event_name": Bad(lambda n: _track(n, event=None), ({"default": "event", "to": "Named"},)),
    "invalid_event_name": Bad(lambda n: _track(n, event="a\nb"), ({"set": "event", "to": "Named"},)),
    "event_name_too_long": Bad(lambda n: _track(n, event="\u4e2d" * 200), ({"set": "event", "to": "Named"},)),
    "missing_id": Bad(lambda n: _track(n, userId=None, uid="u1", messageId=None), ({"rename": "uid", "to": "userId"},)),
    "invalid_id": Bad(lambda n: _track(n, userId={"id": "u1"}), ({"set": "userId", "from": "userId.id"},)),
    "invalid_field": Bad(lambda n: _track(n, properties="[1]"), ({"set": "properties", "to": {}},)),
    "impossible_timestamp": Bad(lambda n: _track(n, timestamp="1795176000000000"), ({"set": "timestamp", "to": DAY},)),
    "invalid_text": Bad(lambda n: _track(n, properties={"note": "\ud800"}), ({"set": "properties.note", "to": ""},)),
    "number_out_of_range": Bad(lambda n: _track(n, properties={"x": 1}).replace(b'"x": 1', b'"x": 1e999'), ({"set": "properties.x", "to": 0},)),
    "event_too_deep": Bad(
        lambda n: _track(n, properties={"deep": 1}).replace(b'"deep": 1', b'"deep": ' + b"[" * 300 + b"]" * 300),
        ({"set": "properties.deep", "to": None},),
    ),
    "event_too_large": Bad(lambda n: _track(n, properties={"blob": "b" * 33_000}), ({"set": "properties.blob", "to": None},)),
    "placeholder_id": Bad(lambda n: _track(n, userId="undefined", uid="u1"), ({"set": "userId", "from": "uid"},)),
    "plan_violation": Bad(lambda n: _track(n, event="Paid", properties={"price": "cheap"}), ({"set": "properties.price", "to": 1},)),
}
"""By reason."""

OF_IMPORTS = {"unreadable_line", "unmappable_row"}

PRICED = {"properties": {"price": {"type": "number"}}}
PLAN = parse_plan({"id": "shop", "name": "Shop", "track": {"Paid": {"schema": PRICED, "violations": "quarantine"}}})


@dataclass
class Stream:
    """load, and what it needs, over a lake that SQL can be asked of."""

    lake: CuratedLake
    queue: MemoryQueue = field(default_factory=MemoryQueue)
    profiles: MemoryProfiles = field(default_factory=MemoryProfiles)
    loaded: int = 0

    def send(self, events: list[bytes], received: datetime = RECEIVED) -> None:
        text = b'{"batch": [' + b", ".join(events) + b"]}"
        for body in packed(Body(text, None), received=received, source="shop", verb="batch"):
            self.queue.send(body)

    def load(self) -> Counter[str]:
        """All that waits on the queue; gives the refused ones by reason."""
        refused: Counter[str] = Counter()
        while self.queue.bodies:
            taken, self.queue.bodies[:] = self.queue.bodies[:50], self.queue.bodies[50:]
            messages = [QueueMessage(f"q{self.loaded + place}", body) for place, body in enumerate(taken)]
            self.loaded += len(taken)
            done = load(
                messages,
                objects=S3Objects(self.lake.bucket),
                profiles=self.profiles,
                devices=MemoryDevices(),
                names=MemoryEventNames(),
                queue=self.queue,
                clock=self.lake.clock,
                plans=lambda: (PLAN,),
            )
            refused.update(done.quarantined)
        return refused

    def search(self, kind: SearchKind, selection: Selection = EVERYTHING) -> Search:
        queries = self.lake.queries
        ticket = start_search(kind, selection, limit=1000, queries=queries, clock=self.lake.clock).ticket
        queries.wait(unsealed(ticket, SearchTicket).query_id, within=timedelta(hours=1))
        found = look_at_search(ticket, queries=queries)
        assert found.state == "succeeded", found
        return found

    def groups(self) -> list[Group]:
        return list(self.search("groups").groups or ())

    def events(self, **selection: Any) -> list[QuarantinedEvent]:
        ticket, page, found = self.search("events", Selection(**selection)).ticket, "", []
        while True:
            answer = found_events(ticket, page=page, queries=self.lake.queries)
            found += answer.events
            if not (page := answer.next):
                return found

    def replay(self, reason: str) -> Counter[str]:
        """As the command line does: tried on all of them first."""
        ticket = self.search("replay", Selection(reason=reason)).ticket
        promised = self.replayed(ticket, reason, apply=False)
        assert self.replayed(ticket, reason) == promised
        return promised

    def replayed(self, ticket: str, reason: str, *, apply: bool = True) -> Counter[str]:
        sums: Counter[str] = Counter()
        for page in self._pages(ticket, reason, apply):
            sums.update({"events": page.events, "good": page.good, **page.refused})
        return sums

    def _pages(self, ticket: str, reason: str, apply: bool) -> Iterator[ReplayPage]:
        repair, page = read_repair({"steps": list(BAD[reason].steps)}), ""
        while True:
            answer = replay_page(
                ticket,
                repair=repair,
                page=page,
                apply=apply,
                by="ada",
                queries=self.lake.queries,
                queue=self.queue,
                lake=S3Objects(self.lake.bucket),
                clock=self.lake.clock,
                plans=lambda: (PLAN,),
            )
            yield answer
            if not (page := answer.next):
                return

    def rows(self) -> int:
        return int(self.lake.athena.value("SELECT count(DISTINCT message_id) AS n FROM raw_events") or 0)


@pytest.fixture
def stream(athena: Athena) -> Stream:
    return Stream(curated_lake(athena))


def test_every_reason_that_a_client_can_cause_is_in_the_stream() -> None:
    assert set(BAD) == set(REASONS) - OF_IMPORTS - {"unreadable_message"}


def test_a_dirty_stream_of_ten_thousand_leaves_exactly_the_good_ones_and_every_bad_one_comes_back_once(stream: Stream) -> None:
    kinds = list(BAD.items())
    sent: Counter[str] = Counter()
    for batch in range(100):
        events = []
        for number in range(batch * 100, batch * 100 + 100):
            reason, bad = kinds[number // 3 % len(kinds)]
            events.append(_track(number) if number % 3 else bad.event(number))
            sent[reason if number % 3 == 0 else "good"] += 1
        stream.send(events, RECEIVED + timedelta(seconds=batch))
    refused = stream.load()
    good = sent.pop("good")
    assert (sum(sent.values()) + good, refused, stream.rows()) == (10_000, sent, good)
    assert {group.reason: group.count for group in stream.groups()} == sent

    stays = sent.pop("not_an_object")
    assert stream.replay("not_an_object") == {"events": stays, "good": 0, "not_an_object": stays}
    for reason, count in sent.items():
        assert stream.replay(reason) == {"events": count, "good": count}, reason
    assert stream.load() == {}
    assert stream.rows() == 10_000 - stays
    assert [(group.reason, group.count) for group in stream.groups()] == [("not_an_object", stays)]

    assert stream.replay("missing_id") == Counter()
    assert stream.search("groups").replayed == sum(sent.values())


_PYTHON = {"library": {"name": "analytics-python"}}
"""A client whose `sentAt` says what its clock said at sending."""


def test_a_replayed_event_keeps_its_id_its_source_and_its_times_and_is_counted_once_however_often_it_is_sent(stream: Stream) -> None:
    clock_behind = {"timestamp": "2026-11-21T20:00:00Z", "sentAt": "2026-11-21T20:10:00Z", "messageId": None, "context": _PYTHON}
    stream.send([_track(1), _track(2, userId=None, uid="u1", **clock_behind)])
    stream.load()
    [event] = stream.events()
    ticket = stream.search("replay").ticket
    for _ in range(2):  # as if the answer had been lost
        stream.replayed(ticket, "missing_id")
        stream.load()
    stream.lake.curate()
    [row] = stream.lake.athena.rows(f"SELECT message_id, source, user_id, event_ts, received_ts FROM events WHERE message_id = '{event.id}'")
    assert row == [event.id, "shop", "u1", "2026-11-21 22:00:00.000000", "2026-11-21 22:10:00.000000"]
    [shown] = stream.events(ids=(event.id,))
    assert shown.replay is not None and (shown.replay["by"], shown.replay["done"]) == ("ada", True)
    assert shown.replay["repair"] == {"steps": [{"rename": ["uid"], "to": ["userId"]}]}
    assert stream.events() == []


def test_what_load_would_refuse_for_its_ids_or_its_plan_is_not_said_to_be_good(stream: Stream) -> None:
    stream.send([_track(1, event=None, userId="null"), _track(2, event=None), _track(3, event="Paid", properties={"price": "cheap"})])
    stream.load()
    assert stream.replay("missing_event_name") == {"events": 2, "good": 1, "placeholder_id": 1}
    ticket = stream.search("replay", Selection(reason="plan_violation")).ticket
    assert stream.replayed(ticket, "missing_event_name") == {"events": 1, "good": 0, "plan_violation": 1}
    assert stream.load() == {}


def test_an_event_that_was_sent_or_written_twice_is_one(stream: Stream) -> None:
    stream.send([_track(1, event=None)])
    again = list(stream.queue.bodies)
    stream.load()
    stream.loaded = 0
    stream.queue.bodies += [*again, *again]
    stream.load()
    assert sorted((group.reason, group.count) for group in stream.groups()) == [("missing_event_name", 1)]


def test_what_an_earlier_version_refused_is_listed_and_comes_back(stream: Stream) -> None:
    event = {"type": "track", "event": "Old", "messageId": "old", "timestamp": DAY, "uid": "u1"}
    line = {"id": "0ld", "at": "2026-11-21T09:00:00.000Z", "source": "0123abcd", "reason": "missing_id", "message": "none", "event": event}
    key = "quarantine/dt=2026-11-21/hh=09/old.json"
    stream.lake.athena.s3.put_object(Bucket=stream.lake.bucket, Key=key, Body=json.dumps(line).encode())
    [group] = stream.groups()
    assert (group.reason, group.event, group.count, group.example) == ("missing_id", "Old", 1, "0ld")
    assert stream.replay("missing_id") == {"events": 1, "good": 1}
    stream.load()
    assert stream.lake.athena.rows("SELECT message_id, user_id FROM raw_events") == [["old", "u1"]]


def test_events_are_selected_by_source_name_and_time(stream: Stream) -> None:
    stream.send([_track(1, userId=None), _track(2, userId=None, event="Other")])
    stream.send([_track(3, userId=None)], RECEIVED + timedelta(minutes=1))
    stream.load()

    def chosen(**selection: Any) -> list[str]:
        return [event.event["messageId"] for event in stream.events(**selection)]

    assert chosen(event="Other") == ["m2"]
    assert chosen(source="app") == []
    assert chosen(since=RECEIVED + timedelta(seconds=1)) == ["m3"]
    assert sorted(chosen(source="shop", until=RECEIVED + timedelta(seconds=1))) == ["m1", "m2"]
