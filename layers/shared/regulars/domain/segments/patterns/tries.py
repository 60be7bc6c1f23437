"""How many ways an engine that backtracks (Trino's, Python's) may have to try a pattern at one place of a text.

Where the next character decides whether a repeat goes on and which option is taken, there is one way. What it leaves open multiplies: `a?a?a?aaa` has
2^3 ways, `.*a.*b` the square of the text's length; and inside a repeat, ways multiply with the text: `(a+)+b` doubles with each letter
(https://en.wikipedia.org/wiki/ReDoS). So inside a repeat nothing may be left open, and elsewhere not much.
"""

from collections.abc import Callable
from itertools import combinations
from math import prod
from typing import Final, NoReturn, assert_never

from regulars.domain.segments.patterns.tree import NONE, Anchor, Chars, Either, Node, Ranges, Repeat, Sequence, first, merged, nullable, overlap

MAX_TRIES: Final = 1_000_000
_LONG: Final = 1_000
"""How often a repeat without a bound is taken to go on."""

Refuse = Callable[[int, str], NoReturn]
"""Told where, and what is wrong."""


def check_tries(node: Node, refuse: Refuse) -> None:
    tries = _tries(node, NONE, refuse, repeated=False)
    if tries > MAX_TRIES:
        refuse(0, "there are too many ways to read it: let what follows a repeat begin with a character that cannot go on with it")


def _tries(node: Node, follow: Ranges, refuse: Refuse, *, repeated: bool) -> int:
    """`follow` are the characters that can come after it, in what it is a part of."""
    match node:
        case Chars() | Anchor():
            return 1
        case Sequence(parts):
            return _of_sequence(parts, follow, refuse, repeated=repeated)
        case Either(options, at):
            ways = prod(_tries(option, follow, refuse, repeated=repeated) for option in options)
            chosen = [merged((*first(option), *(follow if nullable(option) else NONE))) for option in options]
            if not any(overlap(one, other) for one, other in combinations(chosen, 2)):
                return ways
            return ways * _left_open(len(options), at, refuse, repeated=repeated)
        case Repeat(body, low, high, at):
            again = first(body) if high is None or high > 1 else NONE
            ways = _tries(body, merged((*again, *follow)), refuse, repeated=repeated or high != 1)
            if low == high or not (nullable(body) or overlap(first(body), follow)):
                return ways
            return ways * _left_open(_LONG if high is None else high - low + 1, at, refuse, repeated=repeated)
        case _:
            assert_never(node)


def _of_sequence(parts: tuple[Node, ...], follow: Ranges, refuse: Refuse, *, repeated: bool) -> int:
    ways = 1
    for part in reversed(parts):
        ways *= _tries(part, follow, refuse, repeated=repeated)
        follow = merged((*first(part), *(follow if nullable(part) else NONE)))
    return ways


def _left_open(ways: int, at: int, refuse: Refuse, *, repeated: bool) -> int:
    if repeated:
        refuse(at, "inside a repeat the next character must decide how it goes on, or it could take for ever: `(a+)+`, `(a|ab)*`")
    return ways
