"""What the rows of `customers_query` come to: months, the flow of customers, and cohorts."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from regulars.domain.overview.calendar import Month, Months, read_month
from regulars.domain.overview.figures import Cohort, CohortMonth, FlowFigures
from regulars.domain.queries import ResultRow

Kind = Literal["ordered", "quiet", "lapsed"]


@dataclass(frozen=True)
class Moves:
    """One row: what happened in a month to customers of a cohort. Both are None before the first month shown."""

    kind: str
    known: bool
    month: Month | None
    cohort: Month | None
    times: int
    people: int
    firsts: int
    seconds: int
    woken: int
    won_back: int
    revenue: float
    readable: int
    currencies: frozenset[str]

    @property
    def engaged(self) -> int:
        """Of a cohort's own month, those with a second order in it; of any later month all."""
        return self.seconds if self.cohort is not None and self.cohort == self.month else self.people


def read_moves(row: ResultRow) -> Moves:
    def whole(name: str) -> int:
        return int(row[name] or 0)

    month, cohort = row["month"], row["cohort"]
    return Moves(
        kind=row["kind"] or "",
        known=row["known"] == "1",
        month=read_month(month) if month else None,
        cohort=read_month(cohort) if cohort else None,
        times=whole("times"),
        people=whole("people"),
        firsts=whole("firsts"),
        seconds=whole("seconds"),
        woken=whole("woken"),
        won_back=whole("won_back"),
        revenue=float(row["revenue"] or 0),
        readable=whole("readable"),
        currencies=frozenset(currency for currency in (row["first_currency"], row["last_currency"]) if currency),
    )


@dataclass(frozen=True)
class Customers:
    """All moves of an installation's customers, before the first of the months and in them."""

    months: Months
    moves: Sequence[Moves]

    @cached_property
    def currencies(self) -> Sequence[str]:
        """Of the orders in the months. The first and last by name of each row stand for those between."""
        return sorted({currency for move in self.moves for currency in move.currencies})

    @property
    def currency(self) -> str | None:
        """None where orders name none, or several."""
        return self.currencies[0] if len(self.currencies) == 1 else None

    @property
    def ordered(self) -> int:
        """Orders in the months."""
        return sum(self.orders_in(month) for month in self.months)

    @property
    def readable(self) -> int:
        """Those of them that say what they came to."""
        return sum(move.readable for month in self.months for move in self._ordered(month))

    def orders_in(self, month: Month) -> int:
        return sum(move.times for move in self._ordered(month))

    def converted_in(self, month: Month) -> int:
        return sum(move.people for move in self._ordered(month))

    def engaged_in(self, month: Month) -> int:
        return sum(move.engaged for move in self._ordered(month))

    def revenue_in(self, month: Month) -> float | None:
        """None where no order says, or where what they say can't be added up."""
        return self._revenue(self._ordered(month))

    def flow(self) -> list[FlowFigures]:
        """Sums over what went before, month by month."""
        customers = active = gone = 0
        found = []
        for month in (None, *self.months):
            came = self._known("ordered", month)
            new, won_back = _sum(came, lambda move: move.firsts), _sum(came, lambda move: move.won_back)
            lapsed = _sum(self._known("lapsed", month), lambda move: move.times)
            customers += new
            active += _sum(came, lambda move: move.woken) - _sum(self._known("quiet", month), lambda move: move.times)
            gone += lapsed - won_back
            if month:
                stock = (customers, active, customers - active - gone, gone)
                found.append(FlowFigures(str(month), self.months.unfinished(month), new, won_back, lapsed, *stock))
        return found

    def cohorts(self) -> list[Cohort]:
        """Of those months alone in which somebody ordered first."""
        made = (self._cohort(month) for month in self.months)
        return [cohort for cohort in made if cohort.people]

    def _cohort(self, first: Month) -> Cohort:
        rows = {month: [move for move in self._known("ordered", month) if move.cohort == first] for month in self.months if month >= first}
        people = _sum(rows[first], lambda move: move.firsts)
        months = [self._after(first, month, people, moves) for month, moves in rows.items()] if people else []
        return Cohort(str(first), people, months)

    def _after(self, first: Month, month: Month, people: int, moves: Sequence[Moves]) -> CohortMonth:
        there = _sum(moves, lambda move: move.people)
        return CohortMonth(month.after(first), self.months.unfinished(month), there, there / people, self._revenue(moves))

    def _revenue(self, moves: Sequence[Moves]) -> float | None:
        if len(self.currencies) > 1 or not any(move.readable for move in moves):
            return None
        return round(sum(move.revenue for move in moves), 2)

    def _ordered(self, month: Month) -> list[Moves]:
        return [move for move in self.moves if move.kind == "ordered" and move.month == month]

    def _known(self, kind: Kind, month: Month | None) -> list[Moves]:
        return [move for move in self.moves if move.kind == kind and move.month == month and move.known]


def read_customers(rows: Iterable[ResultRow], months: Months) -> Customers:
    return Customers(months, [read_moves(row) for row in rows])


def _sum(moves: Iterable[Moves], figure: Callable[[Moves], int]) -> int:
    return sum(figure(move) for move in moves)
