"""The tree of a regular expression, and which characters it can begin with."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, assert_never

LAST: Final = 0x10FFFF
"""The last character of Unicode."""

Ranges = tuple[tuple[int, int], ...]
"""Characters by their numbers, from and to, both included; in order, and none that touch."""

NONE: Final[Ranges] = ()


@dataclass(frozen=True)
class Chars:
    """One character: one of these, or where `negated` any other."""

    ranges: Ranges
    negated: bool = False

    @property
    def all(self) -> Ranges:
        return without(self.ranges) if self.negated else self.ranges


@dataclass(frozen=True)
class Anchor:
    """The beginning of the text, or its end."""

    start: bool


@dataclass(frozen=True)
class Sequence:
    """One after another."""

    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Either:
    """One of them. `at` is where the group begins in what was written."""

    options: tuple["Node", ...]
    at: int


@dataclass(frozen=True)
class Repeat:
    """From `low` to `high` times, where that is None any number of times. `at` is where the quantifier stands."""

    body: "Node"
    low: int
    high: int | None
    at: int


Node = Chars | Anchor | Sequence | Either | Repeat


def merged(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """The same characters in order, each once."""
    joined: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = joined[-1][0], max(high, joined[-1][1])
        else:
            joined.append((low, high))
    return tuple(joined)


def without(ranges: Ranges) -> Ranges:
    """All other characters."""
    ends = [-1, *(high for _, high in ranges)]
    begins = [*(low for low, _ in ranges), LAST + 1]
    return tuple((end + 1, begin - 1) for end, begin in zip(ends, begins, strict=True) if end + 1 < begin)


def overlap(one: Ranges, other: Ranges) -> bool:
    return any(low <= last and first <= high for low, high in one for first, last in other)


def nullable(node: Node) -> bool:
    """Whether it can match nothing at all."""
    match node:
        case Chars():
            return False
        case Anchor():
            return True
        case Sequence(parts):
            return all(map(nullable, parts))
        case Either(options):
            return any(map(nullable, options))
        case Repeat(body, low):
            return low == 0 or nullable(body)
        case _:
            assert_never(node)


def first(node: Node) -> Ranges:
    """The characters that it can begin with."""
    match node:
        case Chars():
            return node.all
        case Anchor():
            return NONE
        case Sequence(parts):
            return _first_of_all(parts)
        case Either(options):
            return merged(each for option in options for each in first(option))
        case Repeat(body):
            return first(body)
        case _:
            assert_never(node)


def _first_of_all(parts: tuple[Node, ...]) -> Ranges:
    found: list[tuple[int, int]] = []
    for part in parts:
        found += first(part)
        if not nullable(part):
            break
    return merged(found)


def size(node: Node) -> int:
    """How many characters it has with its bounded repeats written out."""
    match node:
        case Chars() | Anchor():
            return 1
        case Sequence(parts):
            return sum(map(size, parts))
        case Either(options):
            return sum(map(size, options))
        case Repeat(body, low, high):
            return size(body) * max(1, low if high is None else high)
        case _:
            assert_never(node)
