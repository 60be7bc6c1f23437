"""Saving a checked definition as a new version, unless the newest says the same already."""

from collections.abc import Sequence
from dataclasses import dataclass

from regulars.domain.definitions import DefinitionKind, PutWarning
from regulars.domain.documents import JsonObject
from regulars.domain.errors import NotFoundError
from regulars.ports import Clock, DefinitionStore


@dataclass(frozen=True)
class Saved:
    """`unchanged`: nothing was written, because this is what `version` says. `warnings` tell of what it names and nobody ever sent."""

    id: str
    version: int
    unchanged: bool
    warnings: Sequence[PutWarning] = ()


def save_definition(
    kind: DefinitionKind, identity: str, document: JsonObject, *, by: str, expected: int | None = None, definitions: DefinitionStore, clock: Clock
) -> Saved:
    """Whoever saves an archived definition again brings it back.

    Raises StaleVersionError where the newest version is not `expected`, unless it says the same: so a save whose answer was lost can be repeated.
    """
    try:
        newest = definitions.get(kind, identity)
    except NotFoundError:
        newest = None
    if newest and newest.document == document and not newest.archived:
        return Saved(identity, newest.version, unchanged=True)
    return Saved(identity, definitions.put(kind, identity, document, at=clock.now(), by=by, after=expected).version, unchanged=False)
