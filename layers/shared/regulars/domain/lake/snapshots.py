"""Which state of the lake a statement reads: a snapshot of each Iceberg table, all as of one moment, so that the same text gives the same rows again.

A snapshot can be read for three days (infra/migrations/0013_upkeep.sql); a statement that names one which has expired fails.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

LONGEST_ID: Final = str(2**63 - 1)

Snapshots = Mapping[str, str | None]
"""The snapshot of each table by the table's name. None: the table had none yet, so no row of it is read. A table without an entry is read as it is.

Ids are text, since many readers of JSON round integers above 2**53."""


@dataclass(frozen=True)
class Snapshot:
    """A state of one table (https://iceberg.apache.org/spec/#snapshots)."""

    id: str
    committed_at: datetime


def newest(snapshots: Iterable[Snapshot], at: datetime) -> str | None:
    """Of a table's snapshots, oldest first, the one that was its state at the moment."""
    return next((each.id for each in reversed(list(snapshots)) if each.committed_at <= at), None)
