"""A three-armed experiment of 12,000 people, sent as a shop would send it, and what scipy makes of the same numbers.

The arms are those of Hillstrom's e-mail test (thirds: two mails, and none). Who orders, and for how much, is made up: more where there was
a message, and more by those who had ordered before. Figures are compared to the ninth digit, which a wrong formula misses with any number
of people: there are so many that an arm has some hundreds of orders."""

import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

import pytest
from scipy import stats

from regulars.domain.campaigns.arms import arm_of, bounds
from regulars.domain.campaigns.campaign import CONTROL, Campaign
from regulars.domain.campaigns.parse import parse_campaign
from tests.e2e.conftest import Installation

PEOPLE: Final = 12_000
TOLERANCE: Final = 1e-9
"""Of a figure: the lake adds doubles in another order."""

_BATCH: Final = 500
_PLANNED: Final = datetime(2026, 6, 1, tzinfo=UTC)
_BEFORE: Final = 0.06
_AFTER: Final = {CONTROL: 0.05, "mens": 0.062, "womens": 0.055}
_LOYAL: Final = 3.0
"""So many times as likely to order is whoever had ordered before."""

SEGMENT: Final[Mapping[str, Any]] = {"id": "members", "name": "Everybody who joined", "rule": {"event": "Trial Joined"}}
CAMPAIGN: Final[Mapping[str, Any]] = {
    "id": "thirds",
    "audience": {"include": ["members"]},
    "control": {"percent": 33.33},
    "variants": [{"id": name, "message": {"push": {"title": name}}} for name in ("mens", "womens")],
    "goal": {"event": "Trial Ordered", "within": "14d", "value": "revenue"},
}


@dataclass(frozen=True)
class Member:
    """What somebody spent in the fourteen days before the campaign, and in those after it; 0 where nothing."""

    id: str
    arm: str
    before: float
    after: float


def test_a_report_of_12_000_people_says_what_scipy_says(installation):
    campaign = parse_campaign(CAMPAIGN)
    members = [_member(number, campaign) for number in range(PEOPLE)]
    report = _reported(installation, members)
    arms = {arm: [member for member in members if member.arm == arm] for arm, _ in bounds(campaign)}
    effects = {(effect["variant"], effect["metric"]): effect for effect in report["effect"]}
    for variant in ("mens", "womens"):
        _same(effects[variant, "conversion"], _newcombe(arms[variant], arms[CONTROL]))
        _same(effects[variant, "value"], _welch(arms[variant], arms[CONTROL], lambda member: member.after))
        _same(effects[variant, "value"]["adjusted"], _cuped(arms[variant], arms[CONTROL]))
    _same(report["sample_ratio"], {"p": _sample_ratio(arms, campaign)})
    for metric in ("conversion", "value"):
        own = [effects[variant, metric] for variant in ("mens", "womens")]
        adjusted = _holm_of_two([effect["p"] for effect in own])  # the past explains too little of these people to judge by
        assert [effect["p_adjusted"] for effect in own] == pytest.approx(adjusted), metric


def _same(said: Mapping[str, Any], peer: Mapping[str, float]) -> None:
    for figure, value in peer.items():
        assert said[figure] == pytest.approx(value, rel=TOLERANCE), f"{figure} of {said}"


def _reported(installation: Installation, members: Sequence[Member]) -> Mapping[str, Any]:
    """The report of the campaign, rehearsed as of its moment, after all that the members did was sent."""
    events = list(_events(members))
    for first in range(0, len(events), _BATCH):
        status, answer, _ = installation.post("/v1/batch", {"batch": events[first : first + _BATCH]})
        assert status == 200, answer
    installation.cli("flush")
    assert installation.put("segment", dict(SEGMENT)).returncode == 0
    assert installation.put("campaign", dict(CAMPAIGN)).returncode == 0
    run = installation.json("campaign", "launch", CAMPAIGN["id"], "--as-of", _PLANNED.isoformat(), "--wait", "--yes")
    return installation.json("campaign", "report", run["run_id"])


def _member(number: int, campaign: Campaign) -> Member:
    name = f"member-{number}"
    chance, arm = random.Random(number), arm_of(campaign, name)
    before = _spent(chance, _BEFORE)
    return Member(name, arm, before, _spent(chance, _AFTER[arm] * (_LOYAL if before else 1)))


def _spent(chance: random.Random, share: float) -> float:
    spent = round(chance.lognormvariate(3.5, 1.0), 2)
    return spent if chance.random() < share else 0.0


def _events(members: Sequence[Member]) -> Iterator[Mapping[str, Any]]:
    day = timedelta(days=1)
    for member in members:
        yield _event("Trial Joined", member, _PLANNED - 60 * day)
        if member.before:
            yield _event("Trial Ordered", member, _PLANNED - 5 * day, member.before)
        if member.after:
            yield _event("Trial Ordered", member, _PLANNED + 5 * day, member.after)


def _event(name: str, member: Member, at: datetime, revenue: float | None = None) -> Mapping[str, Any]:
    properties = {} if revenue is None else {"revenue": revenue, "currency": "USD"}
    return {
        "type": "track",
        "event": name,
        "userId": member.id,
        "messageId": f"{name} {member.id} {at.isoformat()}",
        "timestamp": at.isoformat(),
        "properties": properties,
    }


def _newcombe(treated: Sequence[Member], control: Sequence[Member]) -> Mapping[str, float]:
    """Newcombe's method 10 from scipy's Wilson intervals."""
    shares = [sum(member.after > 0 for member in people) / len(people) for people in (treated, control)]
    (l1, u1), (l2, u2) = (_wilson(people) for people in (treated, control))
    difference = shares[0] - shares[1]
    low = difference - math.hypot(shares[0] - l1, u2 - shares[1])
    return {"difference": difference, "low": low, "high": difference + math.hypot(u1 - shares[0], shares[1] - l2)}


def _wilson(people: Sequence[Member]) -> tuple[float, float]:
    found = stats.binomtest(sum(member.after > 0 for member in people), len(people)).proportion_ci(method="wilson")
    return float(found.low), float(found.high)


def _welch(treated: Sequence[Member], control: Sequence[Member], amount: Callable[[Member], float]) -> Mapping[str, float]:
    ours, theirs = ([amount(member) for member in people] for people in (treated, control))
    test = stats.ttest_ind(ours, theirs, equal_var=False)
    interval = test.confidence_interval()
    difference = math.fsum(ours) / len(ours) - math.fsum(theirs) / len(theirs)
    return {"difference": difference, "low": float(interval.low), "high": float(interval.high), "p": float(test.pvalue)}


def _cuped(treated: Sequence[Member], control: Sequence[Member]) -> Mapping[str, float]:
    """Deng, Xu, Kohavi and Walker, WSDM 2013, equation 4, with one slope for both arms: that of the straight line through everybody."""
    line = stats.linregress([member.before for member in (*treated, *control)], [member.after for member in (*treated, *control)])
    return {**_welch(treated, control, lambda member: member.after - line.slope * member.before), "explained": float(line.rvalue**2)}


def _sample_ratio(arms: Mapping[str, Sequence[Member]], campaign: Campaign) -> float:
    shares = [end - start for (_, start), (_, end) in pairwise([("", 0), *bounds(campaign)])]
    expected = [PEOPLE * share / sum(shares) for share in shares]
    return float(stats.chisquare([len(people) for people in arms.values()], expected).pvalue)


def _holm_of_two(ps: Sequence[float]) -> Sequence[float]:
    least, most = sorted(ps)
    return [min(1.0, 2 * least) if p == least else max(min(1.0, 2 * least), most) for p in ps]
