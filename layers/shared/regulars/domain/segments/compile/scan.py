"""What is read once, and what it answers: one row a person comes out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlglot import exp

from regulars.domain.lake.sql import text
from regulars.domain.segments.compile.sources import Question, Scanned, question_of


@dataclass(frozen=True)
class Scan:
    """A SELECT grouped by person, before it is written out: `rows` has its FROM and WHERE, `whose` says whose such a row is. Each column has its name
    and what it is computed from."""

    alias: str
    rows: exp.Select
    whose: exp.Expression
    columns: Mapping[Question, tuple[str, exp.Expr]]

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
        """Of one person alone, so that nobody else is grouped."""
        return replace(self, rows=self.rows.where(exp.EQ(this=self.whose.copy(), expression=text(user_id))))

    def select(self, *, columns: bool) -> exp.Select:
        """One row a person, with or without the columns. `owners` is to be in its WITH."""
        named = [exp.alias_(expression.copy(), name) for name, expression in self.columns.values()] if columns else []
        selected = self.rows.select(exp.alias_(self.whose.copy(), "user_id"), *named)
        return selected.group_by(self.whose.copy(), copy=False)
