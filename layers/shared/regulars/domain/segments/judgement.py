"""What is asked of one value: an operator with its operand, of the value or of what is in a list.

Operands are normalised by the parser so that equality in Python means equality in SQL: numbers are floats, booleans in comparisons are the texts
`true` and `false`, moments are aware datetimes in UTC, but for those that `rule.OwnTime` reads by the clock of each person.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from regulars.domain.language import Path
from regulars.domain.segments.patterns import Pattern
from regulars.domain.segments.versions import Version


@dataclass(frozen=True)
class Anniversary:
    """A day of the year that comes round within so many days: 1 is the as-of day alone."""

    days: int


Operand = bool | int | float | str | datetime | timedelta | Anniversary | Pattern | Version | tuple[float, ...] | tuple[str, ...]


@dataclass(frozen=True)
class Test:
    """One operator and its operand. Which operand goes with which operator is `operators.OPERATORS`."""

    __test__ = False  # pytest must not take it for a test class

    operator: str
    operand: Operand


@dataclass(frozen=True)
class Elements:
    """What the elements of a list must be like, at `path` in each: one of them is enough, but what is said not to be must be of none."""

    path: Path
    test: Test

    @property
    def every(self) -> bool:
        """Whether all of them must meet the test, which then says what is not to be."""
        return self.test.operator in ("ne", "nin", "not_contains") or (self.test.operator == "exists" and not self.test.operand)


Judgement = Test | Elements
"""What is asked of one value."""


@dataclass(frozen=True)
class Condition:
    """What a property of an event must be like."""

    path: Path
    test: Judgement
