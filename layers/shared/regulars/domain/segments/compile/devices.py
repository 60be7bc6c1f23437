"""Who could be pushed to as of a moment: the rules of docs/devices.md over the events of REACH before it. For now, `curation.device_merges` keeps the
same in `devices`, and `campaigns.audience` chooses from it in the same way.

Where a target was registered before REACH and never since, `devices` knows it.
"""

from datetime import datetime
from typing import Final, cast

from sqlglot import exp

from regulars.domain.lake.device_events import DELETIONS, LOGOUTS
from regulars.domain.lake.order import order_text
from regulars.domain.lake.owners import OWNERS, join_renamed
from regulars.domain.lake.sql import statement, text, timestamp
from regulars.domain.reasons import DEAD_TARGET
from regulars.domain.segments.compile.scan import Scan
from regulars.domain.segments.functions import call
from regulars.domain.segments.limits import REACH
from regulars.domain.segments.rule import Reachable

_NAME: Final = "coalesce(other_name, event_name)"

_TOLD: Final = f"""
SELECT device_id, CASE WHEN {_NAME} IN :logouts THEN NULL ELSE user_id END AS user_id, coalesce(device_fid, device_token) AS target,
  device_fid IS NOT NULL OR device_token IS NOT NULL OR {_NAME} IN :deletions AS registers, event_ts, :order AS said
FROM events WHERE event_ts >= :start AND event_ts < :as_of AND device_id IS NOT NULL
"""

_LATEST: Final = f"""
SELECT device_id, max_by(user_id, said) AS user_id, max_by(target, said) FILTER (WHERE registers) AS target,
  max_by(user_id, said) FILTER (WHERE registers) AS registered_by, max(said) FILTER (WHERE registers) AS registered,
  max(event_ts) FILTER (WHERE registers) AS registered_ts
FROM ({_TOLD}) AS told GROUP BY device_id
"""

_BEFORE: Final = """
SELECT device_id, coalesce(fid, token) AS target, CASE WHEN seen_order IS NULL THEN user_id ELSE registered_by END AS registered_by,
  coalesce(registered_order, date_format(last_seen_ts, '%Y-%m-%d %H:%i:%s.%f')) AS registered
FROM devices WHERE coalesce(registered_order, date_format(last_seen_ts, '%Y-%m-%d %H:%i:%s.%f')) < :started
"""

_KNOWN: Final = f"""
SELECT latest.device_id, latest.user_id, CASE WHEN latest.registered IS NULL THEN kept.target ELSE latest.target END AS target,
  CASE WHEN latest.registered IS NULL THEN kept.registered_by ELSE latest.registered_by END AS registered_by,
  coalesce(latest.registered, kept.registered) AS registered, latest.registered_ts
FROM ({_LATEST}) AS latest LEFT JOIN ({_BEFORE}) AS kept ON kept.device_id = latest.device_id
"""

_NEWEST: Final = f"""
SELECT device_id, user_id, registered_by, registered_ts, row_number() OVER (PARTITION BY target ORDER BY registered DESC, device_id) AS newest
FROM ({_KNOWN}) AS known WHERE target IS NOT NULL
"""

_DEAD: Final = """
SELECT device_id, max(delivered_ts) AS found_ts FROM deliveries
WHERE reason IN :dead AND delivered_ts >= :start AND delivered_ts < :as_of GROUP BY device_id
"""

# Those that a person used or registered, and all that were registered with the same targets.
_STANDING: Final = f"""
SELECT device.device_id AS id, device.registered_by AS name, device.user_id AS kind, dead.found_ts AS at_ts, device.registered AS told,
  device.target AS document
FROM (
  SELECT known.*, max(CASE WHEN user_id = :user_id OR registered_by = :user_id THEN 1 ELSE 0 END) OVER (PARTITION BY target) AS theirs
  FROM ({_KNOWN}) AS known WHERE target IS NOT NULL
) AS device LEFT JOIN ({_DEAD}) AS dead ON dead.device_id = device.device_id
WHERE device.theirs = 1
"""

_REACHED: Final = f"""
SELECT device.user_id FROM ({_NEWEST}) AS device LEFT JOIN ({_DEAD}) AS dead ON dead.device_id = device.device_id
WHERE device.newest = 1 AND device.user_id IS NOT NULL AND coalesce(device.registered_by, device.user_id) = device.user_id
  AND (dead.found_ts IS NULL OR coalesce(device.registered_ts > dead.found_ts, FALSE))
"""


def device_scan(alias: str, clause: Reachable, name: str, as_of: datetime) -> Scan:
    """A row a device that leads to its owner. Who became another person has none: pushes go to the id that the device was registered for."""
    reached = exp.Subquery(this=cast(exp.Select, statement(_REACHED, _given(as_of)))).as_("reached")
    whose = exp.column("user_id", table="reached")
    rows = join_renamed(exp.Select().from_(reached, copy=False), whose)
    still = exp.Is(this=exp.column("owner_id", table=OWNERS), expression=exp.null())
    return Scan(
        alias, rows.where(still, copy=False), whose, {clause: (name, exp.GT(this=call("count", exp.Star()), expression=exp.Literal.number(0)))}
    )


def device_standing(user_id: str, as_of: datetime) -> exp.Select:
    """Columns `id`, `kind` (who uses it), `document` (its target), `name` (for whom that was registered), `told` (the order of the event that said
    so) and `at_ts` (when FCM called it dead)."""
    return cast(exp.Select, statement(_STANDING, {**_given(as_of), "user_id": text(user_id)}))


def _given(as_of: datetime) -> dict[str, exp.Expr]:
    start = as_of - REACH
    return {
        "logouts": _list(LOGOUTS),
        "deletions": _list(DELETIONS),
        "dead": _list(DEAD_TARGET),
        "order": order_text(),
        "start": timestamp(start),
        "as_of": timestamp(as_of),
        "started": text(f"{start:%Y-%m-%d %H:%M:%S.%f}"),
    }


def _list(words: frozenset[str]) -> exp.Expr:
    return exp.Tuple(expressions=[text(word) for word in sorted(words)])
