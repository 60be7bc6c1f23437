"""`people` against an oracle in Python: any order of arrival and any cutting into runs gives the same table."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.curation.inserted import Inserted
from regulars.domain.curation.merges import people_sql
from tests.domain.campaigns.lake import Lake
from tests.drawn import drawn

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
RUN = timedelta(minutes=15)


@dataclass(frozen=True)
class Seen:
    """An event: `traits` where it identifies."""

    message_id: str
    user_id: str
    second: int
    traits: Mapping[str, Any] | None = None
    place: int = 0

    @property
    def order(self) -> tuple[int, str]:
        return self.second, self.message_id

    def row(self, curated: datetime) -> dict[str, Any]:
        kind = "track" if self.traits is None else "identify"
        moment = (START + timedelta(seconds=self.second)).replace(tzinfo=None)
        row = {"message_id": self.message_id, "user_id": self.user_id, "type": kind, "event_name": kind, "event_ts": moment, "received_ts": moment}
        row["place"] = self.place
        return row | {"curated_ts": curated.replace(tzinfo=None), "traits": None if self.traits is None else json.dumps(self.traits)}


VALUES = st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["", "x", 'a"b']) | st.just([1]) | st.just({"a": None})
TRAITS = st.none() | st.dictionaries(st.sampled_from(["plan", "city", "né"]), VALUES, max_size=3)
EVENTS = st.lists(
    st.builds(
        Seen,
        message_id=st.uuids(version=4).map(str),
        user_id=st.sampled_from(["ada", "bob"]),
        second=st.integers(0, 3),
        traits=TRAITS,
    ),
    max_size=12,
    unique_by=lambda seen: seen.message_id,
)


def people_of(events: Sequence[Seen]) -> dict[str, Any]:
    """Each person's first and last second, and their traits."""
    found: dict[str, Any] = {}
    for seen in sorted(events, key=lambda seen: seen.order):
        first, _, traits = found.get(seen.user_id, (seen.second, 0, None))
        if seen.traits:
            traits = {**(traits or {}), **seen.traits}
        found[seen.user_id] = (first, seen.second, traits)
    return found


def curated(lake: Lake, batches: Sequence[Sequence[Seen]], *, since: datetime | None = None) -> None:
    """One run a batch; the merge reads what was curated after the last."""
    for number, batch in enumerate(batches):
        now = START + number * RUN
        if batch:
            lake.fill("events", [seen.row(now) for seen in batch])
        inserted = Inserted(since or now - RUN, (START.date(), START.date()))
        lake.run(people_sql(inserted))


def people_in(lake: Lake) -> dict[str, Any]:
    rows = [row.values() for row in lake.run("SELECT user_id, first_seen_ts, last_seen_ts, traits FROM people")]
    return {user: (_second(first), _second(last), None if traits is None else json.loads(traits)) for user, first, last, traits in rows}


def _second(moment: datetime) -> int:
    return int((moment - START.replace(tzinfo=None)).total_seconds())


@drawn(12)
@given(EVENTS.flatmap(lambda events: st.tuples(st.permutations(events), st.lists(st.integers(0, 12), max_size=3).map(sorted))))
def test_any_order_of_arrival_and_any_cutting_into_runs_gives_the_same_people(found: tuple[Sequence[Seen], Sequence[int]]) -> None:
    events, cuts = found
    lake = Lake()
    bounds = [0, *cuts, len(events)]
    curated(lake, [events[start:end] for start, end in pairwise(bounds)])
    assert people_in(lake) == people_of(events)


def test_a_second_merge_of_the_same_changes_nothing() -> None:
    lake = Lake()
    events = [Seen("m1", "ada", 1, {"plan": "free", "city": None}), Seen("m0", "ada", 1, {"plan": "gold"})]
    curated(lake, [events])
    before = lake.run("SELECT * FROM people")
    curated(lake, [[], []], since=START - RUN)
    assert lake.run("SELECT * FROM people") == before
    assert people_in(lake) == {"ada": (1, 1, {"plan": "free", "city": None})}


def test_of_one_moment_and_receipt_the_later_in_the_request_counts() -> None:
    lake = Lake()
    curated(
        lake, [[Seen("zzz", "ada", 1, {"optin": True})], [Seen("aaa", "ada", 1, {"optin": False}, place=1)], [Seen("bbb", "ada", 1, {"optin": None})]]
    )
    assert people_in(lake) == {"ada": (1, 1, {"optin": False})}


def test_people_of_before_traits_had_times_get_them_from_all_that_they_said() -> None:
    lake = Lake()
    old = [Seen("m1", "ada", 3, {"plan": "gold"}), Seen("m2", "ada", 1, {"city": "Rome"}), Seen("m3", "bob", 1, {"plan": "free"})]
    lake.fill("events", [seen.row(START) for seen in old])
    lake.fill("people", [{"user_id": "ada", "first_seen_ts": START, "last_seen_ts": START, "traits": '{"plan":"gold","city":"Rome"}'}])
    late = Seen("m0", "ada", 2, {"plan": "free", "city": "Oslo"})
    curated(lake, [[late]], since=datetime(2000, 1, 1, tzinfo=UTC))
    assert people_in(lake)["ada"][2] == {"plan": "gold", "city": "Oslo"}
    curated(lake, [[], [Seen("m4", "bob", 0, {"plan": "late", "city": "Bonn"})]])
    assert people_in(lake)["bob"][2] == {"plan": "free", "city": "Bonn"}
