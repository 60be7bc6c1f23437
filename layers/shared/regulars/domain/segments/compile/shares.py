"""How much of what people do is like something: a row a person, with how many of their events there are, and how many of those are alike."""

from datetime import datetime

from sqlglot import exp

from regulars.domain.lake.event_names import named
from regulars.domain.lake.owners import OWNERS, join_owners, owners, person
from regulars.domain.lake.tables import EVENTS
from regulars.domain.segments.compile.comparisons import judged
from regulars.domain.segments.compile.time_ranges import inside, range_of
from regulars.domain.segments.compile.values import JsonValue
from regulars.domain.segments.functions import call
from regulars.domain.segments.rule import EventClause


def share_sql(clause: EventClause, as_of: datetime) -> exp.Select:
    """Columns `user_id`, `these` (events of the clause's name in its period) and `alike` (those of them that meet its `where`). Who has no such event
    has no row."""
    properties = exp.column("properties", table=EVENTS.name)
    alike = exp.and_(*(judged(JsonValue(properties, wanted.path), wanted.test, as_of) for wanted in clause.where), copy=False)
    is_somebodys = exp.Is(this=person(), expression=exp.Not(this=exp.null()))
    rows = join_owners(exp.Select().from_(EVENTS.name, copy=False))
    selected = rows.where(*named(clause.name), *inside((range_of(clause.period, as_of),)), is_somebodys, copy=False).select(
        exp.alias_(person(), "user_id"),
        exp.alias_(call("count", exp.Star()), "these"),
        exp.alias_(exp.Filter(this=call("count", exp.Star()), expression=exp.Where(this=alike)), "alike"),
    )
    return selected.group_by(person(), copy=False).with_(OWNERS, as_=owners(as_of), copy=False)
