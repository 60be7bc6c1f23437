"""Segments, campaigns, journeys, tracking plans, lists of places and the settings as they are kept: every put is a new version, and old ones stay."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from regulars.domain.documents import JsonObject
from regulars.domain.errors import StaleVersionError

DefinitionKind = Literal["segment", "campaign", "journey", "plan", "places", "settings"]


@dataclass(frozen=True)
class Definition:
    """One version. `document` is what was put, with its `id`; what it means is for the parsers of its kind.

    An archived definition is kept and shown, but can neither be used nor found in lists until somebody puts it again.
    """

    kind: DefinitionKind
    id: str
    version: int
    document: JsonObject
    saved_at: datetime
    saved_by: str
    archived: bool = False

    @property
    def shown(self) -> JsonObject:
        """The document with what it was saved as: what was got can be put again."""
        return {**self.document, "version": self.version, **({"archived": True} if self.archived else {})}


def documents_of(definitions: Iterable[Definition]) -> Mapping[str, JsonObject]:
    """Their documents by id."""
    return {each.id: each.document for each in definitions}


def require_newest(kind: DefinitionKind, identity: str, newest: int, expected: int | None) -> None:
    """Raises StaleVersionError if `newest` (0: there is none) is not the version that somebody means to replace; None: whichever it is."""
    if expected is not None and newest != expected:
        now = f"its newest version is {newest}" if newest else "there is none"
        raise StaleVersionError(f"{kind} {identity} was changed meanwhile: {now}, not {expected}", version=newest)


@dataclass(frozen=True)
class PutWarning:
    """What is odd about a definition that is saved all the same. `path` is where its document says it, `meant` what is known and looks most like what
    stands there, to be said instead; empty where nothing does."""

    path: str
    message: str
    meant: str = ""
