"""How many people each segment had at the last moment that somebody counted: nobody is counted for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from regulars.ports import DefinitionStore, EvaluationStore

LOOKED_AT = 10
"""Of the newest evaluations of a segment: a failed one is passed over, and so is one that still goes on."""


@dataclass(frozen=True)
class Size:
    """`version` is the segment's that was counted: of a newer one it says nothing."""

    count: int
    version: int
    as_of: datetime


@dataclass(frozen=True)
class Sizes:
    """By the segment's id; one that was not counted within 90 days is not in it."""

    sizes: Mapping[str, Size]


def last_sizes(*, definitions: DefinitionStore, evaluations: EvaluationStore) -> Sizes:
    """One query of DynamoDB a segment that is not archived. Raises StoreUnavailableError."""
    found = ((each.id, _last(each.id, evaluations)) for each in definitions.all("segment") if not each.archived)
    return Sizes({identity: size for identity, size in found if size is not None})


def _last(identity: str, evaluations: EvaluationStore) -> Size | None:
    """Of the latest moment, not of the latest question, which may have been about a year ago."""
    counted = [Size(each.count, each.version, each.as_of) for each in evaluations.listed(identity, limit=LOOKED_AT) if each.count is not None]
    return max(counted, key=lambda size: (size.as_of, size.version), default=None)
