"""How good the data of a window are, out of the rows of `check_sql`."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import ceil

from regulars.domain.quality.drift import Drift, TypeCount, drifts
from regulars.domain.quality.volume import Volume, volume
from regulars.domain.queries import ResultRow


@dataclass(frozen=True)
class SourceQuality:
    """Events of a source ("" where it has no name). `corrected`, `bots` and `tests` are among the `accepted`. `quarantined` wait;
    `replayed` were quarantined and came again since."""

    source: str
    accepted: int = 0
    corrected: int = 0
    quarantined: int = 0
    replayed: int = 0
    bots: int = 0
    tests: int = 0


@dataclass(frozen=True)
class RuleCount:
    """How many values a rule of cleaning corrected."""

    rule: str
    count: int


@dataclass(frozen=True)
class QuarantinedCount:
    """`count` wait in the quarantine; `replayed` were sent again since, and are not among them."""

    reason: str
    source: str
    count: int
    replayed: int = 0


@dataclass(frozen=True)
class Freshness:
    """Seconds from receipt until an event is in the lake; above ten minutes to the minute. None where nothing came."""

    p50_s: int | None
    p95_s: int | None


@dataclass(frozen=True)
class Whose:
    """Events that name a person (`user`), that only name somebody anonymous whom a person has claimed since, or whom nobody has."""

    user: int = 0
    claimed: int = 0
    anonymous: int = 0


@dataclass(frozen=True)
class Check:
    sources: tuple[SourceQuality, ...]
    corrections: tuple[RuleCount, ...]
    quarantined: tuple[QuarantinedCount, ...]
    freshness: Freshness
    identity: Whose
    volume: tuple[Volume, ...]
    drift: tuple[Drift, ...] = ()


@dataclass(frozen=True)
class _Row:
    name: str
    part: str
    kind: str
    n: int
    m: int


def read_check(rows: Iterable[ResultRow], until: datetime) -> Check:
    """Each list has the largest first. `until` is when the statement was made."""
    sections: defaultdict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        sections[row["section"] or ""].append(_row(row))
    quarantined = [QuarantinedCount(row.name, row.part, row.n, row.m) for row in sections["quarantined"]]
    waited = {row.n: row.m for row in sections["freshness"]}
    return Check(
        _sources(sections["events"], quarantined),
        tuple(sorted((RuleCount(row.name, row.n) for row in sections["corrections"]), key=lambda it: (-it.count, it.rule))),
        tuple(sorted(quarantined, key=lambda it: (-it.count, it.reason, it.source))),
        Freshness(percentile(waited, 50), percentile(waited, 95)),
        Whose(**{row.name: row.n for row in sections["identity"]}),
        _volumes(sections["volume"], until.astimezone(UTC).date() - timedelta(days=1)),
        drifts(TypeCount(row.name, row.part, row.kind, row.n, row.m) for row in sections["drift"]),
    )


def _row(row: ResultRow) -> _Row:
    return _Row(row["name"] or "", row["part"] or "", row["kind"] or "", int(row["n"] or 0), int(row["m"] or 0))


def percentile(counts: Mapping[int, int], percent: int) -> int | None:
    """The smallest value that so many percent of all are not above (nearest rank), of how often each occurs; None of nothing."""
    left = ceil(sum(counts.values()) * percent / 100)
    for value in sorted(counts):
        left -= counts[value]
        if left <= 0:
            return value
    return None


def _sources(events: Iterable[_Row], quarantined: Iterable[QuarantinedCount]) -> tuple[SourceQuality, ...]:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in events:
        counts[row.name].update({"accepted": row.n, "corrected": row.m})
        if row.part in ("bot", "test"):
            counts[row.name][f"{row.part}s"] += row.n
    for refused in quarantined:
        counts[refused.source].update({"quarantined": refused.count, "replayed": refused.replayed})
    return tuple(sorted((SourceQuality(name, **count) for name, count in counts.items()), key=lambda it: (-it.accepted, it.source)))


def _volumes(rows: Iterable[_Row], last: date) -> tuple[Volume, ...]:
    counts: defaultdict[str, dict[date, int]] = defaultdict(dict)
    for row in rows:
        counts[row.name][date.fromisoformat(row.part)] = row.n
    found = (volume(event, days, last) for event, days in counts.items())
    return tuple(sorted(found, key=lambda it: (it.anomaly is None, -it.count, it.event)))
