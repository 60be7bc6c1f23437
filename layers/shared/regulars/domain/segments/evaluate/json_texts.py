"""JSON texts read as Trino reads them: a number keeps its spelling, and of two members of one name the first counts."""

import json
from functools import lru_cache
from typing import NoReturn

from regulars.domain.language import Path
from regulars.domain.language.wording import MISSING

_KEPT = 1_024
"""Documents that stay parsed: a rule asks several things of each. With four times as many they are out of the processor's own memory by the time that
they are thrown away, and a look back takes a fiftieth longer."""


class Spelled(str):
    """A number, as the document spells it."""

    __slots__ = ()


def value_at(document: str | None, path: Path) -> object:
    """What lies at the path, numbers as Spelled; MISSING where nothing does, and where the text is no JSON."""
    return inside(parsed(document), path)


def parsed(document: str | None) -> object:
    """MISSING where there is none, and where the text is no JSON."""
    return MISSING if document is None else _parsed(document)


def inside(found: object, path: Path) -> object:
    """What lies at the path in a value that is parsed."""
    for name in path:
        if not isinstance(found, dict) or name not in found:
            return MISSING
        found = found[name]
    return found


def scalar(value: object) -> str | None:
    """Texts, numbers and booleans as text; None for anything else and where there is nothing.
    https://trino.io/docs/current/functions/json.html#json_extract_scalar"""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return str(value)
        case _:
            return None


def exists(value: object) -> bool:
    """True for any JSON value but null."""
    return value is not MISSING and value is not None


@lru_cache(_KEPT)
def _parsed(document: str) -> object:
    try:
        return _decoded(document)
    except (ValueError, RecursionError):
        return MISSING


def _decoded(document: str) -> object:
    """As `decode` does it, which looks for space around the document first: hardly anybody writes any."""
    try:
        found, end = _DECODER.raw_decode(document)
    except json.JSONDecodeError:
        return _DECODER.decode(document)
    return found if end == len(document) else _DECODER.decode(document)


def _first_of_each(members: list[tuple[str, object]]) -> dict[str, object]:
    return dict(reversed(members))


def _refused(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


_DECODER = json.JSONDecoder(parse_int=Spelled, parse_float=Spelled, parse_constant=_refused, object_pairs_hook=_first_of_each)
"""Made once: `json.loads` would make one for each document."""
