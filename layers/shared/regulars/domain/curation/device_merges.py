"""How `devices` follows `events`: who uses each device, and what leads a push to it. Only what was curated since the last merge is read.

Each thing is kept as the latest event has it that says it, by the one order of events (`lake.order`), so that any order of arrival gives the same
rows: `seen_order` is that of the latest event of all, which says who uses the device; `registered_order` that of the latest one that says what
leads to it; each detail (platform, locale, time zone, version of the app) has an order of its own. Rows of a version before have neither of the
first two: they were seen and registered at `last_seen_ts`, by one event; and details without an order are of the latest event.
"""

from collections.abc import Iterable

from sqlglot import exp

from regulars.domain.curation.inserted import Inserted
from regulars.domain.curation.recent import recent
from regulars.domain.lake.device_events import DELETIONS, LOGOUTS
from regulars.domain.lake.order import order_text
from regulars.domain.lake.sql import printed, statement, text

_TOLD = """
SELECT device_id, CASE WHEN :signed_out THEN NULL ELSE user_id END AS user_id, platform, json_extract_scalar(context, '$.locale') AS locale,
  json_extract_scalar(context, '$.timezone') AS timezone, json_extract_scalar(context, '$.app.version') AS app_version,
  device_token, device_fid, device_token IS NOT NULL OR device_fid IS NOT NULL OR :deleted AS registers, event_ts, :order AS said
FROM events WHERE :inserted AND device_id IS NOT NULL
"""

_DETAILS = ("platform", "locale", "timezone", "app_version")
_DETAILS_TOLD = ", ".join(
    f"max_by({name}, said) FILTER (WHERE {name} IS NOT NULL) AS {name}, max(said) FILTER (WHERE {name} IS NOT NULL) AS {name}_order"
    for name in _DETAILS
)

_LATEST = f"""
SELECT device_id, max_by(user_id, said) AS user_id, max(event_ts) AS last_seen_ts, max(said) AS seen_order, {_DETAILS_TOLD},
  max_by(device_token, said) FILTER (WHERE registers) AS token, max_by(device_fid, said) FILTER (WHERE registers) AS fid,
  max_by(user_id, said) FILTER (WHERE registers) AS registered_by, max(said) FILTER (WHERE registers) AS registered_order
FROM ({_TOLD}) AS told GROUP BY device_id
"""

_SEEN = ("user_id", "last_seen_ts", "seen_order")
_REGISTERED = ("token", "fid", "registered_by", "registered_order")
_COLUMNS = ("device_id", *_SEEN, *_DETAILS, *(f"{name}_order" for name in _DETAILS), *_REGISTERED)

_BEFORE = "date_format(d.last_seen_ts, '%Y-%m-%d %H:%i:%s.%f')"
_REGISTERED_BEFORE = f"CASE WHEN d.seen_order IS NULL THEN {_BEFORE} ELSE d.registered_order END"
_REGISTERED_BY_BEFORE = "CASE WHEN d.seen_order IS NULL THEN d.user_id ELSE d.registered_by END"
_SEEN_LATER = f"s.seen_order > coalesce(d.seen_order, {_BEFORE})"
_REGISTERED_LATER = f"s.registered_order > coalesce({_REGISTERED_BEFORE}, '')"


def _updated(columns: Iterable[str], later: str) -> str:
    return ", ".join(f"{column} = CASE WHEN {later} THEN s.{column} ELSE {_KEPT.get(column, f'd.{column}')} END" for column in columns)


_KEPT = {"registered_by": _REGISTERED_BY_BEFORE, "registered_order": _REGISTERED_BEFORE, "seen_order": f"coalesce(d.seen_order, {_BEFORE})"}


def _said_before(detail: str) -> str:
    return f"coalesce(d.{detail}_order, CASE WHEN d.{detail} IS NOT NULL THEN coalesce(d.seen_order, {_BEFORE}) END)"


_DETAIL_LATER = {name: f"s.{name}_order > coalesce({_said_before(name)}, '')" for name in _DETAILS}
_DETAILS_UPDATED = ", ".join(
    f"{name} = CASE WHEN {later} THEN s.{name} ELSE d.{name} END, {name}_order = CASE WHEN {later} THEN s.{name}_order ELSE {_said_before(name)} END"
    for name, later in _DETAIL_LATER.items()
)

_DEVICES = f"""
MERGE INTO devices AS d USING ({_LATEST}) AS s ON d.device_id = s.device_id
WHEN MATCHED AND ({_SEEN_LATER} OR {_REGISTERED_LATER} OR {" OR ".join(_DETAIL_LATER.values())})
THEN UPDATE SET {_updated(_SEEN, _SEEN_LATER)}, {_DETAILS_UPDATED}, {_updated(_REGISTERED, _REGISTERED_LATER)}
WHEN NOT MATCHED THEN INSERT ({", ".join(_COLUMNS)}) VALUES ({", ".join(f"s.{column}" for column in _COLUMNS)})
"""


def devices_sql(inserted: Inserted) -> str:
    """Brings `devices` up to date with what was inserted. Changes nothing where nothing changed."""
    given = {"signed_out": _named(LOGOUTS), "deleted": _named(DELETIONS), "order": order_text(), "inserted": recent(inserted)}
    return printed(statement(_DEVICES, given))


def _named(names: Iterable[str]) -> exp.Expression:
    """Whether an event has one of these names: `other_name` is that of one without a partition of its own."""
    name = exp.Coalesce(this=exp.column("other_name"), expressions=[exp.column("event_name")])
    return exp.In(this=name, expressions=[text(each) for each in sorted(names)])
