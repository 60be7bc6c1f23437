"""The steps of a repair, as options or as a file. What they mean is for the API to say."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from .client import Document
from .errors import CommandError
from .output import read_document


def repair_of(file: str, *, rename: Sequence[str], set_: Sequence[str], default: Sequence[str], cast: Sequence[str]) -> Document:
    """The document of a repair. Raises CommandError for both a file and options, and for an option that cannot be read."""
    if file and any((rename, set_, default, cast)):
        raise CommandError("--repair is a file of all steps: leave the other steps out, or write them into it", code="usage")
    if file:
        return read_document(file)
    steps = [
        *({"rename": path, "to": other} for path, other in _pairs("--rename", rename)),
        *({"set": path, **_value(text)} for path, text in _pairs("--set", set_)),
        *({"default": path, **_value(text)} for path, text in _pairs("--default", default)),
        *({"cast": path, "to": kind} for path, kind in _pairs("--cast", cast)),
    ]
    return {"steps": steps} if steps else {}


def _pairs(option: str, texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    for text in texts:
        path, separator, value = text.partition("=")
        if not path or not separator:
            raise CommandError(f"{option} {text!r} has no `=`", code="usage", advice=f"As in {option} properties.currency=EUR.")
        yield path, value


def _value(text: str) -> dict[str, Any]:
    """A number, true, false, null, a list, an object or a text in quotes as JSON writes it; `@path`; else the text as it is."""
    if text.startswith("@"):
        return {"from": text[1:]}
    try:
        value = json.loads(text)
        json.dumps(value, allow_nan=False)
    except (ValueError, RecursionError):
        return {"to": text}
    return {"to": value}
