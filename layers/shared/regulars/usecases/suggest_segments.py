"""Which ready-made segments a shop's own events allow, and what is there of them already. Nothing is saved here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from regulars.domain.differences import changes
from regulars.domain.documents import JsonObject
from regulars.domain.segments.lifecycle import Purpose, ReadyMade, Role, ShopNames, Standing, ready_made, recognised, standing_of
from regulars.domain.segments.lifecycle.names import ROLES
from regulars.ports import DefinitionStore, ObjectStore
from regulars.usecases.current_settings import current_settings
from regulars.usecases.read_catalog import read_catalog


@dataclass(frozen=True)
class TakenName:
    """What is taken for a purchase, a cart and so on: None where nothing is. `sent`: whether it was ever sent."""

    role: Role
    name: str | None
    sent: bool


@dataclass(frozen=True)
class SuggestedSegment:
    """`document` is as it is put; `changes` are what putting it would change in what is there, a line each."""

    id: str
    name: str
    meaning: str
    purpose: Purpose
    standing: Standing
    document: JsonObject
    changes: Sequence[str] = ()


@dataclass(frozen=True)
class LeftOut:
    """A segment that needs events which are not there."""

    id: str
    missing: Sequence[Role]


@dataclass(frozen=True)
class Suggestions:
    names: Sequence[TakenName]
    segments: Sequence[SuggestedSegment]
    left_out: Sequence[LeftOut]


def suggest_segments(given: ShopNames, *, definitions: DefinitionStore, lake: ObjectStore) -> Suggestions:
    """`given` are names that somebody is sure of, and the settings say what a purchase is; the others are found in the catalog. Raises
    StoreUnavailableError."""
    known = known_names(lake)
    names = recognised(known, _told(given, definitions))
    there = {each.id: each.document for each in definitions.all("segment") if not each.archived}
    possible = [each for each in ready_made() if not each.missing(names)]
    return Suggestions(
        [TakenName(role, names.of(role), _sent(role, names, known)) for role in ROLES],
        [_suggested(each, names, there.get(each.segment_id)) for each in possible],
        [LeftOut(each.segment_id, missing) for each in ready_made() if (missing := each.missing(names))],
    )


def _told(given: ShopNames, definitions: DefinitionStore) -> ShopNames:
    """With the settings' purchase, and its money where that is a property of the event itself: a segment sums up nothing deeper by itself."""
    purchase = current_settings(definitions).purchase
    if given.purchase or purchase is None:
        return given
    money = purchase.value[0] if purchase.value and len(purchase.value) == 1 else None
    return replace(given, purchase=purchase.event, revenue=given.revenue or money)


def known_names(lake: ObjectStore) -> Mapping[str, Sequence[str]]:
    """Every event that was sent, with its properties. Raises StoreUnavailableError."""
    catalog = read_catalog(lake)
    return {name: list(catalog.properties(name)) for name in catalog.names} if catalog else {}


def _sent(role: Role, names: ShopNames, known: Mapping[str, Sequence[str]]) -> bool:
    there = known.get(names.purchase or "", ()) if role == "revenue" else known
    return names.of(role) in there


def _suggested(made: ReadyMade, names: ShopNames, existing: JsonObject | None) -> SuggestedSegment:
    document = made.document(names)
    standing = standing_of(document, existing)
    told = [change.text for change in changes(existing, document)] if existing else []
    return SuggestedSegment(made.segment_id, made.name, made.meaning, made.purpose, standing, document, told)
