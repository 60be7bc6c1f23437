"""How a backlog of raw events is cut into statements that Athena takes, and on which days each of them looks for copies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

MAX_PARTITIONS = 90
"""Athena opens at most 100 partitions in one INSERT (https://docs.aws.amazon.com/athena/latest/ug/ctas-insert-into.html). The rest is room for
what arrives between the query that counts and the statement: a first event of a name or of a month is a partition that nobody counted."""


@dataclass(frozen=True)
class Backlog:
    """Raw rows of one day (UTC) and event name; those that `events` has already are among them."""

    day: date
    event_name: str
    rows: int

    @property
    def month(self) -> datetime:
        return datetime(self.day.year, self.day.month, 1, tzinfo=UTC)

    @property
    def partition(self) -> tuple[datetime, str]:
        """Of `events`."""
        return self.month, self.event_name


@dataclass(frozen=True)
class Chunk:
    """What one INSERT takes: events from `start` up to, not including, `end`; within one month also a range of names, both ends included.

    `days` are those that it has rows of.
    """

    start: datetime
    end: datetime
    first_name: str | None = None
    last_name: str | None = None
    days: tuple[date, ...] = ()


def month_after(month: datetime) -> datetime:
    """The first moment of the next month."""
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)


def chunks(backlog: Sequence[Backlog], *, rows: int, partitions: int = MAX_PARTITIONS) -> list[Chunk]:
    """Cuts a backlog into statements of at most `partitions` partitions and about `rows` rows (one partition is never cut).

    Whole months are joined while they fit; a month that does not fit alone is cut by name.
    """
    months: dict[datetime, list[Backlog]] = {}
    for part in sorted(backlog, key=lambda part: (part.month, part.event_name, part.day)):
        months.setdefault(part.month, []).append(part)
    cut: list[Chunk] = []
    waiting: list[Backlog] = []

    def close() -> None:
        if waiting:
            cut.append(Chunk(waiting[0].month, month_after(waiting[-1].month), days=_days(waiting)))
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
    opened = {part.partition for part in parts}
    return len(opened) <= partitions and (len(opened) <= 1 or sum(part.rows for part in parts) <= rows)


def _by_name(month: datetime, parts: Sequence[Backlog], rows: int, partitions: int) -> list[Chunk]:
    names: dict[str, list[Backlog]] = {}
    for part in parts:
        names.setdefault(part.event_name, []).append(part)
    groups: list[list[Backlog]] = [[]]
    for named in names.values():
        if groups[-1] and not _fits([*groups[-1], *named], rows, partitions):
            groups.append([])
        groups[-1] += named
    return [Chunk(month, month_after(month), group[0].event_name, group[-1].event_name, _days(group)) for group in groups]


def _days(parts: Sequence[Backlog]) -> tuple[date, ...]:
    return tuple(sorted({part.day for part in parts}))
