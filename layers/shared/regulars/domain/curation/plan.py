"""How a backlog of raw events is cut into statements that Athena takes, and how far back each of them looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

MAX_PARTITIONS = 90
"""Athena opens at most 100 partitions in one INSERT (https://docs.aws.amazon.com/athena/latest/ug/ctas-insert-into.html). The rest is room for
what arrives between the query that counts and the statement: a first event of a name or of a month is a partition that nobody counted."""

RAW_LIFE = timedelta(days=30)
"""How long raw objects live (template.yaml, LakeBucket): nothing older can be waiting."""

OVERLAP = timedelta(hours=1)
"""Raw is read again from this long before the last run: a `load` that began earlier may have written later."""

REMEMBERED = timedelta(days=44)
"""A second copy is recognised if it arrives within 30 days of the first; a batch can wait 14 days in its queue before that."""


@dataclass(frozen=True)
class Backlog:
    """New rows of one partition: a month (its first moment, UTC) and an event name."""

    month: datetime
    event_name: str
    rows: int


@dataclass(frozen=True)
class Chunk:
    """What one INSERT takes: events from `start` up to, not including, `end`; within one month also a range of names, both ends included."""

    start: datetime
    end: datetime
    first_name: str | None = None
    last_name: str | None = None


def month_after(month: datetime) -> datetime:
    """The first moment of the next month."""
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)


def chunks(backlog: Sequence[Backlog], *, rows: int, partitions: int = MAX_PARTITIONS) -> list[Chunk]:
    """Cuts a backlog into statements of at most `partitions` partitions and about `rows` rows (one partition is never cut).

    Whole months are joined while they fit; a month that does not fit alone is cut by name.
    """
    months: dict[datetime, list[Backlog]] = {}
    for part in sorted(backlog, key=lambda part: (part.month, part.event_name)):
        months.setdefault(part.month, []).append(part)
    cut: list[Chunk] = []
    waiting: list[Backlog] = []

    def close() -> None:
        if waiting:
            cut.append(Chunk(waiting[0].month, month_after(waiting[-1].month)))
            waiting.clear()

    for month, parts in months.items():
        if not _fits(waiting + parts, rows, partitions):
            close()
        if _fits(parts, rows, partitions):
            waiting.extend(parts)
        else:
            cut.extend(_by_name(month, parts, rows, partitions))
    close()
    return cut


def _fits(parts: Sequence[Backlog], rows: int, partitions: int) -> bool:
    return len(parts) <= partitions and (len(parts) <= 1 or sum(part.rows for part in parts) <= rows)


def _by_name(month: datetime, parts: Sequence[Backlog], rows: int, partitions: int) -> list[Chunk]:
    groups: list[list[Backlog]] = [[]]
    for part in parts:
        if groups[-1] and not _fits([*groups[-1], part], rows, partitions):
            groups.append([])
        groups[-1].append(part)
    return [Chunk(month, month_after(month), group[0].event_name, group[-1].event_name) for group in groups]
