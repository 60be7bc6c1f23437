"""JSON in which every key of an object stands once: of two with the same name Python keeps the last, and nobody hears of the other."""

import json
from collections.abc import Iterator
from typing import Any


class _Object(dict[str, Any]):
    """An object with the keys that stand twice in it."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        names = [name for name, _ in pairs]
        self.twice = [name for name in self if names.count(name) > 1] if len(names) > len(self) else []


def loads(body: str | bytes) -> Any:
    """Raises ValueError for what is no JSON, for a number that JSON cannot hold, and for keys that stand twice, with their paths."""
    document = json.loads(body, object_pairs_hook=_Object)
    json.dumps(document, allow_nan=False)  # Python also reads NaN, Infinity and 1e999
    if twice := list(_twice(document, "")):
        raise ValueError(f"written twice in the same object: {', '.join(twice)}; only the last of them would count")
    return document


def _twice(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, _Object):
        yield from (f"{path}{name}" for name in value.twice)
        for name, inner in value.items():
            yield from _twice(inner, f"{path}{name}.")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _twice(inner, f"{path.removesuffix('.')}[{number}].")
