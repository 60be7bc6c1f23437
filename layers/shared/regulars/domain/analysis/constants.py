"""What the constants of a condition come to: texts, moments, and those that are counted from now, as Trino reckons them before it reads anything."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from sqlglot import exp

Constant = str | datetime
"""Moments are in UTC, without a zone, as the lake's are."""

_LENGTHS: Final[Mapping[str, timedelta]] = {
    "SECOND": timedelta(seconds=1),
    "MINUTE": timedelta(minutes=1),
    "HOUR": timedelta(hours=1),
    "DAY": timedelta(days=1),
    "WEEK": timedelta(weeks=1),
}
_MONTHS: Final[Mapping[str, int]] = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}


def constant(node: exp.Expr, now: datetime) -> Constant | None:
    """None for whatever is not surely one."""
    node = node.unnest()
    match node:
        case exp.Literal() if node.is_string:
            return node.name
        case exp.Cast() if isinstance(node.this, exp.Literal) and node.this.is_string:
            return _moment(node.this.name, is_date=node.to.this == exp.DataType.Type.DATE)
        case exp.CurrentDate():
            return datetime.combine(now, datetime.min.time())
        case exp.CurrentTimestamp() | exp.Localtimestamp():
            return now
        case exp.Add() | exp.Sub() if isinstance(node.expression, exp.Interval):
            interval = node.expression
            return _moved(node.this, interval.this, interval.args.get("unit"), now, sign=-1 if isinstance(node, exp.Sub) else 1)
        case exp.DateAdd():
            return _moved(node.this, node.expression, node.args.get("unit"), now)
    return None


def _moment(text: str, *, is_date: bool) -> datetime | None:
    try:
        found = datetime.combine(date.fromisoformat(text), datetime.min.time()) if is_date else datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if found.tzinfo else found


def _moved(start: exp.Expr, amount: exp.Expr, unit: exp.Expr | None, now: datetime, *, sign: int = 1) -> datetime | None:
    """A moment so many units later, or earlier."""
    moment, name = constant(start, now), unit.name.upper() if unit else ""
    negative = isinstance(amount, exp.Neg)
    digits = (amount.this if negative else amount).name
    if not isinstance(moment, datetime) or not digits.isdecimal():
        return None
    many = int(digits) * sign * (-1 if negative else 1)
    try:
        if name in _LENGTHS:
            return moment + many * _LENGTHS[name]
        return _months_later(moment, many * _MONTHS[name]) if name in _MONTHS else None
    except (OverflowError, ValueError):
        return None


def _months_later(moment: datetime, months: int) -> datetime:
    """On the last day of a shorter month, as Trino has it."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    last = (datetime(year + (month == 11), month % 11 + 2 if month < 11 else 1, 1) - timedelta(days=1)).day
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))
