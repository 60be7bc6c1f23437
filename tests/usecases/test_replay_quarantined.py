"""Where a replay stops, and what the next one does."""

import gzip
import json
from typing import Any

import pytest

from regulars.domain.collection.message import QueueMessage, unpacked
from regulars.domain.errors import ConflictError, InvalidRequestError, QueueUnavailableError, StoreUnavailableError
from regulars.domain.quarantine.repair import Repair
from regulars.domain.quarantine.repair_document import read_repair
from regulars.domain.tickets import SearchTicket, sealed
from regulars.usecases.replay_quarantined import ReplayPage, replay_page
from tests.fakes.clock import MOMENT, MovableClock
from tests.fakes.services import MemoryQueue, ScriptedQueries
from tests.fakes.stores import MemoryObjects

NAMED = read_repair({"steps": [{"default": "event", "to": "Named"}]})
TICKET = sealed(SearchTicket("0", "replay"))


def row(number: int, *, at: str = "2026-11-21T10:00:00.000Z", **more: str) -> dict[str, str | None]:
    event = {"type": "track", "userId": "u", "messageId": f"m{number}"}
    return {"id": f"e{number}", "at": at, "source": "shop", "reason": "missing_event_name", "message": "", "text": json.dumps(event), **more}


class World:
    def __init__(self, *rows: dict[str, str | None]) -> None:
        self.queries = ScriptedQueries({"quarantine": rows})
        self.queries.start("SELECT of quarantine")
        self.queue, self.lake = MemoryQueue(), MemoryObjects()

    def replay(self, repair: Repair = NAMED, *, page: str = "", apply: bool = True, ticket: str = TICKET) -> ReplayPage:
        ports: dict[str, Any] = {"queries": self.queries, "queue": self.queue, "lake": self.lake, "clock": MovableClock(MOMENT)}
        return replay_page(ticket, repair=repair, page=page, apply=apply, by="ada", **ports)

    def sent(self) -> list[tuple[str, str, Any]]:
        deliveries = [unpacked(QueueMessage("q", body)) for body in self.queue.bodies]
        return [(each.received.isoformat(), each.source, [event["messageId"] for event in each.document["batch"]]) for each in deliveries]

    def kept(self) -> list[tuple[str, str]]:
        lines = [json.loads(line) for body in self.lake.content.values() for line in gzip.decompress(body).splitlines()]
        return [(line["id"], line["state"]) for line in lines]


def test_a_try_sends_nothing_and_keeps_nothing() -> None:
    world = World(row(1), row(2))
    found = world.replay(apply=False)
    assert (found.events, found.good, found.applied, world.queue.bodies, world.lake.content) == (2, 2, False, [], {})
    assert found.examples[0].before == {"type": "track", "userId": "u", "messageId": "m1"}
    assert found.examples[0].after == {"type": "track", "userId": "u", "messageId": "m1", "event": "Named"}


def test_events_of_one_receipt_go_together_as_they_came() -> None:
    world = World(row(1), row(2), row(3, at="2026-11-21T10:00:01.000Z"))
    first = world.replay()
    world.replay(page=first.next)
    assert world.sent() == [("2026-11-21T10:00:00+00:00", "shop", ["m1", "m2"]), ("2026-11-21T10:00:01+00:00", "shop", ["m3"])]
    assert world.kept() == [("e1", "done"), ("e2", "done"), ("e3", "done")]


def test_what_stays_is_counted_by_reason_and_not_sent() -> None:
    world = World(row(1), row(2))
    found = world.replay(Repair())
    assert (found.good, found.refused, world.sent(), world.kept()) == (0, {"missing_event_name": 2}, [], [])
    assert [(example.id, example.reason) for example in found.examples] == [("e1", "missing_event_name")]


def test_nothing_is_sent_before_it_is_kept_as_begun() -> None:
    world = World(row(1))
    world.lake.fails = lambda key: True
    with pytest.raises(StoreUnavailableError):
        world.replay()
    assert world.sent() == []


def test_a_replay_that_was_cut_short_stays_begun_and_is_finished_with_its_own_repair() -> None:
    world = World(row(1), row(2, at="2026-11-21T10:00:01.000Z"))
    world.queue = MemoryQueue(fail_after=1)
    with pytest.raises(QueueUnavailableError):
        world.replay()
    assert world.kept() == [("e1", "begun"), ("e2", "begun")]

    begun = {"replay": "r1", "state": "begun", "replayed_at": "2026-11-21T11:00:00.000Z", "by_whom": "bob"}
    again = World(row(1, **begun, repair='{"steps": [{"set": ["event"], "to": "First"}]}'), row(2))
    found = again.replay()
    events = unpacked(QueueMessage("q", again.queue.bodies[0])).document["batch"]
    assert [event["event"] for event in events] == ["First", "Named"]
    assert (found.good, found.resumed) == (2, 1)


def test_a_repair_that_was_begun_and_mends_nothing_binds_nobody() -> None:
    begun = {"replay": "r1", "state": "begun", "replayed_at": "2026-11-21T11:00:00.000Z", "by_whom": "bob"}
    world = World(row(1, **begun, repair='{"steps": []}'))
    assert world.replay().good == 1


def test_what_was_replayed_is_not_sent_again() -> None:
    done = {"replay": "r1", "state": "done", "replayed_at": "2026-11-21T11:00:00.000Z", "by_whom": "bob", "repair": "{}"}
    world = World(row(1, **done))
    found = world.replay()
    assert (found.events, found.already, found.good, world.sent()) == (1, 1, 0, [])


def test_only_a_finished_search_for_a_replay_can_be_replayed() -> None:
    world = World(row(1))
    with pytest.raises(InvalidRequestError, match="of kind groups; start one of kind replay"):
        world.replay(ticket=sealed(SearchTicket("0", "groups")))
    world.queries.state = "running"
    with pytest.raises(ConflictError, match="the search is running"):
        world.replay()


def test_what_came_as_history_is_sent_again_as_history() -> None:
    world = World(row(1), row(2, historical="true"))
    assert world.replay().good == 2
    deliveries = [unpacked(QueueMessage("q", body)) for body in world.queue.bodies]
    assert [(each.tells_history, [event["messageId"] for event in each.document["batch"]]) for each in deliveries] == [
        (False, ["m1"]),
        (True, ["m2"]),
    ]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ('"\\udcff"', "\\udcff"),
        ("NaN", "NaN (a number that cannot be kept)"),
        (f'"{"x" * 40_000}"', "x" * 200 + "... (40,000 characters)"),
        ("[" * 300 + "]" * 300, None),
    ],
)
def test_what_was_refused_for_what_it_holds_is_shown_before_and_after(said: str, shown: str | None) -> None:
    text = json.dumps({"type": "track", "event": "Seen", "userId": "u", "messageId": "m", "properties": {"x": "?"}}).replace('"?"', said)
    emptied = read_repair({"steps": [{"set": "properties.x", "to": None}]})
    (example,) = World({**row(1), "text": text}).replay(emptied, apply=False).examples
    assert example.after["properties"] == {"x": None}
    assert shown is None or example.before["properties"] == {"x": shown}
    (stays,) = World({**row(1), "text": text}).replay(Repair(), apply=False).examples
    assert (stays.before, bool(stays.reason)) == (example.before, True)
