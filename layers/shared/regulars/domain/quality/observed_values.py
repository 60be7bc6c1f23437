"""The values that a property had, as long as there are few, and without anybody's address or name among them.

A value is kept in words once PEOPLE different people told it. Of one that fewer told there is only its trace: twelve bits of its SHA-256, which are
those of countless others, too. So it can be said of a value that nobody told it, and of nobody what they told.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

MAX_VALUES: Final = 50
"""Of a property: more are no choice among a few, and then none is kept."""

MAX_LENGTH: Final = 100
"""Characters of a value as JSON writes it: a longer one is prose."""

PEOPLE: Final = 3
"""The threshold rule of statistical offices, of whom some ask for three and some for five: https://stats.oecd.org/glossary/detail.asp?ID=7010"""

ANYBODY: Final = "-"
"""The mark of an event without a user id: nobody knows of two whether two people sent them."""

Scalar = str | int | float | bool

_TRACE: Final = 3
"""Hexadecimal digits."""

_EXACT: Final = 2**53
"""Whole numbers up to it are doubles, too."""


@dataclass(frozen=True)
class ObservedValues:
    """By their traces: `common` has the values in words, as JSON writes them, `rare` of each other value the marks of those who told it."""

    common: Mapping[str, str] = field(default_factory=dict)
    rare: Mapping[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return len(self.common) + len(self.rare)

    @property
    def texts(self) -> tuple[str, ...]:
        """The common ones, as segments compare them."""
        return tuple(map(_text, self.common.values()))

    @property
    def are_spelled_out(self) -> bool:
        """Whether `texts` are all that there were, letter by letter: of the spellings of a number they have one."""
        return not self.rare and all(_number(text) is None for text in self.texts)

    @property
    def scalars(self) -> tuple[Scalar, ...]:
        """The common ones as JSON has them, texts first, in order."""
        return tuple(sorted(map(json.loads, self.common.values()), key=lambda value: (not isinstance(value, str), value)))

    def may_have(self, text: str) -> bool:
        """False where no value was told that segments take for this one."""
        found = _trace(text)
        return found in self.common or found in self.rare

    def merged(self, other: "ObservedValues") -> "ObservedValues":
        """Of two events of one name."""
        common = {**self.common, **other.common}
        return ObservedValues(common, {trace: marks for trace, marks in {**self.rare, **other.rare}.items() if trace not in common})


def with_sightings(known: ObservedValues, sightings: Iterable[str]) -> ObservedValues | None:
    """A sighting (of `catalog_sql`) is the mark of a person, one character, and a value as JSON writes it. None once there are too many values, or
    one is too long."""
    common, rare = dict(known.common), dict(known.rare)
    for sighting in sightings:
        mark, written = sighting[0], sighting[1:]
        if len(written) > MAX_LENGTH:
            return None
        trace = _trace(_text(written))
        if trace in common:
            continue
        marks = {*rare.pop(trace, ""), mark} - {ANYBODY}
        if len(marks) < PEOPLE:
            rare[trace] = "".join(sorted(marks))
        else:
            common[trace] = _plain(written)
    observed = ObservedValues(common, rare)
    return observed if observed.size <= MAX_VALUES else None


def _trace(text: str) -> str:
    """The same for all texts that spell one number: segments may take each for the others."""
    number = _number(text)
    return hashlib.sha256((text if number is None else repr(number)).encode()).hexdigest()[:_TRACE]


def _number(text: str) -> float | None:
    """Of at least the texts that segments take for numbers."""
    try:
        return float(text) + 0.0  # -0.0 is 0.0
    except ValueError:
        return None


def _text(written: str) -> str:
    """https://trino.io/docs/current/functions/json.html#json_extract_scalar"""
    value = json.loads(written)
    return value if isinstance(value, str) else written


def _plain(written: str) -> str:
    """One spelling for all that JSON has for a text or a whole number."""
    value = json.loads(written)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return str(int(value)) if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT else written
