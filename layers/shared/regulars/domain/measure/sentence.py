"""The report in a sentence or two, for somebody who will read nothing else. It never claims what the interval does not hold."""

from collections.abc import Sequence
from datetime import timedelta

from regulars.domain.campaigns.campaign import Campaign, Goal
from regulars.domain.measure.arm import Arm
from regulars.domain.measure.effect import Effect
from regulars.domain.reasons import REHEARSAL

_UNITS = (
    (timedelta(weeks=1), "week"),
    (timedelta(days=1), "day"),
    (timedelta(hours=1), "hour"),
    (timedelta(minutes=1), "minute"),
)


def sentence(campaign: Campaign, arms: Sequence[Arm], effects: Sequence[Effect], *, closed: bool, rehearsal: bool = False) -> str:
    """`closed` says whether the goal's window has passed; before that everything is so far."""
    treated = [arm for arm in arms if not arm.is_control]
    control = sum(arm.people for arm in arms if arm.is_control)
    people = sum(arm.people for arm in treated)
    if not people + control:
        return "Nobody was in the audience."
    reached = f"{sum(arm.sent for arm in treated):,} of {people:,} people were sent the message, {control:,} were held back."
    if rehearsal:
        would = sum(arm.skipped.get(REHEARSAL, 0) for arm in treated)
        reached = f"A rehearsal: nothing was sent; {would:,} of {people:,} people would have been, {control:,} were held back."
    if campaign.goal is None:
        return f"{reached} The campaign names no goal, so what the message changed cannot be known."
    opening = reached if closed else f"{reached} So far, with the window still open:"
    if not effects:
        why = "is empty" if campaign.control_buckets else "was switched off"
        done = "; ".join(_share(arm, campaign.goal) for arm in treated)
        return f"{opening} {done}. The control group {why}, so what the message changed cannot be known.{_unread(campaign.goal, arms)}"
    told = [_told(arm, campaign.goal, effects, many=len(treated) > 1) for arm in treated]
    held_back = next(arm for arm in arms if arm.is_control)
    return f"{opening} {_share(held_back, campaign.goal)} in the control group. {' '.join(told)}{_unread(campaign.goal, arms)}"


def _share(arm: Arm, goal: Goal) -> str:
    share = 100 * arm.converted / arm.people if arm.people else 0
    return f"{share:.1f} % of {arm.people:,} did {goal.event} within {length(goal.within)}"


def _told(arm: Arm, goal: Goal, effects: Sequence[Effect], *, many: bool) -> str:
    """What one variant changed."""
    who = f"Of those with variant {arm.name}" if many else "Of those treated"
    share = f"{100 * arm.converted / arm.people:.1f} %" if arm.people else "nobody"
    own = {effect.metric: effect.interval for effect in effects if effect.variant == arm.name}
    conversion = own["conversion"]
    if conversion is None:
        return f"{who} it was {share}; with so few people nothing can be said about what the message changed."
    points = f"{_signed(100 * conversion.difference, 1)} points"
    interval = f"95 % interval {_signed(100 * conversion.low, 1)} to {_signed(100 * conversion.high, 1)}"
    told = f"{who} it was {share}: {points} ({interval}), {_verdict(conversion.excludes_zero)}."
    value = own.get("value")
    if value is None:
        return told
    name = ".".join(goal.value)
    range_ = f"95 % interval {_signed(value.low, 2)} to {_signed(value.high, 2)}"
    return f"{told} A head, {name} differs by {_signed(value.difference, 2)} ({range_}), {_verdict(value.excludes_zero)}."


def _unread(goal: Goal, arms: Sequence[Arm]) -> str:
    """How much of the value could not be read, where any of it was asked for."""
    unreadable, events = sum(arm.unreadable for arm in arms), sum(arm.goal_events for arm in arms)
    if not goal.value or not unreadable:
        return ""
    return f" Of {events:,} times {goal.event}, {unreadable:,} had no readable {'.'.join(goal.value)}, which counts as 0."


def _verdict(excludes_zero: bool) -> str:
    return "more than chance explains" if excludes_zero else "which cannot be told from zero"


def _signed(number: float, digits: int) -> str:
    return f"{number:+,.{digits}f}"


def length(span: timedelta) -> str:
    """`7 days`, `1 hour`: in the largest unit that fits evenly, where weeks begin at two."""
    for unit, name in _UNITS:
        count, rest = divmod(span, unit)
        if not rest and count and not (name == "week" and count == 1):
            return f"{count} {name}{'' if count == 1 else 's'}"
    return str(span)
