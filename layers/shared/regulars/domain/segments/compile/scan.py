"""What is read once, and what it answers: one row a person comes out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlglot import exp

from regulars.domain.lake.sql import text
from regulars.domain.segments.compile.ranks import Ranking
from regulars.domain.segments.compile.sources import Question, Scanned, question_of


@dataclass(frozen=True)
class Scan:
    """A SELECT grouped by person, before it is written out: `rows` has its FROM and WHERE, `whose` says whose such a row is. Each column has its name
    and what it is computed from: of a person's rows, or, where `rankings` has its name, of what those come to for everybody. `only` is the one person
    whose row is wanted, where that is one."""

    alias: str
    rows: exp.Select
    whose: exp.Expression
    columns: Mapping[Question, tuple[str, exp.Expr]]
    rankings: Mapping[str, Ranking] = field(default_factory=dict)
    only: str | None = None

    @property
    def person(self) -> exp.Expression:
        """The person's id, as others see it."""
        return exp.column("user_id", table=self.alias)

    def column(self, clause: Scanned) -> exp.Expr:
        """The answer to a clause, as others see it."""
        return exp.column(self.columns[question_of(clause)][0], table=self.alias)

    def aggregate(self, clause: Scanned) -> exp.Expr:
        """The same from inside, for HAVING."""
        return self.columns[question_of(clause)][1].copy()

    def of(self, user_id: str) -> "Scan":
        """Of one person alone, so that nobody else is grouped, unless a place among them is asked for."""
        if self.rankings:
            return replace(self, only=user_id)
        return replace(self, rows=self.rows.where(exp.EQ(this=self.whose.copy(), expression=text(user_id))))

    def select(self, *, columns: bool) -> exp.Select:
        """One row a person, with or without the columns. `owners` is to be in its WITH."""
        if not columns:
            return self._grouped([])
        if not self.rankings:
            return self._grouped([exp.alias_(expression.copy(), name) for name, expression in self.columns.values()])
        selected = self.placed(*(self._ranked(name, expression) for name, expression in self.columns.values()))
        if self.only is None:
            return selected
        theirs = exp.EQ(this=exp.column("user_id"), expression=text(self.only))
        everybody = exp.Subquery(this=selected).as_("ranked")
        return exp.select("user_id", *(name for name, _ in self.columns.values())).from_(everybody).where(theirs, copy=False)

    def placed(self, *columns: exp.Expr) -> exp.Select:
        """A row a person with these, computed over everybody's amounts and the columns that are of one person's rows."""
        inner: list[exp.Expr] = []
        for name, expression in self.columns.values():
            inner += self.rankings[name].columns(name) if name in self.rankings else [exp.alias_(expression.copy(), name)]
        return exp.select("user_id", *columns).from_(exp.Subquery(this=self._grouped(inner)).as_("measured"))

    def _ranked(self, name: str, expression: exp.Expr) -> exp.Expr:
        return exp.alias_(expression.copy(), name) if name in self.rankings else exp.column(name)

    def _grouped(self, columns: Sequence[exp.Expr]) -> exp.Select:
        selected = self.rows.select(exp.alias_(self.whose.copy(), "user_id"), *columns)
        return selected.group_by(self.whose.copy(), copy=False)
