"""What becomes of a ready-made segment where one of its id is there already."""

from collections.abc import Mapping
from typing import Any, Literal

from regulars.domain.documents import JsonObject
from regulars.domain.segments.lifecycle.definitions import ready_made
from regulars.domain.segments.lifecycle.names import ShopNames

_ANY = ShopNames(purchase="a purchase", revenue="its revenue")
_PAYING = frozenset({"purchase", "revenue"})

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


def written_for(documents: Mapping[str, JsonObject]) -> ShopNames:
    """What a purchase and its revenue are called in the ready-made segments that are there (by id), as far as nobody made them their own."""
    told: dict[str, str] = {}
    for made in ready_made():
        existing = documents.get(made.segment_id)
        if set(made.needs) <= _PAYING and standing_of(made.document(_ANY), existing) in ("unchanged", "renamed"):
            told = {**_named(existing), **told}
    return ShopNames(purchase=told.get("event"), revenue=told.get("sum"))


def _named(value: Any) -> dict[str, str]:
    """The first value of each of _NAMES in a document."""
    found: dict[str, str] = {}
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        if key in _NAMES:
            found.setdefault(str(key), inner[0] if isinstance(inner, list) else inner)
        else:
            found = {**_named(inner), **found}
    return found


def _blank(value: Any) -> Any:
    """Without the names that a shop gives things."""
    match value:
        case dict():
            return {key: None if key in _NAMES else _blank(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_blank(inner) for inner in value]
        case _:
            return value
