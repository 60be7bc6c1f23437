"""Every yes and no that a person said, as the lake has it: when, to what, and where it came from. One statement, read back into types.

A word is in the identify that told it; a call about consent has one beside it (`collection.consent_calls`). Events are theirs by `lake.owners`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

import orjson
from sqlglot import exp

from regulars.domain.collection.consents import EVERYTHING, spoken_of
from regulars.domain.lake.order import order_text
from regulars.domain.lake.owners import OWNERS, join_owners, owners, person
from regulars.domain.lake.sql import printed, statement, text, timestamp
from regulars.domain.lake.tables import EVENTS
from regulars.domain.lake.times import lake_moment
from regulars.domain.queries import ResultRow

MOST_CALLS: Final = 1_000
"""Calls that are read: the newest that may speak of a consent."""

_CALLS: Final = """
SELECT :order AS place_in_order, events.event_ts AS at_ts, events.source AS source, events.message_id AS message_id, events.traits AS traits,
  events.properties AS properties
FROM events
WHERE events.event_name = 'identify' AND events.type = 'identify' AND events.event_ts < :as_of AND :person = :user_id
  AND regexp_like(lower(events.traits), 'opt_?(ed_?)?(in|out)|subscribed|accepts|consent')
"""

_NEWEST: Final = "SELECT at_ts, source, message_id, traits, properties FROM calls ORDER BY place_in_order DESC LIMIT :most"


@dataclass(frozen=True)
class ConsentChange:
    """A word that was another than the one before of the same trait. `source` is the name of who sent it; `by` the call about consent that it came
    by (`identify` where there was none), and `told` what that says of where it came from."""

    at: datetime
    purpose: str
    agreed: bool
    trait: str
    by: str
    message_id: str
    source: str | None = None
    told: str | None = None


def history_sql(user_id: str, as_of: datetime) -> str:
    """The calls that may speak of a consent, the newest first."""
    calls = cast(
        exp.Select,
        statement(_CALLS, {"as_of": timestamp(as_of), "person": person(), "user_id": text(user_id), "order": order_text(EVENTS.name)}),
    )
    newest = cast(exp.Select, statement(_NEWEST, {"most": exp.Literal.number(MOST_CALLS)}))
    return printed(newest.with_(OWNERS, as_=owners(as_of)).with_("calls", as_=join_owners(calls), copy=False))


def history_of(rows: Iterable[ResultRow]) -> tuple[ConsentChange, ...]:
    """Of the statement's rows, in their order: every change, the newest first. What is said again changes nothing."""
    return tuple(reversed([*_changes(reversed([*rows]))]))


def _changes(oldest_first: Iterable[ResultRow]) -> Iterator[ConsentChange]:
    standing: dict[str, bool] = {}
    for row in oldest_first:
        told: dict[str, Any] = orjson.loads(row["properties"] or "{}")
        for purpose, path, agreed in spoken_of(orjson.loads(row["traits"] or "{}")):
            trait = ".".join(path)
            if standing.get(trait) is not agreed:
                standing[trait] = agreed
                yield ConsentChange(
                    lake_moment(row["at_ts"] or ""),
                    purpose if purpose != EVERYTHING else "everything",
                    agreed,
                    trait,
                    _word(told.get("event")) or "identify",
                    row["message_id"] or "",
                    row["source"],
                    _word(told.get("source")),
                )


def _word(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
