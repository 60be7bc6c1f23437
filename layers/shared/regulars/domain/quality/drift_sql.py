"""The SQL that counts properties by JSON type in two periods, of which one is before the other."""

from datetime import UTC, datetime
from typing import Final

from sqlglot import exp

from regulars.domain.curation.inserted import Inserted
from regulars.domain.curation.recent import recent
from regulars.domain.lake.sql import statement, timestamp
from regulars.domain.quality.catalog_sql import MOST_ROWS
from regulars.domain.quality.properties_sql import properties

# A row of an event itself has no path. The rarest are left out where there are too many.
_DRIFT: Final = """
SELECT seen.name, seen.path, seen.json_type, sum(CASE WHEN seen.curated_ts <= :since THEN 1 ELSE 0 END) AS n,
  sum(CASE WHEN seen.curated_ts > :since THEN 1 ELSE 0 END) AS m
FROM :properties AS seen
GROUP BY seen.name, seen.path, seen.json_type
ORDER BY count(*) DESC, seen.name, seen.path, seen.json_type
LIMIT :most
"""

_FIRST: Final = datetime.min.replace(tzinfo=UTC)


def drift_rows(since: datetime, until: datetime) -> exp.Subquery:
    """`name, path, json_type, n, m`: how many before `since` (in as much time as there is from then until `until`), and how many after it."""
    both = recent(Inserted(since - min(until - since, since - _FIRST)))
    values: dict[str, exp.Expr] = {"since": timestamp(since), "properties": properties(both), "most": exp.Literal.number(MOST_ROWS)}
    return exp.Subquery(this=statement(_DRIFT, values))
