"""Places of people among all who did something: one window over a scan that is grouped by person already."""

from dataclasses import dataclass
from typing import Final

from sqlglot import exp

from regulars.domain.lake.sql import statement
from regulars.domain.segments.functions import call
from regulars.domain.segments.measure import Rank

_PLACE: Final = """
row_number() OVER (ORDER BY :amount DESC NULLS LAST, :newest DESC NULLS LAST, to_hex(sha256(to_utf8(user_id))))
"""
"""From 1 on. Whoever has no amount comes after all who have one, and no two people share a place, so that fifths are fifths."""


@dataclass(frozen=True)
class Ranking:
    """What a person is ranked by, of their own rows: an `amount`, NULL where they have no place, and when they did it last, which parts equals."""

    amount: exp.Expr
    newest: exp.Expr

    def columns(self, name: str) -> list[exp.Expr]:
        """Of the scan, under names that `place`, `ranked` and `among` know."""
        return [exp.alias_(self.amount.copy(), _amount(name)), exp.alias_(self.newest.copy(), _newest(name))]


def place(name: str) -> exp.Expr:
    return statement(_PLACE, {"amount": exp.column(_amount(name)), "newest": exp.column(_newest(name))})


def ranked(name: str) -> exp.Expr:
    """How many people have a place."""
    return exp.Window(this=call("count", exp.column(_amount(name))))


def has_place(name: str) -> exp.Expr:
    return exp.Is(this=exp.column(_amount(name)), expression=exp.Not(this=exp.null()))


def among(rank: Rank, name: str) -> exp.Expr:
    """True, false, or NULL for whoever has no place. In whole numbers: those before a person, a thousandfold, against so many thousandths of all."""
    before = statement("(:place - 1) * 1000", {"place": place(name)})
    share = rank.tenths if rank.which == "top" else 1000 - rank.tenths
    bound = statement(":share * :ranked", {"share": exp.Literal.number(share), "ranked": ranked(name)})
    compares = exp.LT if rank.which == "top" else exp.GTE
    return exp.Case(ifs=[exp.If(this=has_place(name), true=compares(this=before, expression=bound))])


def _amount(name: str) -> str:
    return f"{name}_amount"


def _newest(name: str) -> str:
    return f"{name}_newest"
