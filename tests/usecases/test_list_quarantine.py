import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from regulars.domain.errors import InvalidRequestError
from regulars.usecases.list_quarantine import LARGEST_EVENT_SHOWN, OBJECTS_AN_HOUR, list_quarantine


class Noon:
    def now(self) -> datetime:
        return datetime(2026, 11, 21, 12, tzinfo=UTC)


class Lake:
    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.reads = 0

    def refuse(self, day: str, hour: str, name: str, *entries: dict[str, object]) -> None:
        body = b"\n".join(json.dumps(entry).encode() for entry in entries) + b"\n"
        self.objects[f"quarantine/dt={day}/hh={hour}/{name}.json.gz"] = gzip.compress(body)

    def put(self, key: str, body: bytes, *, only_if_absent: bool = False) -> bool:
        raise AssertionError("listing writes nothing")

    def get(self, key: str) -> bytes:
        self.reads += 1
        return self.objects[key]

    def keys(self, prefix: str) -> Iterator[str]:
        return iter(sorted(key for key in self.objects if key.startswith(prefix)))


def listed(lake: Lake, limit: int = 50) -> list[str]:
    return [entry["id"] for entry in list_quarantine(limit=limit, clock=Noon(), lake=lake)]


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
    [entry] = list_quarantine(limit=1, clock=Noon(), lake=lake)
    assert "event" not in entry
    assert entry["reason"] == "too_large"
    assert entry["bytes"] > LARGEST_EVENT_SHOWN


def test_a_small_event_is_shown_whole() -> None:
    lake = Lake()
    lake.refuse("2026-11-21", "11", "a", {"id": "x", "at": "2026-11-21T11:00:00Z", "event": {"type": "track"}})
    assert list_quarantine(limit=1, clock=Noon(), lake=lake)[0]["event"] == {"type": "track"}


def test_nothing_refused_is_an_empty_list() -> None:
    assert listed(Lake()) == []


@pytest.mark.parametrize("limit", [0, -1, 201])
def test_an_impossible_limit_is_refused(limit: int) -> None:
    with pytest.raises(InvalidRequestError, match="limit"):
        listed(Lake(), limit)
