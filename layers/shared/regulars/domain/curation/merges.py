"""How `people` follows `events`: only what was curated since the last merge is read, in whatever order it happened.

Each trait has in `trait_times` who said it last, as a text that sorts as the one order of events does (`lake.order`), so the latest identify that
named a trait wins whichever run brings it. A person without `trait_times` is one of a version before, whose
traits come from the events themselves: that version's state makes the first merge read all of them (`CurateState.people_through`).
"""

from regulars.domain.curation.inserted import Inserted
from regulars.domain.curation.recent import recent
from regulars.domain.lake.order import order_text
from regulars.domain.lake.sql import printed, statement, text
from regulars.domain.lake.tables import OWN_SOURCE

_IDENTIFIED = ":inserted AND event_name = 'identify' AND type = 'identify' AND user_id IS NOT NULL AND traits IS NOT NULL"

_SAID = f"""
SELECT user_id, CAST(json_parse(traits) AS MAP(VARCHAR, JSON)) AS traits,
  :order AS said
FROM events WHERE {_IDENTIFIED}
"""

_KEPT = f"""
SELECT user_id, CAST(json_parse(traits) AS MAP(VARCHAR, JSON)) AS traits, CAST(json_parse(trait_times) AS MAP(VARCHAR, JSON)) AS times
FROM people WHERE trait_times IS NOT NULL AND user_id IN (SELECT user_id FROM events WHERE {_IDENTIFIED})
"""

_TRAITS = f"""
SELECT latest.user_id AS user_id, json_format(CAST(map_agg(latest.name, latest.value) AS JSON)) AS traits,
  json_format(CAST(map_agg(latest.name, latest.said) AS JSON)) AS trait_times
FROM (
  SELECT told.user_id AS user_id, told.name AS name, max_by(told.value, told.said) AS value, max(told.said) AS said
  FROM (
    SELECT new.user_id AS user_id, named.name AS name, element_at(new.traits, named.name) AS value, new.said AS said
    FROM ({_SAID}) AS new CROSS JOIN UNNEST(map_keys(new.traits)) AS named (name)
    UNION ALL
    SELECT kept.user_id AS user_id, named.name AS name, element_at(kept.traits, named.name) AS value,
      CAST(element_at(kept.times, named.name) AS VARCHAR) AS said
    FROM ({_KEPT}) AS kept CROSS JOIN UNNEST(map_keys(kept.times)) AS named (name)
  ) AS told
  GROUP BY told.user_id, told.name
) AS latest
GROUP BY latest.user_id
"""

_PEOPLE = f"""
MERGE INTO people AS p USING (
  SELECT seen.user_id AS user_id, seen.first_seen_ts AS first_seen_ts, seen.last_seen_ts AS last_seen_ts,
    known.traits AS traits, known.trait_times AS trait_times
  FROM (
    SELECT user_id, min(event_ts) AS first_seen_ts, max(event_ts) AS last_seen_ts
    FROM events WHERE :inserted AND user_id IS NOT NULL AND coalesce(source, '') <> :own GROUP BY user_id
  ) AS seen
  LEFT JOIN ({_TRAITS}) AS known ON known.user_id = seen.user_id
) AS s ON p.user_id = s.user_id
WHEN MATCHED AND (
  s.first_seen_ts < p.first_seen_ts OR s.last_seen_ts > p.last_seen_ts
  OR (s.trait_times IS NOT NULL AND (p.trait_times IS NULL OR s.trait_times <> p.trait_times))
) THEN UPDATE SET
  first_seen_ts = least(p.first_seen_ts, s.first_seen_ts),
  last_seen_ts = greatest(p.last_seen_ts, s.last_seen_ts),
  traits = coalesce(s.traits, p.traits),
  trait_times = coalesce(s.trait_times, p.trait_times)
WHEN NOT MATCHED THEN INSERT (user_id, first_seen_ts, last_seen_ts, traits, trait_times)
VALUES (s.user_id, s.first_seen_ts, s.last_seen_ts, s.traits, s.trait_times)
"""


def people_sql(inserted: Inserted) -> str:
    """Brings `people` up to date with what was inserted. Changes nothing where nothing changed."""
    return printed(statement(_PEOPLE, {"inserted": recent(inserted), "order": order_text(), "own": text(OWN_SOURCE)}))
