"""The SQL that says what was told in events: their properties, one level into objects, each with its JSON type and its value."""

from typing import Final

from sqlglot import exp

from regulars.domain.lake.sql import statement

# identify and group have traits, the others properties.
_EVENTS: Final = """
SELECT coalesce(source, '') AS source, type, coalesce(other_name, event_name) AS name, user_id, event_ts, curated_ts,
  CAST(json_parse(coalesce(CASE WHEN type IN ('identify', 'group') THEN traits END, properties)) AS MAP(VARCHAR, JSON)) AS told
FROM events WHERE :chosen
"""

# A key that is NULL comes before those of the map: so each row stays as it is, once, and the table is read once for all of them.
_KEYS: Final = "coalesce(ARRAY[CAST(NULL AS VARCHAR)] || map_keys(told), ARRAY[CAST(NULL AS VARCHAR)])"

_OUTER: Final = f"""
SELECT event.source, event.type, event.name, event.user_id, event.event_ts, event.curated_ts, key.key AS path,
  json_format(element_at(event.told, key.key)) AS written
FROM :events AS event CROSS JOIN UNNEST({_KEYS}) AS key (key)
"""

_INNER: Final = f"""
SELECT object.source, object.type, object.name, object.user_id, object.event_ts, object.curated_ts,
  coalesce(concat(object.path, '.', key.key), object.path) AS path,
  CASE WHEN key.key IS NULL THEN object.written ELSE json_format(element_at(object.told, key.key)) END AS written
FROM (
  SELECT source, type, name, user_id, event_ts, curated_ts, path, written,
    CAST(json_parse(CASE WHEN starts_with(written, '{{') THEN written END) AS MAP(VARCHAR, JSON)) AS told
  FROM :properties AS one
) AS object CROSS JOIN UNNEST({_KEYS}) AS key (key)
"""

_TYPED: Final = """
SELECT source, type, name, user_id, event_ts, curated_ts, path, written,
  CASE WHEN path IS NOT NULL THEN CASE substr(coalesce(written, 'null'), 1, 1)
    WHEN '{' THEN 'object' WHEN '[' THEN 'array' WHEN '"' THEN 'string' WHEN 't' THEN 'boolean' WHEN 'f' THEN 'boolean' WHEN 'n' THEN 'null'
    ELSE 'number' END END AS json_type
FROM :properties AS told
"""


def properties(chosen: exp.Expr) -> exp.Subquery:
    """`source, type, name, user_id, event_ts, curated_ts, path, json_type, written` of each property of each of the chosen events, and of each event
    itself, whose `path`, `json_type` and `written` are NULL."""
    events = exp.Subquery(this=statement(_EVENTS, {"chosen": chosen}))
    outer = exp.Subquery(this=statement(_OUTER, {"events": events}))
    inner = exp.Subquery(this=statement(_INNER, {"properties": outer}))
    return exp.Subquery(this=statement(_TYPED, {"properties": inner}))
