"""Reading conversions: the goal's events of a campaign beside the pushes of it that were sent."""

from datetime import datetime
from typing import Final, cast

from sqlglot import exp

from regulars.domain.lake.event_names import named
from regulars.domain.lake.owners import join_owners, join_renamed, person
from regulars.domain.lake.sql import statement, text, timestamp
from regulars.domain.lake.tables import DELIVERIES
from regulars.domain.segments.compile.scan import Scan
from regulars.domain.segments.compile.time_ranges import inside, later, range_of
from regulars.domain.segments.functions import call
from regulars.domain.segments.rule import Converted

_SENT: Final = """
SELECT :person AS user_id, delivered_ts FROM deliveries WHERE campaign_id = :campaign AND outcome = 'sent' AND delivered_ts < :as_of
"""
_REACHED: Final = "SELECT :person AS user_id, event_ts FROM events WHERE :named"
_IN_TIME: Final = "sent.user_id = goals.user_id AND goals.event_ts >= sent.delivered_ts AND goals.event_ts < :over"


def conversion_scan(alias: str, clause: Converted, name: str, as_of: datetime) -> Scan:
    """Whoever reached the goal in time; one push is enough."""
    sent = cast(exp.Select, statement(_SENT, {"person": person(DELIVERIES.name), "campaign": text(clause.campaign_id), "as_of": timestamp(as_of)}))
    pushes = exp.Subquery(this=join_renamed(sent, exp.column("user_id", table=DELIVERIES.name))).as_("sent")
    reached = cast(exp.Select, statement(_REACHED, {"person": person(), "named": exp.and_(*named(clause.goal.event), copy=False)}))
    goals = exp.Subquery(this=join_owners(reached).where(*inside((range_of(clause.period, as_of),)), copy=False)).as_("goals")
    in_time = statement(_IN_TIME, {"over": later(exp.column("delivered_ts", table="sent"), clause.goal.within)})
    verdict = exp.GT(this=call("count", exp.Star()), expression=exp.Literal.number(0))
    rows = exp.Select().from_(goals, copy=False).join(pushes, on=in_time, join_type="INNER", copy=False)
    return Scan(alias, rows, exp.column("user_id", table="goals"), {clause: (name, verdict)})
