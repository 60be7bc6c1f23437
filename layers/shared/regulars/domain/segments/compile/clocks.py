"""Clocks on walls: what one in a person's time zone shows at a moment.

Where a moment has no zone, the two clocks are compared and not the moments: of an hour that a clock shows twice, or never, there is
then nothing to decide.
"""

from datetime import UTC, datetime

from sqlglot import exp

from regulars.domain.lake.sql import DIALECT, text, timestamp
from regulars.domain.segments.compile.values import JsonValue
from regulars.domain.segments.functions import call


def wall_clock(moment: exp.Expr, zone: exp.Expr) -> exp.Expr:
    """A moment in UTC, without a zone as the lake keeps it, as a TIMESTAMP(6) by the clock there.
    https://trino.io/docs/current/functions/datetime.html#at_timezone"""
    there = call("at_timezone", call("with_timezone", moment, text("UTC")), zone.copy())
    return exp.Cast(this=there, to=exp.DataType.build("timestamp(6)", dialect=DIALECT))


def day_of(moment: exp.Expr, zone: exp.Expr | None) -> exp.Expr:
    """Its day there; None for UTC."""
    return exp.Cast(this=wall_clock(moment, zone) if zone else moment, to=exp.DataType.build("date"))


def clock(shows: datetime) -> exp.Expr:
    """What a clock shows, as a literal."""
    return timestamp(shows.replace(tzinfo=UTC))


def sides(value: JsonValue, bound: datetime, zone: exp.Expr | None) -> tuple[exp.Expr, exp.Expr]:
    """A value and a bound as what is to be compared: moments if both say when they are (in UTC all do), else the two clocks there."""
    if zone is None:
        return value.moment(), timestamp(bound)
    if bound.tzinfo is None:
        return _either(value, wall_clock(value.moment(), zone), value.moment()), clock(bound)
    return value.moment(), _either(value, timestamp(bound), wall_clock(timestamp(bound), zone))


def _either(value: JsonValue, zoned: exp.Expr, local: exp.Expr) -> exp.Expr:
    return exp.Case(ifs=[exp.If(this=value.has_zone(), true=zoned)], default=local)
