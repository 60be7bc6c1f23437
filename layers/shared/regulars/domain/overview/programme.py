"""What all messages together do: people whom no campaign reaches in a quarter (`delivery.global_control`) beside all others.

Compared are people who were known when the comparison began: at the quarter's beginning, or when the share was set last, if that was in the quarter.
So whoever is in either group is so by their bucket alone.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from regulars.domain.campaigns.campaign import CONTROL
from regulars.domain.delivery.shares import percent_of
from regulars.domain.measure.arm import Arm, value_of
from regulars.domain.measure.effect import Contrast, Question, contrast
from regulars.domain.measure.paired import counted
from regulars.domain.measure.several import judged
from regulars.domain.overview.figures import ProgrammeEffect, QuarterFigures
from regulars.domain.overview.quarters import Period
from regulars.domain.queries import ResultRow

MESSAGED: Final = "messaged"


def read_programme(rows: Iterable[ResultRow], asked: Sequence[Period], *, no_value: str = "") -> list[QuarterFigures]:
    """`rows` are those of `programme_query`; `no_value` says why money can't be compared, where it can't."""
    groups = {(row["quarter"], row["held_out"] == "1"): row for row in rows}
    found = []
    for period in asked:
        messaged, held_out = (_arm(name, groups.get((period.quarter, name == CONTROL))) for name in (MESSAGED, CONTROL))
        found.append(_figures(period, messaged, held_out, no_value))
    return found


def _arm(name: str, row: ResultRow | None) -> Arm:
    if row is None:
        return Arm(name)
    people, *did = (int(row[column] or 0) for column in ("people", "converted", "converted_before", "converted_both"))
    return Arm(name, people, converted=did[0], conversion=counted(people, *did), value=value_of(people, row))


def _figures(period: Period, messaged: Arm, held_out: Arm, no_value: str) -> QuarterFigures:
    question = Question(("conversion", "value"), seed=period.group.salt, no_value=no_value)
    closed = not period.unfinished
    told = judged([contrast(messaged, held_out, metric, question) for metric in question.metrics], closed=closed)
    return QuarterFigures(
        quarter=period.quarter,
        since=period.since,
        unfinished=period.unfinished,
        percent=percent_of(period.group.buckets),
        held_out=held_out.people,
        messaged=messaged.people,
        rate_held_out=_rate(held_out),
        rate_messaged=_rate(messaged),
        value_held_out=None if no_value else _value(held_out),
        value_messaged=None if no_value else _value(messaged),
        effect=[_effect(one, closed=closed) for one in told],
    )


def _rate(arm: Arm) -> float | None:
    return arm.converted / arm.people if arm.people else None


def _value(arm: Arm) -> float | None:
    return arm.value.mean if arm.people else None


def _effect(one: Contrast, *, closed: bool) -> ProgrammeEffect:
    estimate = one.estimate
    return ProgrammeEffect(
        metric=one.metric,
        method=one.method,
        difference=one.difference,
        low=estimate.low if estimate else None,
        high=estimate.high if estimate else None,
        p=estimate.p if estimate else None,
        verdict=one.verdict,
        adjusted=one.adjusted.figures if one.adjusted else None,
        anytime=one.bounds_at_any_time,
        judged_by=one.judged_by(closed=closed),
        caused=one.caused(closed=closed),
        note=one.note or None,
    )
