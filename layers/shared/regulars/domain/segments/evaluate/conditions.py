"""What the properties of an event must be like, made ready once: it is asked of every event there is."""

from collections.abc import Callable, Sequence
from datetime import datetime

from regulars.domain.segments.evaluate.json_texts import inside, parsed
from regulars.domain.segments.evaluate.judging import judge_of
from regulars.domain.segments.judgement import Condition

Met = Callable[[str | None, datetime], bool]
"""Of the JSON of an event's properties, as of a moment."""


def all_met(where: Sequence[Condition]) -> Met:
    """Whether each condition is true; unknown is not."""
    if not where:
        return anything
    met = [_met(each) for each in where]
    return met[0] if len(met) == 1 else lambda properties, as_of: all(one(properties, as_of) for one in met)


def _met(condition: Condition) -> Met:
    path, judge = condition.path, judge_of(condition.test)
    return lambda properties, as_of: judge(inside(parsed(properties), path), as_of) is True


def anything(_properties: str | None, _as_of: datetime) -> bool:
    """Where nothing is asked."""
    return True
