"""What changed between two versions of a definition, and from each version to the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from regulars.domain.definitions import DefinitionKind
from regulars.domain.differences import Change, changes
from regulars.domain.errors import InvalidRequestError
from regulars.ports import DefinitionStore


@dataclass(frozen=True)
class Version:
    """One version of a definition, without its document; `changes` says in lines what it made of the version before."""

    version: int
    saved_at: datetime
    saved_by: str
    archived: bool
    changes: Sequence[str]


@dataclass(frozen=True)
class Versions:
    """The newest first."""

    versions: Sequence[Version]


@dataclass(frozen=True)
class Difference:
    """Nothing in `changes` where both versions say the same."""

    id: str
    from_version: int
    to_version: int
    changes: Sequence[Change]


def list_versions(kind: DefinitionKind, identity: str, *, definitions: DefinitionStore) -> Versions:
    """Raises NotFoundError."""
    found = definitions.versions(kind, identity)
    told = [[change.text for change in changes(older.document, newer.document)] for newer, older in pairwise(found)]
    return Versions(
        [Version(each.version, each.saved_at, each.saved_by, each.archived, lines) for each, lines in zip(found, [*told, []], strict=True)]
    )


def compare_versions(
    kind: DefinitionKind, identity: str, *, from_version: int | None = None, to_version: int | None = None, definitions: DefinitionStore
) -> Difference:
    """To the newest version unless another is named, from the one before it unless another is named. Raises NotFoundError, InvalidRequestError."""
    newer = definitions.get(kind, identity, to_version)
    first = newer.version - 1 if from_version is None else from_version
    if not first:
        raise InvalidRequestError(f"{kind} {identity} has nothing before version 1 to compare it with", field="from")
    older = definitions.get(kind, identity, first)
    return Difference(identity, older.version, newer.version, changes(older.document, newer.document))
