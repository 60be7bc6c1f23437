"""JSON that is nested more deeply than it can be parsed, cut so that only what is too deep is lost, not its neighbours."""

import re
from collections.abc import Iterator
from typing import Final

DEEPEST: Final = 512
"""Levels of a body that are read: twice what an event may have (`examination.MAX_EVENT_DEPTH`), which refuses what was cut here, and half of what
orjson and Python's json read."""

_TOKENS: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[{]+|[\]}]+', re.DOTALL)
"""A text whole, or as far as it goes where it does not end; brackets that stand together. Nothing is looked at twice, whatever a body holds."""

_OPENING: Final = b"[{"
_CLOSING: Final = b"]}"


def cut(text: bytes) -> bytes:
    """The JSON with `null` for every object and array below DEEPEST levels; what is no JSON stays none. Takes time in proportion to its length."""
    return b"".join(_kept(text))


def _kept(text: bytes) -> Iterator[bytes]:
    level, kept = 0, 0
    for token in _TOKENS.finditer(text):
        start, end = token.span()
        first, count = text[start], end - start
        if first in _OPENING:
            if level <= DEEPEST < level + count:
                yield text[kept : start + DEEPEST - level] + b"null"
            level += count
        elif first in _CLOSING:
            if level - count <= DEEPEST < level:
                kept = start + level - DEEPEST
            level -= count
    yield b"" if level > DEEPEST else text[kept:]
