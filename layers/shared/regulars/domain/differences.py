"""What changed from one version of a definition to another, by path: `rule.all[1].within: 30d -> 60d`.

Parts of a list are known by what they say, not by their place: a clause that is put first changes no other. A path is where the newer version has
it, or, of what is gone, where the older one had it.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final, Literal

from regulars.domain.documents import JsonObject

LONGEST_SHOWN: Final = 120
"""Characters of a value in a sentence; the value itself is whole."""

_PLAIN_TEXT: Final = re.compile(r"(?=.*[A-Za-z])[\w.:/@ +-]*\w")
_WORDS_OF_JSON: Final = frozenset({"true", "false", "null"})


@dataclass(frozen=True)
class Change:
    """`text` says it in a line. Values are JSON; `before` of what was added is None, and `after` of what was removed."""

    path: str
    kind: Literal["changed", "added", "removed"]
    before: Any
    after: Any
    text: str


def changes(before: JsonObject, after: JsonObject) -> Sequence[Change]:
    """In the order of the newer document; what is gone comes where it was. Two documents that are equal have none."""
    return list(_between(before, after, ""))


def _between(before: Any, after: Any, path: str) -> Iterator[Change]:
    if _canonical(before) == _canonical(after):  # 1, 1.0 and true are equal in Python
        return
    match before, after:
        case Mapping(), Mapping() if not path or set(before) & set(after):
            yield from _between_objects(before, after, path)
        case list() | tuple(), list() | tuple():
            yield from _between_lists(before, after, path)
        case _:
            yield Change(path, "changed", before, after, f"{path}: {_told(before)} -> {_told(after)}")


def _between_objects(before: Mapping[str, Any], after: Mapping[str, Any], path: str) -> Iterator[Change]:
    for name in [*after, *(name for name in before if name not in after)]:
        place = f"{path}.{name}" if path else name
        if name not in before:
            yield _added(place, after[name])
        elif name not in after:
            yield _removed(place, before[name])
        else:
            yield from _between(before[name], after[name], place)


def _between_lists(before: Sequence[Any], after: Sequence[Any], path: str) -> Iterator[Change]:
    matched = SequenceMatcher(None, [_canonical(each) for each in before], [_canonical(each) for each in after], autojunk=False)
    for _, old, old_end, new, new_end in matched.get_opcodes():
        paired = min(old_end - old, new_end - new)
        for step in range(paired):
            yield from _between(before[old + step], after[new + step], f"{path}[{new + step}]")
        for place in range(old + paired, old_end):
            yield _removed(f"{path}[{place}]", before[place])
        for place in range(new + paired, new_end):
            yield _added(f"{path}[{place}]", after[place])


def _added(path: str, value: Any) -> Change:
    return Change(path, "added", None, value, f"{path}: added {_told(value)}")


def _removed(path: str, value: Any) -> Change:
    return Change(path, "removed", value, None, f"{path}: removed {_told(value)}")


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _told(value: Any) -> str:
    """A text without quotes where nobody can take it for anything else."""
    plain = isinstance(value, str) and value not in _WORDS_OF_JSON and _PLAIN_TEXT.fullmatch(value)
    shown = value if plain else json.dumps(value, ensure_ascii=False)
    return shown if len(shown) <= LONGEST_SHOWN else f"{shown[: LONGEST_SHOWN - 1]}…"
