"""The SQL that reads events for the catalog: names, properties and their JSON types, one level into objects."""

from typing import Final, cast

from sqlglot import exp

from regulars.domain.curation.inserted import Inserted
from regulars.domain.curation.recent import recent
from regulars.domain.lake.sql import printed, statement

MOST_ROWS: Final = 20_000
"""Of one statement; the most frequent come first."""

# identify and group have traits, the others properties.
_EVENTS: Final = """
SELECT coalesce(source, '') AS source, type, coalesce(other_name, event_name) AS name, event_ts, curated_ts,
  CAST(json_parse(coalesce(CASE WHEN type IN ('identify', 'group') THEN traits END, properties)) AS MAP(VARCHAR, JSON)) AS told
FROM events WHERE :chosen
"""

_TYPED: Final = """
CASE substr(coalesce(json_format(:value), 'null'), 1, 1)
  WHEN '{' THEN 'object' WHEN '[' THEN 'array' WHEN '"' THEN 'string' WHEN 't' THEN 'boolean' WHEN 'f' THEN 'boolean' WHEN 'n' THEN 'null'
  ELSE 'number' END
"""

_OUTER: Final = """
SELECT event.source, event.type, event.name, event.event_ts, event.curated_ts, key.key AS path, :json_type AS json_type,
  element_at(event.told, key.key) AS value
FROM :events AS event CROSS JOIN UNNEST(map_keys(event.told)) AS key (key)
"""

_INNER: Final = """
SELECT object.source, object.type, object.name, object.event_ts, object.curated_ts, concat(object.path, '.', key.key) AS path,
  :json_type AS json_type
FROM (
  SELECT source, type, name, event_ts, curated_ts, path, CAST(CASE WHEN json_type = 'object' THEN value END AS MAP(VARCHAR, JSON)) AS told
  FROM :of_events AS one
) AS object CROSS JOIN UNNEST(map_keys(object.told)) AS key (key)
"""

_PROPERTIES: Final = """
SELECT source, type, name, event_ts, curated_ts, path, json_type FROM :of_events AS one
UNION ALL
SELECT source, type, name, event_ts, curated_ts, path, json_type FROM :of_objects AS two
"""

_CATALOG: Final = """
SELECT source, type, name, path, json_type, count(*) AS events, min(event_ts) AS first_ts, max(event_ts) AS last_ts
FROM (
  SELECT coalesce(source, '') AS source, type, coalesce(other_name, event_name) AS name, event_ts,
    CAST(NULL AS VARCHAR) AS path, CAST(NULL AS VARCHAR) AS json_type
  FROM events WHERE :chosen
  UNION ALL
  SELECT source, type, name, event_ts, path, json_type FROM :properties AS told
) AS seen
GROUP BY source, type, name, path, json_type
ORDER BY events DESC, source, type, name, path, json_type
LIMIT :most
"""


def catalog_sql(inserted: Inserted) -> str:
    """`source, type, name, path, json_type, events, first_ts, last_ts` of what was inserted; of an event itself `path` and `json_type` are NULL."""
    values = {"chosen": recent(inserted), "properties": properties(recent(inserted)), "most": exp.Literal.number(MOST_ROWS)}
    return printed(statement(_CATALOG, values))


def properties(chosen: exp.Expr) -> exp.Subquery:
    """`source, type, name, event_ts, curated_ts, path, json_type` of each property of each of the chosen events."""
    events = exp.Subquery(this=statement(_EVENTS, {"chosen": chosen}))
    outer = exp.Subquery(this=statement(_OUTER, {"events": events, "json_type": _typed("element_at(event.told, key.key)")}))
    inner = exp.Subquery(this=statement(_INNER, {"of_events": outer, "json_type": _typed("element_at(object.told, key.key)")}))
    return exp.Subquery(this=statement(_PROPERTIES, {"of_events": outer.copy(), "of_objects": inner}))


def _typed(value: str) -> exp.Expr:
    tree = statement(f"SELECT {_TYPED}", {"value": statement(f"SELECT {value}").expressions[0]})
    return cast(exp.Expr, tree.expressions[0])
