"""JSON in which every key of an object stands once, and every number is one: of two keys with the same name Python keeps the last, and nobody hears
of the other.

This file stands twice, word by word (a test holds that): in the domain, and in the command line, which is installed without it.
"""

import json
from collections.abc import Iterator, Sequence
from math import isfinite
from typing import Any


class FlawedJsonError(ValueError):
    """It can be read, and does not say what its author believes. `flaws`: all of them, each its path and what is wrong there."""

    def __init__(self, flaws: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{path}: {said}" if path else said for path, said in flaws))
        self.flaws = flaws


class _Object(dict[str, Any]):
    """An object with the keys that stand twice in it."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        names = [name for name, _ in pairs]
        self.twice = [name for name in self if names.count(name) > 1] if len(names) > len(self) else []


def loads(body: str | bytes) -> Any:
    """Raises FlawedJsonError for keys that stand twice and for what no JSON has in place of a number (NaN, Infinity, 1e999); any other ValueError,
    or RecursionError, for what cannot be read."""
    document = json.loads(body, object_pairs_hook=_Object)
    if flaws := list(_flaws(document, "")):
        raise FlawedJsonError(flaws)
    return document


def _flaws(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, _Object):
        within = f"{path}." if path else ""
        for name in value.twice:
            yield f"{within}{name}", "is written twice in the same object; only the last of them would count"
        for name, inner in value.items():
            yield from _flaws(inner, f"{within}{name}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _flaws(inner, f"{path}[{number}]")
    elif isinstance(value, float) and not isfinite(value):
        yield path, "is no number that JSON has"
