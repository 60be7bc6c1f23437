"""Who was there, month by month, and who did more than look: one narrow scan, without any JSON."""

from typing import Final, cast

from sqlglot import exp

from regulars.domain.lake.event_names import PUSH_RECEIVED
from regulars.domain.lake.owners import OWNERS, join_owners, owners, person
from regulars.domain.lake.sql import statement, text, timestamp
from regulars.domain.lake.tables import OWN_SOURCE
from regulars.domain.overview.calendar import MONTH_FORMAT, Months
from regulars.domain.overview.orders import CUSTOMERS

UNATTENDED: Final = (PUSH_RECEIVED, "Push Notification Bounced", "Application Uninstalled", "Application Updated", "Application Crashed")
"""What a device or a server tells although nobody is there (https://segment.com/docs/connections/spec/mobile/)."""

_FRONT: Final = "pp(lication)?[ _.-]?"

LOOKING: Final = (
    rf"(^|[^A-Za-z])(view|seen|impression|session[ _.-]?start|a{_FRONT}(open|install|background|foreground|launch))"
    rf"|V(iew|IEW)|Seen|Impression|Session[ _.-]?Start|A{_FRONT}(Open|Install|Background|Foreground|Launch)"
)
"""The names of events that only say that somebody looked, or that an app came to the front: `Product Viewed`, `page_view`, `Application Opened`,
`session_start`. (`Review Submitted` is none: there the word goes on from another.)"""

_VISITED: Final = f"""
SELECT :month AS month, :person AS user_id, CASE WHEN :person IS NULL THEN events.anonymous_id END AS visitor,
  max(CASE WHEN type = 'track' AND NOT regexp_like(coalesce(other_name, event_name), :looking) THEN 1 ELSE 0 END) AS acted
FROM events
WHERE type IN ('track', 'page', 'screen') AND event_name NOT IN :unattended AND (source IS NULL OR source <> :own) AND {CUSTOMERS}
GROUP BY 1, 2, 3
"""

_COUNTED: Final = "SELECT month, count(*) AS reached, sum(acted) AS acted FROM :visited AS visited GROUP BY month"

_SHOWN: Final = "event_ts >= :start AND event_ts < :as_of"


def visits_query(months: Months) -> exp.Select:
    """One row a month in which anybody was there: `month, reached, acted`."""
    month = statement("date_format(event_ts, :format)", {"format": text(MONTH_FORMAT)})
    shown = statement(_SHOWN, {"start": timestamp(months.start), "as_of": timestamp(months.as_of)})
    return counted(month, shown).with_(OWNERS, as_=owners(months.as_of), copy=False)


def counted(month: exp.Expr, *conditions: exp.Expr) -> exp.Select:
    """The same by any `month` of events that meet these conditions, too. Wants `owners` in its WITH or above."""
    values = {
        "month": month,
        "person": person(),
        "looking": text(LOOKING),
        "unattended": exp.Tuple(expressions=[text(name) for name in UNATTENDED]),
        "own": text(OWN_SOURCE),
    }
    visited = join_owners(cast(exp.Select, statement(_VISITED, values))).where(*conditions, copy=False)
    return cast(exp.Select, statement(_COUNTED, {"visited": exp.Subquery(this=visited)}))
