import gzip
import json
from datetime import UTC, datetime

import pytest

from regulars.domain.errors import InvalidRequestError
from regulars.usecases.list_quarantine import LARGEST_EVENT_SHOWN, OBJECTS_AN_HOUR, list_quarantine
from tests.fakes.clock import MovableClock
from tests.fakes.stores import MemoryObjects

NOON = MovableClock(datetime(2026, 11, 21, 12, tzinfo=UTC))
REFUSED = {"source": "0123abcd", "reason": "missing_id", "message": "one of userId and anonymousId is needed"}


class Lake(MemoryObjects):
    """Counts how often it is read."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = 0
        self.fails = lambda key: True  # listing writes nothing

    def refuse(self, day: str, hour: str, name: str, *entries: dict[str, object]) -> None:
        body = b"\n".join(json.dumps({**REFUSED, **entry}).encode() for entry in entries) + b"\n"
        self.content[f"quarantine/dt={day}/hh={hour}/{name}.json.gz"] = gzip.compress(body)

    def get(self, key: str) -> bytes:
        self.reads += 1
        return super().get(key)


def listed(lake: Lake, limit: int = 50) -> list[str]:
    return [entry.id for entry in list_quarantine(limit=limit, clock=NOON, lake=lake)]


def test_entries_come_newest_first_across_objects_hours_and_days() -> None:
    lake = Lake()
    lake.refuse("2026-11-20", "23", "a", {"id": "yesterday", "at": "2026-11-20T23:10:00Z"})
    lake.refuse("2026-11-21", "09", "c", {"id": "nine", "at": "2026-11-21T09:00:00Z"})
    lake.refuse("2026-11-21", "11", "a", {"id": "late", "at": "2026-11-21T11:50:00Z"}, {"id": "early", "at": "2026-11-21T11:01:00Z"})
    lake.refuse("2026-11-21", "11", "b", {"id": "middle", "at": "2026-11-21T11:30:00Z"})
    assert listed(lake) == ["late", "middle", "early", "nine", "yesterday"]


def test_no_more_is_read_than_the_limit_needs() -> None:
    lake = Lake()
    for hour in range(12):
        lake.refuse("2026-11-21", f"{hour:02d}", "a", {"id": str(hour), "at": f"2026-11-21T{hour:02d}:00:00Z"})
    assert (listed(lake, 2), lake.reads) == (["11", "10"], 2)


def test_a_flood_of_bad_events_cannot_make_the_list_time_out() -> None:
    lake = Lake()
    for number in range(OBJECTS_AN_HOUR + 100):
        lake.refuse("2026-11-21", "11", f"{number:04d}", {"id": str(number), "at": "2026-11-21T11:00:00Z"})
    listed(lake)
    assert lake.reads == OBJECTS_AN_HOUR


def test_a_huge_event_is_left_out_and_its_size_told() -> None:
    lake = Lake()
    lake.refuse("2026-11-21", "11", "a", {"id": "x", "at": "2026-11-21T11:00:00Z", "reason": "too_large", "event": {"x": "y" * LARGEST_EVENT_SHOWN}})
    [entry] = list_quarantine(limit=1, clock=NOON, lake=lake)
    assert (entry.event, entry.event_text, entry.raw) == (None, None, None)
    assert entry.reason == "too_large"
    assert entry.bytes is not None and entry.bytes > LARGEST_EVENT_SHOWN


def test_a_small_event_is_shown_whole() -> None:
    lake = Lake()
    lake.refuse("2026-11-21", "11", "a", {"id": "x", "at": "2026-11-21T11:00:00Z", "event": {"type": "track"}})
    assert list_quarantine(limit=1, clock=NOON, lake=lake)[0].event == {"type": "track"}


def test_nothing_refused_is_an_empty_list() -> None:
    assert listed(Lake()) == []


@pytest.mark.parametrize("limit", [0, -1, 201])
def test_an_impossible_limit_is_refused(limit: int) -> None:
    with pytest.raises(InvalidRequestError, match="limit"):
        listed(Lake(), limit)
