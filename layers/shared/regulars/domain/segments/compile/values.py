"""A value inside a JSON text, read in the four ways that operators need."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlglot import exp

from regulars.domain.segments.functions import call
from regulars.domain.segments.paths import json_path
from regulars.domain.segments.rule import Path
from regulars.domain.sql import text

NUMBER = r"\A-?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?\z"
"""What counts as a number: JSON's own spelling, also inside a text. Trino's cast alone would take `NaN` and `7d`, DuckDB's `1_000`."""

MOMENT = (
    r"\A[12][0-9]{3}-[0-9]{2}-[0-9]{2}"
    r"(T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])?)?\z"
)
"""What counts as a moment: ISO 8601 as both `from_iso8601_timestamp` and DuckDB's cast read it; without a zone it is UTC.
Both judge for themselves whether February has a 30th; `try` makes that unknown."""


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
        """As double; NULL where it is not a number."""
        spelled = call("regexp_extract", self.text(), text(NUMBER))
        return exp.TryCast(this=spelled, to=exp.DataType.build("double"))

    def moment(self) -> exp.Expr:
        """As timestamp with time zone; NULL where it is not a moment."""
        spelled = call("regexp_extract", self.text(), text(MOMENT))
        return call("try", call("from_iso8601_timestamp", spelled))

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
    """To compare with `JsonValue.moment`, at its precision: milliseconds, the rest cut off."""
    shown = moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return call("from_iso8601_timestamp", text(shown))
