"""What becomes of a ready-made segment where one of its id is there already."""

from typing import Any, Literal

from regulars.domain.documents import JsonObject

Standing = Literal["new", "unchanged", "renamed", "yours"]
"""`renamed`: it is what `segment init` wrote for other names; `yours`: somebody made it their own, and it is kept."""

_NAMES = ("event", "sum")
"""Keys whose values are a shop's names."""


def standing_of(document: JsonObject, existing: JsonObject | None) -> Standing:
    """`existing` is the newest version that is in use."""
    if existing is None:
        return "new"
    if existing == document:
        return "unchanged"
    return "renamed" if _blank(existing) == _blank(document) else "yours"


def _blank(value: Any) -> Any:
    """Without the names that a shop gives things."""
    match value:
        case dict():
            return {key: None if key in _NAMES else _blank(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_blank(inner) for inner in value]
        case _:
            return value
