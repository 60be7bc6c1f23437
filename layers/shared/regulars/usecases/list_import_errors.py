"""What was refused of an import, each with its line and its reason, an object at a time."""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import orjson

from regulars.ports import ImportStore, ObjectStore
from regulars.usecases.ingest import errors_folder

MOST_BYTES: Final = 4 * 1024 * 1024
"""Of JSON in one answer; an event that makes it more is left out, its line and reason stay."""


@dataclass(frozen=True)
class ImportErrors:
    """`errors` are in the order of their lines within a part; `next` is where the following ones are, empty at the end."""

    errors: Sequence[dict[str, Any]]
    next: str


def list_import_errors(identity: str, *, page: str, lake: ObjectStore, imports: ImportStore) -> ImportErrors:
    """Raises NotFoundError for an import that there is none of."""
    imports.get(identity)
    folder = errors_folder(identity)
    keys = list(islice(lake.keys(folder, after=folder + page if page else ""), 2))
    if not keys:
        return ImportErrors([], "")
    errors, taken = [], 0
    for line in gzip.decompress(lake.get(keys[0])).splitlines():
        error = orjson.loads(line)
        taken += len(line)
        if taken > MOST_BYTES:
            taken -= len(error.pop("text", ""))
        event = _event(error["text"]) if "text" in error else None
        errors.append({**{name: error[name] for name in ("file", "line", "reason", "message")}, "event": event})
    return ImportErrors(errors, keys[0].removeprefix(folder) if len(keys) > 1 else "")


def _event(text: str) -> Any:
    """What was refused, or its text where JSON cannot carry it."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
