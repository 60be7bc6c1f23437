"""What is recognised: `known_messages` has 60 bits for each event of `events`, in the folder of its period.

A copy is looked for near its own time, because nothing moves that further than a day (docs/decisions/0017-curate-bounded.md):
in the days of what is new and those beside them, and in their months. So a run reads the same however long the history is.
An event that came late lies with its month: the days of an imported year would be 365 folders, and nobody reads months but late events' runs.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from sqlglot import exp

from regulars.domain.curation.inserted import Inserted
from regulars.domain.curation.plan import MAX_PARTITIONS
from regulars.domain.curation.recent import recent
from regulars.domain.lake.sql import printed, statement, text

LATE_DAYS: Final = 35
"""An event that was received more than this after it happened belongs to its month. At most this many days and the months before them wait
in an ordinary run, which is few enough for one INSERT."""

_PERIOD = f"""CASE WHEN event_ts >= date_add('day', -{LATE_DAYS}, received_ts)
THEN date_format(event_ts, '%Y-%m-%d') ELSE date_format(event_ts, '%Y-%m') END"""

_SAME = ("message_id", "user_id", "anonymous_id", "type")
"""What copies of an event have in common, and its name. A message id that comes again for another person, or for another event, is another event:
dropping it would lose what nobody else has (docs/decisions/0027-one-order-one-dedupe.md)."""

_HASH = "from_base(substr(to_hex(sha256(to_utf8(:same))), 1, 15), 16)"

_PERIODS = f"""
SELECT {_PERIOD} AS period, count(*) AS messages FROM events WHERE :inserted GROUP BY {_PERIOD}
"""

_REMEMBER = f"""
INSERT INTO known_messages (period, message_hash)
SELECT {_PERIOD} AS period, :hash AS message_hash FROM events WHERE :inserted AND :within
"""


def same(table: str) -> exp.Expression:
    """What copies have in common, as one text: equal for copies, and for no other rows of a table of events under this name. Ids and names hold no
    line break (`collection.identifiers`), so one between them is theirs alone."""
    name = exp.func("coalesce", exp.column("other_name", table), exp.column("event_name", table))
    parts = [exp.func("coalesce", part, text("")) for part in (*(exp.column(column, table) for column in _SAME), name)]
    return exp.Concat(expressions=[each for part in parts for each in (text("\n"), part)][1:])


def message_hash(table: str) -> exp.Expression:
    """The first 60 bits of SHA-256 of what copies have in common, as BIGINT: `int(sha256(text).hexdigest()[:15], 16)` in Python."""
    return statement(_HASH, {"same": same(table)})


def near(days: Iterable[date]) -> list[str]:
    """The periods that may hold a copy of an event of one of these days."""
    beside = {day + timedelta(days=step) for day in days for step in (-1, 0, 1)}
    return sorted({f"{day:%Y-%m-%d}" for day in beside} | {f"{day:%Y-%m}" for day in beside})


def fit_one_insert(days: Sequence[date]) -> bool:
    """Whether the events of these days cannot open too many folders, on time or late."""
    return len(set(days)) + len({(day.year, day.month) for day in days}) <= MAX_PARTITIONS


def periods_sql(inserted: Inserted) -> str:
    """The periods of what was inserted: column period."""
    return printed(statement(_PERIODS, {"inserted": recent(inserted)}))


def remember_sqls(inserted: Inserted, periods: Sequence[str] | None) -> list[str]:
    """Makes what was inserted known: one INSERT, or one for each so many of `periods`. A second time does no harm."""
    if periods is None:
        return [_remember_sql(inserted, exp.true())]
    slices = [periods[start : start + MAX_PARTITIONS] for start in range(0, len(periods), MAX_PARTITIONS)]
    return [_remember_sql(inserted, exp.In(this=statement(f"({_PERIOD})"), expressions=[text(period) for period in part])) for part in slices]


def _remember_sql(inserted: Inserted, within: exp.Expression) -> str:
    return printed(statement(_REMEMBER, {"hash": message_hash("events"), "inserted": recent(inserted), "within": within}))
