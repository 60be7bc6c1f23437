"""A shop's orders: the events that its settings call a purchase, with whose they are and what they came to."""

from datetime import datetime
from typing import Final, cast

from sqlglot import exp

from regulars.domain.lake.event_names import named
from regulars.domain.lake.owners import join_owners, person
from regulars.domain.lake.sql import statement, timestamp
from regulars.domain.language import Path
from regulars.domain.measure.amounts import currency_at
from regulars.domain.purchase import Purchase
from regulars.domain.segments.compile.values import JsonValue

CUSTOMERS: Final = "traffic IS NULL"
"""Neither a bot's nor a test's (docs/cleaning.md)."""

_PLACED: Final = f"""
SELECT message_id, user_id, anonymous_id, event_ts, :amount AS amount, :currency AS currency
FROM events
WHERE :named AND {CUSTOMERS}
"""

_SPAN: Final = "event_ts >= :start AND event_ts < :end"

_ORDERED: Final = """
SELECT placed.message_id AS message_id, :person AS user_id, placed.anonymous_id AS anonymous_id, placed.event_ts AS ordered_ts,
  placed.amount AS amount, placed.currency AS currency
FROM :placed AS placed
"""


def orders_between(purchase: Purchase, start: datetime, as_of: datetime) -> exp.Select:
    """All orders up to the moment: `message_id, user_id` (NULL where it is nobody's yet)`, anonymous_id, ordered_ts, amount, currency`.

    What they came to is read from `start` on only: of those before, `amount` and `currency` are NULL, and the wide column `properties` is not read.
    Wants `owners` in its WITH or above.
    """
    before = _placed(purchase.event, None, None).where(statement("event_ts < :start", {"start": timestamp(start)}), copy=False)
    return _whose(exp.union(before, _told(purchase, start, as_of), distinct=False, copy=False))


def orders_of(purchase: Purchase, start: datetime, end: datetime) -> exp.Select:
    """Those of a span alone, likewise."""
    return _whose(_told(purchase, start, end))


def _told(purchase: Purchase, start: datetime, end: datetime) -> exp.Select:
    placed = _placed(purchase.event, purchase.value, purchase.currency if purchase.value else None)
    return placed.where(statement(_SPAN, {"start": timestamp(start), "end": timestamp(end)}), copy=False)


def _placed(event: str, amount: Path | None, currency: Path | None) -> exp.Select:
    values = {
        "amount": JsonValue(exp.column("properties"), amount).number() if amount else nothing("double"),
        "currency": currency_at(currency) if currency else nothing("varchar"),
        "named": exp.and_(*named(event), copy=False),
    }
    return cast(exp.Select, statement(_PLACED, values))


def _whose(placed: exp.Query) -> exp.Select:
    ordered = statement(_ORDERED, {"placed": exp.Subquery(this=placed), "person": person("placed")})
    return join_owners(cast(exp.Select, ordered), "placed")


def nothing(kind: str) -> exp.Expr:
    """NULL of a type."""
    return exp.Cast(this=exp.null(), to=exp.DataType.build(kind))
