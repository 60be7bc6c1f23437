"""What the campaigns of each month changed: how many people more did the goal than would have without a message. By PyAthena.

    python examples/effects_by_month.py DATABASE WORK_GROUP --event "Order Completed" --days 7

Everybody who was assigned counts, reached or not, and the clock is the same for treated and control. Runs are compared with their own control group
first and added up then: added up first, months with a larger control group would weigh more.
"""

import argparse
from datetime import datetime
from typing import NamedTuple

import pyathena

EFFECTS = """
WITH goals AS (
  SELECT coalesce(identities.user_id, events.user_id) AS user_id, events.event_ts
  FROM events LEFT JOIN identities
    ON identities.kind = CASE WHEN events.user_id IS NULL THEN 'anonymous' ELSE 'user' END
    AND identities.id = coalesce(events.user_id, events.anonymous_id)
    AND identities.since_ts IS NOT NULL AND identities.until_ts IS NULL
  WHERE events.event_name = %(event)s
), people AS (
  SELECT assignments.run_id, assignments.planned_ts, assignments.user_id, assignments.arm, count(goals.user_id) AS goals
  FROM assignments LEFT JOIN goals
    ON goals.user_id = assignments.user_id AND goals.event_ts >= assignments.planned_ts
    AND goals.event_ts < date_add('day', %(days)d, assignments.planned_ts)
  WHERE assignments.arm <> 'global control' AND assignments.run_id NOT IN (SELECT run_id FROM deliveries WHERE reason = 'rehearsal')
  GROUP BY 1, 2, 3, 4
), runs AS (
  SELECT date_trunc('month', planned_ts) AS month,
    count_if(arm <> 'control') AS treated, count_if(arm = 'control') AS control,
    avg(CASE WHEN arm <> 'control' THEN CASE WHEN goals > 0 THEN 1e0 ELSE 0e0 END END) AS treated_rate,
    avg(CASE WHEN arm = 'control' THEN CASE WHEN goals > 0 THEN 1e0 ELSE 0e0 END END) AS control_rate
  FROM people GROUP BY run_id, planned_ts
)
SELECT month, count(*) AS runs, sum(treated) AS treated, sum(control) AS control, sum(treated * (treated_rate - control_rate)) AS caused
FROM runs WHERE control > 0 GROUP BY month ORDER BY month
"""


class Month(NamedTuple):
    """`caused` is the difference in people: an estimate, which for a single month can well be below zero by chance."""

    month: datetime
    runs: int
    treated: int
    control: int
    caused: float


def effects_by_month(database: str, work_group: str, event: str, days: int) -> list[Month]:
    with pyathena.connect(schema_name=database, work_group=work_group, poll_interval=0.2) as connection, connection.cursor() as cursor:
        cursor.execute(EFFECTS, {"event": event, "days": days})
        return [Month(*row) for row in cursor.fetchall()]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="What the campaigns of each month changed")
    parser.add_argument("database")
    parser.add_argument("work_group")
    parser.add_argument("--event", default="Order Completed", help="the goal")
    parser.add_argument("--days", type=int, default=7, help="after the planned moment")
    asked = parser.parse_args()
    for found in effects_by_month(asked.database, asked.work_group, asked.event, asked.days):
        print(f"{found.month:%Y-%m}  {found.runs} runs  {found.treated:,} treated  {found.control:,} control  {found.caused:+,.1f} people caused")
