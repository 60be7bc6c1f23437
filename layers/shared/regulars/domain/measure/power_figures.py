"""What a campaign can show before it is launched: which effects its control group would find, and what it takes to find one that is asked about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from regulars.domain.campaigns.campaign import Campaign
from regulars.domain.campaigns.foresight import Detectable
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.definitions import Definition
from regulars.domain.delivery.shares import percent_of
from regulars.domain.goals import Goal
from regulars.domain.lake.buckets import BUCKETS
from regulars.domain.measure.history import Past, Sizes
from regulars.domain.measure.power import control_needed, detectable_amount, detectable_share, people_needed

LITTLE: Final = 0.5
"""Ours: a control group that finds nothing less than half as many again finds no effect that a message has."""

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class AskedEffect:
    """An increase: by a part of what it would be anyhow (`lift`, 0.1 is ten per cent more), or by so much (`difference`, 0.005 is half a point).
    One of the two."""

    lift: float | None = None
    difference: float | None = None

    def over(self, rate: float) -> float:
        """The difference that it makes to such a rate."""
        return self.difference if self.difference is not None else rate * (self.lift or 0)


@dataclass(frozen=True)
class AskedFigures:
    """Of the effect that was asked about. `difference` is that in shares; `people_needed` with the campaign's own control group, `control_percent`
    the smallest that shows it in this audience, `days` the shortest window of the curve in which this audience shows it. None where there is none."""

    lift: float | None
    difference: float | None
    people_needed: int | None
    control_percent: float | None
    days: float | None


@dataclass(frozen=True)
class CurvePoint:
    """If the goal's window were so many `days`: the `rate` of the past, what would be detectable, and how many people the effect needs."""

    days: float
    rate: float
    detectable: float | None
    relative: float | None
    people_needed: int | None


@dataclass(frozen=True)
class PastFigures:
    """Of whom the figures are known: so many `people` were in the audience of `since`, and what they did is known until `until`."""

    since: datetime
    until: datetime
    people: int
    goal_events: int
    unreadable: int


@dataclass(frozen=True)
class PowerFigures:
    """In people: `control` and `treated` make the `audience`, `held_out` are besides. `rate` is the share of the past's people who did the goal
    within its window, `value_a_head` what that came to a head; None where nobody was there to know it from."""

    campaign_id: str
    version: int
    as_of: datetime
    goal: str
    within_days: float
    audience: int
    control: int
    treated: int
    held_out: int
    control_percent: float
    past: PastFigures
    rate: float | None
    value_a_head: float | None
    detectable: Detectable
    effect: AskedFigures
    curve: Sequence[CurvePoint]


def power_figures(saved: Definition, goal: Goal, past: Past, sizes: Sizes, asked: AskedEffect, *, as_of: datetime) -> PowerFigures:
    """`past` and `sizes` are what `history` read of the audience of this version of a campaign."""
    campaign = parse_campaign(saved.document)
    curve = list(_curve(campaign, past, sizes, asked)) if past.people else []
    within = goal.within / _DAY
    here = next((point for point in curve if point.days == within), None)
    return PowerFigures(
        campaign_id=saved.id,
        version=saved.version,
        as_of=as_of,
        goal=goal.event,
        within_days=within,
        audience=sizes.people,
        control=sizes.control,
        treated=sizes.people - sizes.control,
        held_out=sizes.held_out,
        control_percent=percent_of(campaign.control_buckets),
        past=PastFigures(as_of - past.span, as_of, past.people, past.goal_events, past.unreadable),
        rate=here.rate if here else None,
        value_a_head=past.mean if here and goal.value and past.goal_events > past.unreadable else None,
        detectable=detectable(campaign, goal, past, sizes.people - sizes.control, sizes.control),
        effect=_effect(campaign, here, curve, sizes, asked),
        curve=curve,
    )


def detectable(campaign: Campaign, goal: Goal, past: Past, treated: int, control: int) -> Detectable:
    """With groups of these sizes, and as the past was; of several variants the one with the fewest people."""
    if not past.people:
        return Detectable()
    people, rate = int(treated * _part(campaign)), past.rate(goal.within)
    share = detectable_share(rate, people, control)
    value = detectable_amount(past.mean, past.variance, people, control) if goal.value else None
    return Detectable(share, share / rate if share is not None and rate else None, value)


def shows_little(found: Detectable) -> bool:
    """Whether groups find nothing, or nothing but what hardly happens."""
    return found.conversion is None or (found.relative is not None and found.relative > LITTLE)


def _curve(campaign: Campaign, past: Past, sizes: Sizes, asked: AskedEffect) -> Iterator[CurvePoint]:
    people = int((sizes.people - sizes.control) * _part(campaign))
    for window, _ in past.did:
        rate = past.rate(window)
        share = detectable_share(rate, people, sizes.control)
        relative = share / rate if share is not None and rate else None
        yield CurvePoint(window / _DAY, rate, share, relative, _needed(campaign, rate, asked))


def _effect(campaign: Campaign, here: CurvePoint | None, curve: Sequence[CurvePoint], sizes: Sizes, asked: AskedEffect) -> AskedFigures:
    if here is None:
        return AskedFigures(asked.lift, asked.difference, None, None, None)
    difference = asked.over(here.rate)
    buckets = control_needed(here.rate, difference, sizes.people, part=_part(campaign))
    days = next((point.days for point in curve if point.people_needed is not None and point.people_needed <= sizes.people), None)
    return AskedFigures(asked.lift, difference, here.people_needed, None if buckets is None else percent_of(buckets), days)


def _needed(campaign: Campaign, rate: float, asked: AskedEffect) -> int | None:
    held_back = campaign.control_buckets / BUCKETS
    return people_needed(rate, asked.over(rate), control=held_back, treated=_part(campaign) * (1 - held_back))


def _part(campaign: Campaign) -> float:
    """Of all who are treated, how many get the variant that the fewest get: each is judged beside the control group by itself."""
    weights = [variant.weight for variant in campaign.variants]
    return min(weights) / sum(weights)
