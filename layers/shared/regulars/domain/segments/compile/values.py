"""A value inside a JSON text, read in the four ways that operators need."""

from dataclasses import dataclass
from typing import Final

from sqlglot import exp

from regulars.domain.lake.sql import DIALECT, statement, text
from regulars.domain.language import Path, json_path
from regulars.domain.segments.functions import call
from regulars.domain.segments.limits import GREATEST_NUMBER

NUMBER: Final = r"\A[ \t\r\n]*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?)[ \t\r\n]*\z"
"""What counts as a number where a text spells one. Trino's own cast takes Java's words and letters, too: NaN, Infinity, 3D
(https://github.com/trinodb/trino/blob/422/core/trino-main/src/main/java/io/trino/type/VarcharOperators.java, castToDouble)."""

MOMENT: Final = (
    r"\A((0(00[1-9]|0[1-9][0-9]|[1-9][0-9]{2})|[1-9][0-9]{3})"
    r"-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?)?)"
    r"(Z|[+-](0[0-9]|1[0-3]):?[0-5][0-9]|[+-]14:?00)?\z"
)
"""What counts as a moment: ISO 8601 of the years 1 to 9999, the last of which is often said for never, if there is such a day. The first group is the
day and time; an offset from UTC is at most 14 hours (https://www.iana.org/time-zones knows no greater)."""

OFFSET: Final = r"([+-][0-9]{2}:?[0-9]{2})\z"
"""Where a moment has an offset."""

ZONED: Final = r"(Z|[+-][0-9]{2}:?[0-9]{2})\z"
"""Where it has one, or says that it is in UTC."""

_LONGEST: Final = len("2017-10-01T08:30:00.123456")
"""Of a day and time: the lake keeps microseconds."""


@dataclass(frozen=True)
class JsonValue:
    """The value at `path` of the JSON text `document`."""

    document: exp.Expr
    path: Path

    def _call(self, function: str) -> exp.Expr:
        return call(function, self.document.copy(), text(json_path(self.path)))

    def text(self) -> exp.Expr:
        """Texts, numbers and booleans as text; NULL for anything else and where there is nothing."""
        return self._call("json_extract_scalar")

    def number(self) -> exp.Expr:
        """As a finite double, also where a text spells it; NULL where there is no number up to GREATEST_NUMBER."""
        return finite(self.double())

    def double(self) -> exp.Expr:
        """The same with those that are infinite, or too great."""
        return exp.TryCast(this=self._found(NUMBER), to=exp.DataType.build("double"))

    def moment(self) -> exp.Expr:
        """As a TIMESTAMP(6) in UTC; NULL where it is not a moment."""
        written = call("substr", self._found(MOMENT), exp.Literal.number(1), exp.Literal.number(_LONGEST))
        local = exp.TryCast(this=call("replace", written, text("T"), text(" ")), to=exp.DataType.build("timestamp(6)", dialect=DIALECT))
        offset = exp.TryCast(this=call("replace", self._found(OFFSET), text(":"), text("")), to=exp.DataType.build("bigint"))
        back = statement(":offset / 100 * 40 - :offset", {"offset": offset})  # `+02:30` is 230, and 230 - 2 * 40 minutes
        return call("date_add", text("minute"), call("coalesce", back, exp.Literal.number(0)), local)

    def has_zone(self) -> exp.Expr:
        """Of a moment: whether it says its offset from UTC."""
        return call("regexp_like", self.text(), text(ZONED))

    def _found(self, pattern: str) -> exp.Expr:
        """Its first group."""
        return call("regexp_extract", self.text(), text(pattern), exp.Literal.number(1))

    def month_day(self) -> exp.Expr:
        """Of a moment's own calendar, whatever its zone, as text: `10-01`. NULL where it is not a moment."""
        written = self._found(MOMENT)
        day = exp.TryCast(this=call("substr", written, exp.Literal.number(1), exp.Literal.number(len("2017-10-01"))), to=exp.DataType.build("date"))
        return call("substr", exp.Cast(this=day, to=exp.DataType.build("varchar")), exp.Literal.number(len("2017-") + 1))

    def elements(self) -> exp.Expr:
        """As an array of JSON; NULL where it is no list."""
        return exp.TryCast(this=self._call("json_extract"), to=exp.DataType.build("array(json)", dialect=DIALECT))

    def exists(self) -> exp.Expr:
        """Never NULL: true for any JSON value but null, lists and objects included."""
        something = exp.NEQ(this=call("json_format", self._call("json_extract")), expression=text("null"))
        return call("coalesce", something, exp.false())

    def named(self) -> exp.Expr:
        """Never NULL: true where the document has the path, be it null."""
        return exp.Is(this=self._call("json_extract"), expression=exp.Not(this=exp.null()))


def finite(number: exp.Expr) -> exp.Expr:
    """A double up to GREATEST_NUMBER; NULL for any other."""
    within = exp.Between(this=number.copy(), low=number_literal(-GREATEST_NUMBER), high=number_literal(GREATEST_NUMBER))
    return exp.Case(ifs=[exp.If(this=within, true=number)])


def number_literal(value: float) -> exp.Expr:
    """A double: `7e0`, `0.5e0`, `-1e-07`. A bare `7.5` would be a DECIMAL in Trino."""
    shown = repr(abs(value)).removesuffix(".0")
    literal = exp.Literal.number(shown if "e" in shown else f"{shown}e0")
    return exp.Neg(this=literal) if value < 0 else literal


def whole_literal(value: float) -> exp.Expr:
    """A bigint, for counts."""
    return exp.Literal.number(str(int(value)))
