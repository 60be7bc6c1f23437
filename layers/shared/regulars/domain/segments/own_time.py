"""`"timezone": "user"`: which clauses can be read by each person's own clock."""

from typing import Final, assert_never

from regulars.domain.language import Fields, listed
from regulars.domain.segments.judgement import Condition, Elements, Judgement
from regulars.domain.segments.measure import Distinct, Edge, Period, Rank
from regulars.domain.segments.operators import MOMENT_OPERATORS
from regulars.domain.segments.rule import EventClause, OwnTime, Trait
from regulars.domain.segments.zones import TIMEZONE

KEY: Final = TIMEZONE
"""The key of a clause; the trait that it goes by is called the same."""


def is_own_time(given: Fields) -> bool:
    """Whether the clause says so. Raises InvalidRuleError where it names anything else."""
    return KEY in given and given[KEY].choice(("user",)) == "user"


def own_time(given: Fields, clause: Trait | EventClause) -> OwnTime:
    """The clause by each person's own clock. Raises InvalidRuleError where that changes nothing: it would only leave out whoever has no time zone."""
    if isinstance(clause, EventClause) and isinstance(clause.measure, Rank):
        given[KEY].refuse("a place among all people is by one clock: leave it out")
    if not _goes_by_a_clock(clause):
        bounds = "" if isinstance(clause, Trait) else ", a bound of a period without a zone, or `distinct`: `day`"
        given[KEY].refuse(f"nothing here goes by a clock: leave it out, or use one of {listed(MOMENT_OPERATORS)}{bounds}")
    return OwnTime(clause)


def _goes_by_a_clock(clause: Trait | EventClause) -> bool:
    match clause:
        case Trait(test=test):
            return _compares_moments(test)
        case EventClause(where=where, period=period, measure=measure):
            days = isinstance(measure, Distinct) and measure.path is None
            periods = (period, measure.period) if isinstance(measure, Edge) else (period,)
            return days or any(map(is_local, periods)) or any(_asks_for_a_moment(condition) for condition in where)
        case _:
            assert_never(clause)


def is_local(period: Period) -> bool:
    """Whether its bounds are what a clock shows. Either both are, or neither."""
    bound = period.start or period.end
    return bound is not None and bound.tzinfo is None


def _asks_for_a_moment(condition: Condition) -> bool:
    return _compares_moments(condition.test)


def _compares_moments(test: Judgement) -> bool:
    return (test.test if isinstance(test, Elements) else test).operator in MOMENT_OPERATORS
