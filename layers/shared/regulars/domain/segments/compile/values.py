"""A value inside a JSON text, read in the four ways that operators need."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlglot import exp

from regulars.domain.lake.sql import text
from regulars.domain.language import Path, json_path
from regulars.domain.segments.functions import call

MOMENT = (
    r"\A([12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?)?)"
    r"(Z|[+]00:00)?\z"
)
"""What counts as a moment: ISO 8601 in UTC, the first group without its zone. Such texts are in order of time when they are in order
of text, so they are compared as they are (see `moment_literal`): a cast would fail, or answer differently, where the engines differ."""


GREATEST_NUMBER: Final = 1e100
"""What is larger, on either side of 0, is no number: `NaN` and `Infinity`, which both engines read in a text and order differently, and what would
overflow when a report squares and adds it."""


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
        read = exp.TryCast(this=self.text(), to=exp.DataType.build("double"))
        finite = exp.Between(this=read.copy(), low=number_literal(-GREATEST_NUMBER), high=number_literal(GREATEST_NUMBER))
        return exp.Case(ifs=[exp.If(this=finite, true=read)])

    def moment(self) -> exp.Expr:
        """As text, to compare with a `moment_literal`; NULL where it is not a moment."""
        return call("regexp_extract", self.text(), text(MOMENT), exp.Literal.number(1))

    def month_day(self) -> exp.Expr:
        """Of a moment's own calendar, whatever its zone, as text: `10-01`. NULL where it is not a moment."""
        written = call("regexp_extract", self.text(), text(MOMENT), exp.Literal.number(1))
        day = exp.TryCast(this=call("substr", written, exp.Literal.number(1), exp.Literal.number(len("2017-10-01"))), to=exp.DataType.build("date"))
        return call("substr", exp.Cast(this=day, to=exp.DataType.build("varchar")), exp.Literal.number(len("2017-") + 1))

    def exists(self) -> exp.Expr:
        """Never NULL: true for any JSON value but null, lists and objects included."""
        something = exp.NEQ(this=call("json_format", self._call("json_extract")), expression=text("null"))
        return call("coalesce", something, exp.false())

    def named(self) -> exp.Expr:
        """Never NULL: true where the document has the path, be it null."""
        return exp.Is(this=self._call("json_extract"), expression=exp.Not(this=exp.null()))


def number_literal(value: float) -> exp.Expr:
    """A double: `7e0`, `0.5e0`, `-1e-07`. A bare `7.5` would be a DECIMAL in Trino."""
    shown = repr(abs(value)).removesuffix(".0")
    literal = exp.Literal.number(shown if "e" in shown else f"{shown}e0")
    return exp.Neg(this=literal) if value < 0 else literal


def whole_literal(value: float) -> exp.Expr:
    """A bigint, for counts."""
    return exp.Literal.number(str(int(value)))


def moment_literal(moment: datetime) -> exp.Expr:
    """The shortest text of a moment: no later moment's text, however short or long it is written, comes before it, and every
    earlier one's does. (A written part that is left out elsewhere means zeros, and zeros come first.)"""
    day, clock = moment.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00").split("T")
    shortest = clock.rstrip("0").rstrip(".") if not clock.endswith(".000000") else clock.removesuffix(".000000").removesuffix(":00")
    return text(day if shortest == "00:00" else f"{day}T{shortest}")
