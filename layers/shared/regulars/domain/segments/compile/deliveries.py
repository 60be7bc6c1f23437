"""Reading what became of pushes, run by run: `deliveries` has a row a push, a person with several devices several of one run."""

from datetime import datetime
from typing import Final, cast

from sqlglot import exp

from regulars.domain.lake.owners import join_renamed, person
from regulars.domain.lake.sql import statement, text
from regulars.domain.lake.tables import DELIVERIES
from regulars.domain.segments.compile.comparisons import compared
from regulars.domain.segments.compile.scan import Scan
from regulars.domain.segments.compile.time_ranges import bounds, range_of
from regulars.domain.segments.compile.values import whole_literal
from regulars.domain.segments.functions import call
from regulars.domain.segments.rule import Delivered, Fate

_RUNS: Final = """
SELECT :person AS user_id, run_id, max(CASE outcome WHEN 'sent' THEN 2 WHEN 'failed' THEN 1 ELSE 0 END) AS fate
FROM deliveries
GROUP BY :person, run_id
"""
"""The best that any device of a person had in a run."""

FATES: Final[dict[Fate, str]] = {"sent": "2", "failed": "1"}


def delivery_scan(alias: str, clause: Delivered, name: str, as_of: datetime) -> Scan:
    """In how many runs it happened, of each person with a push in one."""
    runs = cast(exp.Select, statement(_RUNS, {"person": person(DELIVERIES.name)}))
    runs = join_renamed(runs, exp.column("user_id", table=DELIVERIES.name)).where(*bounds(range_of(clause.period, as_of), "delivered_ts"), copy=False)
    if clause.campaign_id is not None:
        runs = runs.where(exp.EQ(this=exp.column("campaign_id"), expression=text(clause.campaign_id)), copy=False)
    met = exp.EQ(this=exp.column("fate"), expression=exp.Literal.number(FATES[clause.fate]))
    counted = exp.Filter(this=call("count", exp.Star()), expression=exp.Where(this=met))
    rows = exp.Select().from_(exp.Subquery(this=runs).as_("runs"), copy=False)
    return Scan(alias, rows, exp.column("user_id", table="runs"), {clause: (name, compared(counted, clause.test, whole_literal))})
