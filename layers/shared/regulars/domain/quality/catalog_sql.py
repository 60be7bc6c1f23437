"""The SQL that reads events for the catalog: names, properties, their JSON types and, where there are few, their values."""

from typing import Final

from sqlglot import exp

from regulars.domain.curation.inserted import Inserted
from regulars.domain.curation.recent import recent
from regulars.domain.lake.sql import printed, statement
from regulars.domain.quality.observed_values import MAX_LENGTH, MAX_VALUES
from regulars.domain.quality.properties_sql import properties

MOST_ROWS: Final = 20_000
"""Of one statement; the most frequent come first."""

MARKS: Final = 16
"""Into how many groups people are told apart, by a hexadecimal digit."""

TOO_MANY: Final = MAX_VALUES * (MARKS + 1) + 1
"""Sightings of one property: more than all that few values can have, of every group of people and of events without a user id."""

_CAPACITY: Final = TOO_MANY + 1
"""Sightings that are counted at a time, exactly as long as there are no more: https://trino.io/docs/current/functions/aggregate.html#approx_most_frequent"""

# A sighting is a value with the mark of who told it: a digit of the hash of their id, which says of several that they are several, and of nobody who
# they are.
_SIGHTINGS: Final = """
SELECT source, type, name, event_ts, path, json_type, CASE WHEN json_type IN ('string', 'boolean', 'number')
  THEN concat(coalesce(substr(to_hex(sha256(to_utf8(user_id))), 1, 1), '-'), substr(written, 1, :longest)) END AS sighting
FROM :properties AS told
"""

# The aggregate keeps so many sightings of a property at a time and no more, however many different values there are.
_CATALOG: Final = """
SELECT source, type, name, path, json_type, events, first_ts, last_ts,
  CASE WHEN cardinality(sightings) < :too_many THEN json_format(CAST(sightings AS JSON)) END AS sightings
FROM (
  SELECT source, type, name, path, json_type, count(*) AS events, min(event_ts) AS first_ts, max(event_ts) AS last_ts,
    map_keys(approx_most_frequent(:too_many, sighting, :capacity)) AS sightings
  FROM :sightings AS seen
  GROUP BY source, type, name, path, json_type
) AS grouped
ORDER BY events DESC, source, type, name, path, json_type
LIMIT :most
"""


def catalog_sql(inserted: Inserted) -> str:
    """`source, type, name, path, json_type, events, first_ts, last_ts, sightings` of what was inserted; of an event itself `path` and `json_type` are
    NULL. `sightings` is a JSON list of texts (`observed_values`): NULL where there are too many, and of what has no values."""
    sightings = statement(_SIGHTINGS, {"properties": properties(recent(inserted)), "longest": exp.Literal.number(MAX_LENGTH + 1)})
    numbers = {"too_many": TOO_MANY, "capacity": _CAPACITY, "most": MOST_ROWS}
    literals: dict[str, exp.Expr] = {name: exp.Literal.number(number) for name, number in numbers.items()}
    return printed(statement(_CATALOG, {**literals, "sightings": exp.Subquery(this=sightings)}))
