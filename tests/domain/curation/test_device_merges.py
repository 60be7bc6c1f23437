"""`devices` against an oracle in Python: any order of arrival and any cutting into runs gives the same table."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.curation.device_merges import devices_sql
from regulars.domain.curation.inserted import Inserted
from tests.domain.campaigns.lake import Lake
from tests.drawn import drawn

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
RUN = timedelta(minutes=15)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Seen:
    """An event of a device, of a second of its own unless places tell it apart."""

    message_id: str
    second: int
    user_id: str | None = "ada"
    token: str | None = None
    fid: str | None = None
    name: str = "Played"
    place: int = 0
    device: str = "phone"
    platform: str | None = None
    locale: str | None = None
    app_version: str | None = None

    @property
    def order(self) -> tuple[int, int, str]:
        return self.second, self.place, self.message_id

    @property
    def user(self) -> str | None:
        return None if self.name in ("Signed Out", "Logged Out") else self.user_id

    @property
    def registers(self) -> bool:
        return bool(self.token or self.fid) or self.name in ("Device Deleted", "Device Unregistered")

    def row(self, curated: datetime) -> dict[str, Any]:
        moment = (START + timedelta(seconds=self.second)).replace(tzinfo=None)
        row = {"message_id": self.message_id, "user_id": self.user_id, "type": "track", "event_ts": moment, "received_ts": moment}
        name = {"event_name": "_other", "other_name": self.name} if self.place else {"event_name": self.name}
        told = {"device_id": self.device, "device_token": self.token, "device_fid": self.fid, "platform": self.platform}
        context = json.dumps(
            {"locale": self.locale, "timezone": "Europe/Vienna", **({"app": {"version": self.app_version}} if self.app_version else {})}
        )
        return {**row, **name, **told, "place": self.place, "context": context, "curated_ts": curated.replace(tzinfo=None)}


EVENTS = st.lists(
    st.builds(
        Seen,
        message_id=st.uuids(version=4).map(str),
        second=st.integers(0, 3),
        user_id=st.none() | st.sampled_from(["ada", "bob"]),
        token=st.none() | st.sampled_from(["t1", "t2"]),
        fid=st.none(),
        name=st.sampled_from(["Played", "Signed Out", "Logged Out", "Device Registered"]),
        place=st.integers(0, 2),
        device=st.sampled_from(["phone", "tablet"]),
        platform=st.none() | st.sampled_from(["ios", "android"]),
        locale=st.none() | st.sampled_from(["de-AT", "fr"]),
        app_version=st.none() | st.sampled_from(["1.0", "2.0"]),
    )
    | st.builds(Seen, message_id=st.uuids(version=4).map(str), second=st.integers(0, 3), fid=st.just("f1"))
    | st.builds(Seen, message_id=st.uuids(version=4).map(str), second=st.integers(0, 3), name=st.just("Device Deleted")),
    max_size=12,
    unique_by=lambda seen: seen.message_id,
)


def devices_of(events: Sequence[Seen]) -> dict[str, Any]:
    """Who uses each device, by its latest event; what it is like, and its target with who registered it, by the latest that says so."""
    found: dict[str, Any] = {}
    for seen in sorted(events, key=lambda seen: seen.order):
        (_, platform, locale, _, version, _), registered = found.get(seen.device, ((None,) * 6, (None, None, None)))
        if seen.registers:
            registered = (seen.token, seen.fid, seen.user)
        details = seen.platform or platform, seen.locale or locale, "Europe/Vienna", seen.app_version or version
        found[seen.device] = ((seen.user, *details, seen.second), registered)
    return found


def curated(lake: Lake, batches: Sequence[Sequence[Seen]], *, since: datetime | None = None) -> None:
    """One run a batch; the merge reads what was curated after the last."""
    for number, batch in enumerate(batches):
        now = START + number * RUN
        if batch:
            lake.fill("events", [seen.row(now) for seen in batch])
        lake.run(devices_sql(Inserted(since or now - RUN, (START.date(), START.date()))))


def devices_in(lake: Lake) -> dict[str, Any]:
    columns = "device_id, user_id, platform, locale, timezone, app_version, last_seen_ts, token, fid, registered_by"
    found = [list(row.values()) for row in lake.run(f"SELECT {columns} FROM devices")]
    return {row[0]: ((*row[1:6], _second(row[6])), tuple(row[7:])) for row in found}


def _second(moment: datetime) -> int:
    return int((moment - START.replace(tzinfo=None)).total_seconds())


@drawn(12)
@given(EVENTS.flatmap(lambda events: st.tuples(st.permutations(events), st.lists(st.integers(0, 12), max_size=3).map(sorted))))
def test_any_order_of_arrival_and_any_cutting_into_runs_gives_the_same_devices(found: tuple[Sequence[Seen], Sequence[int]]) -> None:
    events, cuts = found
    lake = Lake()
    curated(lake, [events[start:end] for start, end in pairwise([0, *cuts, len(events)])])
    assert devices_in(lake) == devices_of(events)


def test_a_second_merge_of_the_same_changes_nothing() -> None:
    lake = Lake()
    curated(lake, [[Seen("m1", 1, token="t1"), Seen("m2", 2, "bob")]])
    before = lake.run("SELECT * FROM devices")
    curated(lake, [[], []], since=START - RUN)
    assert lake.run("SELECT * FROM devices") == before


def before_owners(lake: Lake) -> None:
    """The row of a phone as a version wrote it that knew no registrations: ada's, seen in the second second."""
    seen = (START + timedelta(seconds=2)).replace(tzinfo=None)
    row = {"device_id": "phone", "user_id": "ada", "token": "t1", "platform": "ios", "last_seen_ts": seen, "last_message_id": "m"}
    lake.fill("devices", [row])


def test_a_device_of_a_version_before_is_as_it_was_for_what_happened_earlier() -> None:
    lake = Lake()
    before_owners(lake)
    curated(lake, [[Seen("m1", 1, "bob", token="t0")]])
    ((user_id, *_), registered) = devices_in(lake)["phone"]
    assert (user_id, registered[0]) == ("ada", "t1")


def test_a_device_of_a_version_before_changes_hands_and_its_token_stays_her_who_registered_it() -> None:
    lake = Lake()
    before_owners(lake)
    curated(lake, [[Seen("m1", 3, "bob")], [Seen("m2", 1, "carl", token="t0")]])
    ((user_id, *_), registered) = devices_in(lake)["phone"]
    assert (user_id, registered) == ("bob", ("t1", None, "ada"))
