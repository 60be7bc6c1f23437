"""Who can be pushed to: SQL as of a moment, `evaluate`, and whom a run would choose from `devices`, which must agree as of now."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.campaigns.audience import statements
from regulars.domain.curation.device_merges import devices_sql
from regulars.domain.curation.identities import identities_sql
from regulars.domain.curation.inserted import Inserted
from regulars.domain.curation.state import BEGINNING
from regulars.domain.delivery.answers import FCM_ERROR, classify
from regulars.domain.lake.sql import printed
from regulars.domain.reasons import DEAD_TARGET
from regulars.domain.segments import audience_sql, parse_rule
from regulars.domain.segments.evaluate import DeadTarget, DeviceEvent, PastEvent, PersonHistory, evaluate, reasons
from regulars.domain.segments.person_history import history_sql, person_of
from tests.domain.campaigns.lake import Lake
from tests.drawn import drawn
from tests.examples import campaign_run

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = timedelta(days=1)
PEOPLE = ("ada", "bob")
REACHABLE = {"reachable": "push"}
Push = tuple[str, timedelta, str | None]
"""A device, how long ago, and why it was not sent."""


@dataclass(frozen=True)
class Told:
    """An event of a device."""

    message_id: str
    ago: timedelta
    user_id: str | None = "ada"
    target: str | None = None
    name: str = "Played"
    device: str = "phone"
    is_fid: bool = False

    @property
    def at(self) -> datetime:
        return NOW - self.ago

    def row(self) -> dict[str, Any]:
        at = self.at.replace(tzinfo=None)
        row = {"message_id": self.message_id, "user_id": self.user_id, "type": "track", "event_name": self.name, "event_ts": at, "received_ts": at}
        return {**row, "device_id": self.device, "device_fid" if self.is_fid else "device_token": self.target, "curated_ts": at}

    def past(self) -> DeviceEvent:
        return DeviceEvent(PastEvent(self.message_id, self.name, self.at), self.device, self.user_id, self.target)


def filled(events: Sequence[Told], pushes: Sequence[Push] = ()) -> Lake:
    lake = Lake()
    if events:
        lake.fill("events", [event.row() for event in events])
    for device, ago, reason in pushes:
        lake.fill(
            "deliveries", [{"device_id": device, "reason": reason, "delivered_ts": (NOW - ago).replace(tzinfo=None), "user_id": "ada", "run_id": "r"}]
        )
    lake.fill("people", [{"user_id": user, "first_seen_ts": datetime(2020, 1, 1)} for user in PEOPLE])
    lake.run(devices_sql(Inserted(BEGINNING)))
    lake.run(identities_sql(Inserted(BEGINNING)))
    return lake


def selected(lake: Lake, as_of: datetime = NOW) -> list[str]:
    return sorted(row["user_id"] for row in lake.run(printed(audience_sql(parse_rule(REACHABLE), as_of, {}))))


def evaluated(events: Sequence[Told], pushes: Sequence[Push], as_of: datetime = NOW) -> list[str]:
    told = tuple(event.past() for event in events)
    dead = tuple(DeadTarget(device, NOW - ago) for device, ago, reason in pushes if reason in DEAD_TARGET)
    first = datetime(2020, 1, 1, tzinfo=UTC)
    histories = [PersonHistory(user, first, device_events=told, dead_targets=dead) for user in PEOPLE]
    return [history.user_id for history in histories if evaluate(parse_rule(REACHABLE), history, as_of, {})]


def explained(lake: Lake, user: str) -> tuple[bool, list[str]]:
    """What is fetched of one person says, and why."""
    rule = parse_rule(REACHABLE)
    found = person_of(user, lake.answers(printed(history_sql(rule, user, NOW, {}))), NOW)
    (reason,) = reasons(rule, found.history, NOW, {})
    return reason.verdict is True, [evidence.text for evidence in reason.because]


def recipients(lake: Lake) -> list[str]:
    """Who would have a device in a run of everybody."""
    everyone = {"id": "all", "name": "All", "rule": {"users": list(PEOPLE)}}
    campaign = {"id": "spring", "audience": {"include": ["all"]}, "message": {"push": {"body": "x"}}, "control": {"percent": 0}}
    run = campaign_run("spring-1", campaign, segments=[everyone], launched_at=NOW)
    lake.fill("assignments", [{"run_id": "spring-1", "campaign_id": "spring", "user_id": user, "arm": "a"} for user in PEOPLE])
    return sorted({row["user_id"] for row in lake.run(statements(run, "lake", snapshots={}).unload) if row["device_id"]})


TOKEN = Told("m1", DAY, target="t1")


@pytest.mark.parametrize(
    ("events", "people"),
    [
        ([TOKEN], ["ada"]),
        ([Told("m1", DAY, target="f1", is_fid=True)], ["ada"]),
        ([Told("m1", DAY)], []),
        ([TOKEN, Told("m2", timedelta(0), name="Signed Out")], ["ada"]),
        ([TOKEN, Told("m2", timedelta(hours=1), name="Signed Out")], []),
        ([TOKEN, Told("m2", timedelta(hours=1), user_id=None)], []),
        ([TOKEN, Told("m2", timedelta(hours=1), user_id="bob")], []),
        ([TOKEN, Told("m2", timedelta(hours=1), user_id="bob", target="t1")], ["bob"]),
        ([TOKEN, Told("m2", timedelta(hours=1), name="Device Deleted")], []),
        ([Told("m1", DAY, user_id=None, target="t1"), Told("m2", timedelta(hours=1))], ["ada"]),
        ([TOKEN, Told("m2", timedelta(hours=1), user_id="bob", target="t1", device="tablet")], ["bob"]),
        ([Told("m1", 270 * DAY, target="t1")], ["ada"]),
        ([Told("m1", 270 * DAY + timedelta(seconds=1), target="t1")], []),
        ([Told("m1", 300 * DAY, target="t1"), Told("m2", DAY)], ["ada"]),
        ([Told("m1", 300 * DAY, user_id="bob", target="t1"), Told("m2", DAY)], []),
        ([Told("m1", 300 * DAY, user_id=None, target="t1"), Told("m2", DAY)], ["ada"]),
    ],
)
def test_whoever_owns_a_device_with_a_target_registered_for_them_is_reachable(events: Sequence[Told], people: list[str]) -> None:
    assert selected(filled(events)) == people
    assert evaluated(events, []) == people


@pytest.mark.parametrize(
    ("push", "people"),
    [
        (("phone", timedelta(hours=1), "unregistered"), []),
        (("phone", timedelta(hours=1), "invalid_token"), []),
        (("phone", DAY, "unregistered"), []),
        (("phone", timedelta(hours=1), "unavailable"), ["ada"]),
        (("phone", timedelta(hours=1), None), ["ada"]),
        (("phone", 2 * DAY, "unregistered"), ["ada"]),
        (("phone", timedelta(0), "unregistered"), ["ada"]),
        (("tablet", timedelta(hours=1), "unregistered"), ["ada"]),
    ],
)
def test_a_target_that_fcm_has_called_dead_since_leads_nowhere(push: Push, people: list[str]) -> None:
    assert selected(filled([TOKEN], [push])) == people
    assert evaluated([TOKEN], [push]) == people


@pytest.mark.parametrize(
    ("events", "pushes", "said"),
    [
        ([TOKEN], [], "device phone, registered at 2026-11-20T12:00:00Z, leads to them"),
        ([Told("m1", DAY)], [], "no device that is heard of is theirs"),
        ([TOKEN, Told("m2", DAY / 2, name="Signed Out")], [], "does not lead to them: nobody uses it"),
        ([TOKEN, Told("m2", DAY / 2, user_id="bob")], [], 'does not lead to them: it is used by "bob"'),
        ([Told("m1", DAY, user_id="bob", target="t1"), Told("m2", DAY / 2)], [], 'what leads to it was registered for "bob"'),
        ([TOKEN, Told("m2", DAY / 2, user_id="bob", target="t1", device="tablet")], [], "what leads to it leads to device tablet since"),
        ([TOKEN], [("phone", DAY / 2, "unregistered")], "FCM called what leads to it dead at 2026-11-21T00:00:00Z"),
    ],
)
def test_why_a_device_leads_to_somebody_or_not_is_said(events: Sequence[Told], pushes: list[Push], said: str) -> None:
    reached, because = explained(filled(events, pushes), "ada")
    assert reached is ("ada" in evaluated(events, pushes))
    assert any(said in text for text in because), because


def test_it_is_as_of_the_moment() -> None:
    lake = filled([TOKEN, Told("m2", timedelta(hours=1), user_id="bob", target="t2")], [("phone", timedelta(minutes=30), "unregistered")])
    assert [selected(lake, NOW - ago) for ago in (2 * DAY, timedelta(hours=2), timedelta(minutes=45), timedelta(0))] == [[], ["ada"], ["bob"], []]


def test_of_whom_nothing_leads_to_it_is_known_to_be_false() -> None:
    lake = filled([TOKEN])
    found = lake.run(printed(audience_sql(parse_rule({"not": REACHABLE}), NOW, {})))
    assert [row["user_id"] for row in found] == ["bob"]


def test_who_became_another_person_is_not_reached_by_their_old_name() -> None:
    lake = filled([TOKEN])
    lake.fill("identities", [{"kind": "user", "id": "ada", "user_id": "bob", "since_ts": datetime(2026, 11, 21, 11)}])
    assert selected(lake) == []
    assert selected(lake, NOW - timedelta(hours=2)) == ["ada"]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (404, {"details": [{"@type": FCM_ERROR, "errorCode": "UNREGISTERED"}]}),
        (400, {"details": [{"@type": FCM_ERROR}], "message": "The registration token is not a valid FCM registration token"}),
    ],
)
def test_the_dead_are_those_whom_an_answer_of_fcm_calls_dead(status: int, error: dict[str, Any]) -> None:
    answer = classify(status, json.dumps({"error": error}).encode())
    assert answer.dead_token
    assert answer.reason in DEAD_TARGET


_events = st.lists(
    st.builds(
        Told,
        message_id=st.uuids(version=4).map(str),
        ago=st.sampled_from([days * DAY for days in (280, 271, 100, 1)] + [timedelta(hours=hour) for hour in (3, 2, 1)]),
        user_id=st.sampled_from([*PEOPLE, None]),
        target=st.sampled_from(["t1", "t2", None]),
        name=st.sampled_from(["Played", "Played", "Signed Out", "Device Registered", "Device Deleted"]),
        device=st.sampled_from(["phone", "tablet"]),
    ),
    max_size=8,
    unique_by=lambda event: event.message_id,
)
_pushes = st.lists(
    st.tuples(st.sampled_from(["phone", "tablet"]), st.sampled_from([50 * DAY, timedelta(hours=2)]), st.sampled_from(["unregistered", None])),
    max_size=2,
)


@drawn(6)
@given(_events, _pushes)
def test_sql_and_evaluate_agree_as_of_now(events: list[Told], pushes: list[Push]) -> None:
    lake = filled(events, pushes)
    assert selected(lake) == evaluated(events, pushes) == [person for person in PEOPLE if explained(lake, person)[0]]


@drawn(6)
@given(_events)
def test_a_run_would_choose_the_same_people_from_devices(events: list[Told]) -> None:
    heard = {event.device for event in events if event.ago <= 270 * DAY}
    lake = filled([event for event in events if event.device in heard])
    assert selected(lake) == recipients(lake)
