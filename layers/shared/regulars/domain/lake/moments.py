"""A row of moments, equally far apart, and the places of other moments among them: how one statement answers for each of many moments."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlglot import exp

from regulars.domain.lake.sql import statement, table, timestamp

_MINUTE: Final = timedelta(minutes=1)

_SLOT: Final = "CASE WHEN :moment < :first THEN 0 ELSE date_diff('minute', :first, :moment) / :minutes + 1 END"
"""Trino's date_diff counts complete minutes between the milliseconds of two moments, so that `first` is to be whole milliseconds
(https://github.com/trinodb/trino/blob/422/core/trino-main/src/main/java/io/trino/operator/scalar/timestamp/DateDiff.java)."""


@dataclass(frozen=True)
class Moments:
    """`count` moments from `first` on, every so many minutes. Slot `i` is the moment `first + i * every`; slot `count` is none of them any more."""

    first: datetime
    every: timedelta
    count: int

    @property
    def last(self) -> datetime:
        return self.at(self.count - 1)

    def at(self, slot: int) -> datetime:
        return self.first + slot * self.every

    def slot(self, moment: exp.Expr, later: timedelta = timedelta(0)) -> exp.Expr:
        """The slot of the first of the moments that is after `moment + later`; `count` or more where none is; NULL where the moment is NULL."""
        try:
            first = self.first - later
        except OverflowError:  # not even the first moment that Python can name is so long ago
            return self.never
        whole = {"moment": moment, "first": timestamp(first), "minutes": exp.Literal.number(self.every // _MINUTE)}
        return statement(_SLOT, whole)

    @property
    def never(self) -> exp.Expr:
        """The slot after all of them."""
        return exp.Literal.number(self.count)

    def slots(self, alias: str) -> exp.Expr:
        """A table of one column, `slot`, with a row for each of them."""
        return numbers(range(self.count), alias, "slot")


def numbers(these: range, alias: str, column: str) -> exp.Expr:
    """`(VALUES (0), (1)) AS alias (column)`."""
    return table(alias, (column,), ((number,) for number in these))
