"""The sources, and which keys they have; a key itself nobody can show any more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.collection.source import Source, State
from regulars.ports import Clock, SourceStore

_FINGERPRINT = 8
"""Hex digits of the digest that tell a source's keys apart."""


@dataclass(frozen=True)
class KeySummary:
    """`fingerprint` is the beginning of the key's SHA-256. Without `ends_at` it is valid until somebody ends it."""

    fingerprint: str
    made_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True)
class SourceSummary:
    """`keys` are those that are valid, the newest first."""

    name: str
    state: State
    created_at: datetime
    revoked_at: datetime | None
    keys: Sequence[KeySummary]


def list_sources(*, sources: SourceStore, clock: Clock) -> Sequence[SourceSummary]:
    now = clock.now()
    return [summary_of(source, now) for source in sources.all()]


def summary_of(source: Source, now: datetime) -> SourceSummary:
    keys = [KeySummary(key.digest[:_FINGERPRINT], key.made_at, key.ends_at) for key in source.keys if key.is_valid(now)]
    return SourceSummary(source.name, source.state, source.created_at, source.revoked_at, keys)
