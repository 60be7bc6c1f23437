"""How a report speaks of people, money and time."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from regulars.domain.numbers import spelled

_UNITS = (
    (timedelta(weeks=1), "week"),
    (timedelta(days=1), "day"),
    (timedelta(hours=1), "hour"),
    (timedelta(minutes=1), "minute"),
)

_LARGEST_HUNDRED = 100_000


def length(span: timedelta) -> str:
    """`7 days`, `1 hour`: in the largest unit that fits evenly, where weeks begin at two."""
    for unit, name in _UNITS:
        count, rest = divmod(span, unit)
        if not rest and count and not (name == "week" and count == 1):
            return f"{count} {name}{'' if count == 1 else 's'}"
    return str(span)


def moment(at: datetime) -> str:
    """`8 October 2017, 00:00 UTC`."""
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


def hundred(shares: Iterable[float]) -> int:
    """Of how many people to speak, so that the largest of these shares of them is a person at least: 100, or a 1,000 of what is rarer, and so on."""
    largest, people = max(map(abs, shares), default=1.0), 100
    while largest > 0 and people < _LARGEST_HUNDRED and round(largest * people, 1) < 1:
        people *= 10
    return people


def signed(number: float, digits: int = 1) -> str:
    """`+1.2`, `-3,000.0`, and 0 without a sign."""
    return f"{'+' if number > 0 else ''}{spelled(number, digits)}"


def more(number: float, digits: int = 1, *, unit: str = "", less: str = "fewer") -> str:
    """`1.2 EUR more`, `1.2 fewer`."""
    return f"{spelled(abs(number), digits)}{unit} {less if number < 0 else 'more'}"


def together(texts: Sequence[str]) -> str:
    """`a, b and c`."""
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"


def people(count: int) -> str:
    """`1 person`, `1,200 people`, `nobody`."""
    return {0: "nobody", 1: "1 person"}.get(count, f"{count:,} people")
