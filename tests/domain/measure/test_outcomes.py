"""The statement of a report against the same questions asked of drawn histories in plain Python, person by person."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

import pytest

from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.delivery.global_control import HELD_OUT
from regulars.domain.lake.sql import printed
from regulars.domain.measure.arm import Arm, in_several, read_arms
from regulars.domain.measure.paired import counted, paired
from regulars.domain.measure.query import outcomes
from tests.domain.campaigns.lake import Lake

PLANNED = datetime(2026, 11, 1, tzinfo=UTC)
START = PLANNED.replace(tzinfo=None)
AS_OF = START + timedelta(days=5)
SPAN = timedelta(days=7)
CAMPAIGN = parse_campaign(
    {
        "id": "spring",
        "audience": {"include": ["x"]},
        "message": {"push": {"body": "x"}},
        "goal": {"event": "Bought", "within": "7d", "value": "net", "currency": "EUR"},
        "guardrails": {"complained": ["Moaned"]},
    }
)
SQL = printed(outcomes("r1", CAMPAIGN, planned_at=PLANNED, launched_at=PLANNED, as_of=AS_OF.replace(tzinfo=UTC)))
ARMS = {"a": "control", "b": "control", "c": "treated", "d": "treated", "e": "treated", "h": HELD_OUT}
NAMES = ("Bought", "Push Notification Received", "Push Notification Tapped", "Application Uninstalled", "Email Marked as Spam", "Moaned", "identify")


class Event(NamedTuple):
    user_id: str | None
    anonymous_id: str | None
    name: str
    apart: bool
    at: datetime
    net: Any
    currency: Any
    run: str
    refuses: bool

    @property
    def row(self) -> dict[str, Any]:
        named = {"event_name": self.name, "other_name": None} if self.apart else {"event_name": "_other", "other_name": self.name}
        properties = json.dumps({"net": self.net, "currency": self.currency, "run_id": self.run})
        ids = {"user_id": self.user_id, "anonymous_id": self.anonymous_id, "type": "identify" if self.name == "identify" else "track"}
        return {**named, **ids, "event_ts": self.at, "properties": properties, "traits": json.dumps({"unsubscribed": self.refuses})}

    @property
    def amount(self) -> float | None:
        """None where it cannot be read."""
        try:
            read = float(self.net) if isinstance(self.net, int | float | str) else None
        except ValueError:
            return None
        return read if read is not None and abs(read) <= 1e100 else None

    @property
    def code(self) -> str | None:
        """None where it is no currency."""
        code = str(self.currency or "").strip().upper()
        return code if len(code) == 3 and code.isalpha() else None

    @property
    def is_foreign(self) -> bool:
        return self.code not in (None, "EUR")


class Claim(NamedTuple):
    kind: str
    id: str
    user_id: str
    since: datetime


MOMENTS = [START + timedelta(days=day, microseconds=off) for day in (-7, -3, 0, 2, 5) for off in (-1, 0)]


def drawn_event(draw: Random) -> Event:
    user, anonymous = draw.choice([("a", None), ("c", None), ("c", None), ("d", None), ("z", None), (None, "n1"), (None, "n2")])
    name = draw.choice(("Bought", "Bought", "Bought", "Push Notification Tapped", *NAMES, "identify"))
    net, currency = (
        draw.choice([0, 10, 2.5, -3, "7.25", "1,234.50", "NaN", None, 1e200, 1e90]),
        draw.choice([None, "", " ", "EUR", " eur ", "USD", "??", 7]),
    )
    apart, refuses = draw.random() < 0.7, draw.random() < 0.5
    return Event(user, anonymous, name, apart, draw.choice(MOMENTS), net, currency, draw.choice(["r1", "r1", "r2"]), refuses)


def drawn_claims(draw: Random) -> list[Claim]:
    anonymous = [Claim("anonymous", name, draw.choice(["a", "c", "d"]), draw.choice(MOMENTS)) for name in ("n1", "n2") if draw.random() < 0.7]
    return [*anonymous, *[Claim("user", name, draw.choice(["b", "d", "h", "z"]), draw.choice(MOMENTS)) for name in ("a", "c") if draw.random() < 0.4]]


def owner(kind: str, identity: str, claims: list[Claim]) -> str | None:
    claimed = {(claim.kind, claim.id): claim.user_id for claim in claims if claim.since < AS_OF}
    found = claimed.get((kind, identity), identity if kind == "user" else None)
    return claimed.get(("user", found), found) if found else None


def counted_by_hand(events: list[Event], claims: list[Claim]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Of each person who is in one arm by all of their ids: what there is to add up of them, by that arm."""
    whose = defaultdict(list)
    for event in events:
        whose[owner("user", event.user_id, claims) if event.user_id else owner("anonymous", event.anonymous_id or "", claims)].append(event)
    for person, arms in arms_by_person(claims).items():
        if len(arms) > 1:
            continue
        (arm,) = arms
        theirs = [event for event in whose[person] if event.apart or not event.name.startswith("Push")]
        goals = [event for event in theirs if event.name == "Bought" and event.at < AS_OF]
        after, before = [goal for goal in goals if goal.at >= START], [goal for goal in goals if START - SPAN <= goal.at < START]
        told = [event for event in theirs if event.name.startswith("Push") and event.run == "r1" and event.at >= START - timedelta(days=1)]
        taps = [event.at for event in told if event.name.endswith("Tapped")]
        span = [event for event in theirs if START - SPAN <= event.at < AS_OF]
        refusals = [event.at for event in span if event.name == "identify" and event.apart and event.refuses]
        harms = {event.name for event in span if event.at >= START}
        yield (
            arm,
            {
                "value": tuple(sum(goal.amount or 0 for goal in some if not goal.is_foreign) for some in (after, before)),
                "did": (bool(after), bool(before)),
                "currencies": {goal.code for goal in after} - {None},
                "events": len(after),
                "foreign": sum(goal.is_foreign for goal in after),
                "unreadable": sum(goal.amount is None and not goal.is_foreign for goal in after),
                "received": bool(told),
                "opened": bool(taps),
                "direct": bool(after and taps and max(goal.at for goal in after) > min(taps)),
                "unsubscribed": bool(refusals) and min(refusals) >= START,
                "uninstalled": "Application Uninstalled" in harms,
                "complained": bool(harms & {"Email Marked as Spam", "Moaned"}),
            },
        )


