"""Where `load` puts raw objects, and which of them a run of curate reads.

    raw/events/dt=2026-11-21/hh=22/mm=15/<batch>.json.gz        by when its load began: UTC, in steps of five minutes

The version before put them in the hour itself. Athena reads a partition's folder with all that is under it, so the table of hours sees both
kinds, and stands in for that of minutes while an object of the hour itself is among those to be read.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from regulars.domain.lake.tables import RAW_EVENTS, RAW_EVENTS_BY_MINUTE, Table

PREFIX: Final = "raw/events/"

STEP_MINUTES: Final = 5
"""projection.mm.interval of infra/migrations. Each folder costs Athena a LIST a statement, and what lies in it is read whole."""

OVERLAP: Final = timedelta(minutes=5)
"""Raw is read again from this long before the last run: an object is named when its load begins, and written up to that function's
timeout later (template.yaml, LoadFunction), by another machine's clock."""

RAW_LIFE: Final = timedelta(days=30)
"""How long raw objects live (template.yaml, LakeBucket): nothing older can be waiting."""


@dataclass(frozen=True)
class Landed:
    """Raw objects to be read: the folders of `table`, by the values of each of its partition columns, from `first` on.

    `first` is the values of the first folder, one after the other: `202611212215` of `dt`, `hh` and `mm`, without what is between them.
    """

    table: Table
    first: str
    values: tuple[tuple[str, ...], ...]


def folder(now: datetime) -> str:
    """Where a load that begins now puts its events."""
    return f"{PREFIX}dt={now:%Y-%m-%d}/hh={now:%H}/mm={now.minute // STEP_MINUTES * STEP_MINUTES:02d}/"


def begins(raw_through: datetime, started: datetime) -> datetime:
    """From when on objects may be new to a run that `started`, where the last one read all `raw_through`."""
    return max(raw_through - OVERLAP, started - RAW_LIFE)


def hour(since: datetime) -> str:
    """The folder of an hour; the keys of all that landed in it or later come after it."""
    return f"{PREFIX}dt={since:%Y-%m-%d}/hh={since:%H}/"


def landed(keys: Iterable[str], since: datetime) -> Landed | None:
    """What to read of these objects, or None where none of them landed at or after `since`."""
    first = _values(folder(since.astimezone(UTC)))
    wanted = {values for key in keys if (values := _values(key.rpartition("/")[0])) >= first[: len(values)]}
    if not wanted:
        return None
    width = min(len(values) for values in wanted)
    table = RAW_EVENTS_BY_MINUTE if width == len(RAW_EVENTS_BY_MINUTE.partitions) else RAW_EVENTS
    columns = zip(*(values[:width] for values in wanted), strict=True)
    return Landed(table, "".join(min(values[:width] for values in wanted)), tuple(tuple(sorted(set(column))) for column in columns))


def _values(folders: str) -> tuple[str, ...]:
    """`('2026-11-21', '22', '15')` of a folder of minutes, without the last for one of an hour."""
    return tuple(part.partition("=")[2] for part in folders.removeprefix(PREFIX).strip("/").split("/"))
