"""Which of two events is later, everywhere: by event time, then receipt, then place in the request, then message id.

Profiles say it in Python (`collection.change`), the lake in SQL. Rows of versions before have no place.
"""

from sqlglot import exp

from regulars.domain.lake.sql import statement

_ORDER = "ROW(:event_ts, :received_ts, coalesce(:place, 0), :message_id)"

_ORDER_TEXT = """
concat(date_format(:event_ts, '%Y-%m-%d %H:%i:%s.%f'), ' ', date_format(:received_ts, '%Y-%m-%d %H:%i:%s.%f'), ' ',
  substr(CAST(10000 + coalesce(:place, 0) AS VARCHAR), 2), ' ', :message_id)
"""

_COLUMNS = ("event_ts", "received_ts", "place", "message_id")


def order(table: str = "") -> exp.Expression:
    """The order of a row of `events`, to be compared or given to max_by."""
    return statement(_ORDER, _columns(table))


def order_text(table: str = "") -> exp.Expression:
    """The same as a text that sorts, to be kept: `2026-11-21 22:15:00.123000 2026-11-21 22:15:02.000000 0007 <message id>`."""
    return statement(_ORDER_TEXT, _columns(table))


def _columns(table: str) -> dict[str, exp.Expr]:
    return {name: exp.column(name, table or None) for name in _COLUMNS}