def arms_by_person(claims: list[Claim]) -> dict[str | None, set[str]]:
    arms: dict[str | None, set[str]] = defaultdict(set)
    for identity, arm in ARMS.items():
        arms[owner("user", identity, claims)].add(arm)
    return arms


@pytest.fixture(scope="module")
def lake() -> Lake:
    lake = Lake()
    lake.fill("assignments", [{"run_id": "r1", "user_id": person, "arm": arm} for person, arm in ARMS.items()])
    return lake


def answered(lake: Lake, events: list[Event], claims: list[Claim]) -> dict[str, Arm]:
    for table, rows in (("events", [event.row for event in events]), ("identities", [{**_named(claim)} for claim in claims])):
        lake.clear(table)
        if rows:
            lake.fill(table, rows)
    rows = lake.answers(SQL)
    assert in_several(rows) == sum(len(arms) > 1 for arms in arms_by_person(claims).values())
    return {arm.name: arm for arm in read_arms(["control", "treated"], rows)}


def _named(claim: Claim) -> dict[str, Any]:
    return {"kind": claim.kind, "id": claim.id, "user_id": claim.user_id, "since_ts": claim.since}


@pytest.mark.parametrize("seed", range(16))
def test_of_any_history_the_statement_says_what_counting_person_by_person_says(lake: Lake, seed: int) -> None:
    draw = Random(seed)
    events, claims = [drawn_event(draw) for _ in range(draw.choice([0, 10, 20, 40]))], drawn_claims(draw)
    found, expected = answered(lake, events, claims), defaultdict(list)
    for arm, of_person in counted_by_hand(events, claims):
        if arm != HELD_OUT:
            expected[arm].append(of_person)
    for name, people in expected.items():
        arm = found[name]
        totals = {key: sum(person[key] for person in people) for key in people[0] if key not in ("value", "did", "currencies")}
        assert totals == {
            "events": arm.goal_events,
            "foreign": arm.foreign,
            "unreadable": arm.unreadable,
            "received": arm.received,
            "opened": arm.opened,
            "direct": arm.direct,
            **arm.guardrails,
        }
        did = [person["did"] for person in people]
        assert arm.conversion == counted(len(people), sum(after for after, _ in did), sum(before for _, before in did), sum(map(all, did)))
        assert arm.converted == sum(after for after, _ in did)
        assert arm.currencies == set().union(*(person["currencies"] for person in people))
        values = [person["value"] for person in people]
        whole = paired(tuple(values))
        assert sorted(arm.value.largest) == sorted(pair for pair in values if any(pair))
        for figure in ("mean", "before", "deviations", "before_deviations", "together"):
            scale = max((abs(number) for pair in values for number in pair), default=0.0) or 1.0
            rough = 1e-9 * (scale if figure in ("mean", "before") else scale * scale)
            assert getattr(arm.value, figure) == pytest.approx(getattr(whole, figure), abs=rough), figure
