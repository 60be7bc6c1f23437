"""Everybody by the stages of their life as customers, in one statement: how many, what they spent in a year, and whom a push would reach.

worth      a row a person with a purchase of the last year: how many, and what they came to
verdicts   a row a known person with that, and a column a clause of all the segments
people     the same, with whether the person is in each segment
           one row comes out, of which each segment has some columns (`column_of`)
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlglot import exp

from regulars.domain.lake.event_names import named
from regulars.domain.lake.owners import join_owners, person
from regulars.domain.lake.tables import EVENTS, PEOPLE
from regulars.domain.purchase import Purchase
from regulars.domain.segments.compile.conditions import combined
from regulars.domain.segments.compile.statement import checked, verdicts
from regulars.domain.segments.compile.time_ranges import inside, range_of
from regulars.domain.segments.compile.values import JsonValue
from regulars.domain.segments.functions import call
from regulars.domain.segments.lowering import lowered
from regulars.domain.segments.measure import Period
from regulars.domain.segments.references import inlined
from regulars.domain.segments.rule import AnyOf, Clause, Everyone, Reachable, Reference, Rule, Segment, walk

YEAR: Final = timedelta(days=365)
"""Of the revenue."""

EVERYBODY: Final = ""
"""Stands for an id where the figures are of everybody known."""

Figure = Literal["people", "reachable", "orders", "revenue"]

_PUSH: Final = Reachable("push")


def column_of(segment_id: str, figure: Figure) -> str:
    """In lower case where ids are, as Athena answers the names of columns."""
    return f"{segment_id} {figure}" if segment_id else figure


def view_sql(purchase: Purchase, segment_ids: list[str], as_of: datetime, segments: Mapping[str, Segment]) -> exp.Select:
    """The columns of everybody and of each of these segments; Raises what `audience_sql` raises."""
    rules: dict[str, Rule] = {EVERYBODY: Everyone()}
    rules |= {each: lowered(inlined(Reference(each), segments)) for each in segment_ids}
    whole = AnyOf((*rules.values(), _PUSH))
    clauses = dict.fromkeys(node for _, node in walk(whole) if isinstance(node, Clause))
    known = {clause: f"v{number}" for number, clause in enumerate(clauses, 1)}
    groups = {each: f"in_{number}" for number, each in enumerate(rules)}
    columns = [exp.alias_(combined(rule, lambda clause: exp.column(known[clause])), groups[each]) for each, rule in rules.items()]
    people = exp.select(*columns, exp.alias_(exp.column(known[_PUSH]), "reached"), "orders", "revenue")
    people = people.from_(exp.Subquery(this=_with_worth(verdicts(whole, known, as_of), purchase, as_of)).as_("verdicts", copy=False), copy=False)
    figures = [figure for each, group in groups.items() for figure in _figures(each, exp.column(group))]
    return checked(exp.select(*figures).from_(exp.Subquery(this=people).as_("people", copy=False), copy=False))


def _with_worth(people: exp.Select, purchase: Purchase, as_of: datetime) -> exp.Select:
    """The verdicts with what each person bought beside them; `owners` is read once for both."""
    same = exp.EQ(this=exp.column("user_id", "worth"), expression=exp.column("user_id", PEOPLE.name))
    beside = people.select(exp.column("orders", "worth"), exp.column("revenue", "worth"), copy=False)
    return beside.join("worth", on=same, join_type="LEFT", copy=False).with_("worth", as_=_worth(purchase, as_of), copy=False)


def _worth(purchase: Purchase, as_of: datetime) -> exp.Select:
    """Of whoever bought in the last year; `revenue` is NULL where no purchase says what it came to."""
    paid: exp.Expr = exp.Cast(this=exp.null(), to=exp.DataType.build("double"))
    if purchase.value:
        paid = JsonValue(exp.column("properties"), purchase.value).number()
    columns = [exp.alias_(person(), "user_id"), exp.alias_(call("count", exp.Star()), "orders"), exp.alias_(call("sum", paid), "revenue")]
    somebodys = exp.Is(this=person(), expression=exp.Not(this=exp.null()))
    read = join_owners(exp.select(*columns).from_(EVENTS.name)).where(
        *named(purchase.event), *inside((range_of(Period(within=YEAR), as_of),)), somebodys, copy=False
    )
    return read.group_by(person(), copy=False)


def _figures(segment_id: str, member: exp.Expr) -> list[exp.Expr]:
    reached = exp.and_(member.copy(), exp.column("reached"))
    counts = {
        "people": _filtered(call("count", exp.Star()), member),
        "reachable": _filtered(call("count", exp.Star()), reached),
        "orders": _filtered(call("sum", exp.column("orders")), member),
        "revenue": _filtered(call("sum", exp.column("revenue")), member),
    }
    return [exp.alias_(counts[figure], column_of(segment_id, figure), quoted=True) for figure in ("people", "reachable", "orders", "revenue")]


def _filtered(aggregate: exp.Expr, condition: exp.Expr) -> exp.Expr:
    return exp.Filter(this=aggregate, expression=exp.Where(this=condition.copy()))
