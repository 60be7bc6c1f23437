"""What the campaigns of each month changed, in people and in money, and what they cost. By PyAthena.

    python examples/effects_by_month.py DATABASE WORK_GROUP

`results` has a line for each arm of a run, with what its report found against the control group. Only runs whose window has closed count; one
without a control group, or with too few people, has nothing to add.
"""

import argparse
from datetime import datetime
from typing import NamedTuple

import pyathena

EFFECTS = """
SELECT date_trunc('month', planned_ts) AS month, currency, count(DISTINCT run_id) AS runs, sum(people) AS treated,
  sum(caused) AS caused, sum(caused_value) AS caused_value, sum(cost_usd / arms) AS cost
FROM (SELECT results.*, count(*) OVER (PARTITION BY run_id) AS arms FROM results WHERE arm <> 'control') AS treated
WHERE final AND NOT rehearsal
GROUP BY 1, 2
ORDER BY 1, 2
"""


class Month(NamedTuple):
    """`caused` are people who did the goal and would not have without a message: an estimate, which by chance can be below zero. `caused_value` is in
    `currency`, `cost` in US dollars."""

    month: datetime
    currency: str | None
    runs: int
    treated: int
    caused: float | None
    caused_value: float | None
    cost: float | None


def effects_by_month(database: str, work_group: str) -> list[Month]:
    with pyathena.connect(schema_name=database, work_group=work_group, poll_interval=0.2) as connection, connection.cursor() as cursor:
        return [Month(*row) for row in cursor.execute(EFFECTS).fetchall()]


def told(amount: float | None, unit: str) -> str:
    return f"nobody knows how many {unit}" if amount is None else f"{amount:+,.1f} {unit}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="What the campaigns of each month changed")
    parser.add_argument("database")
    parser.add_argument("work_group")
    asked = parser.parse_args()
    for found in effects_by_month(asked.database, asked.work_group):
        caused = f"{told(found.caused, 'people')}, {told(found.caused_value, found.currency or 'of value')} caused"
        print(f"{found.month:%Y-%m}  {found.runs} runs  {found.treated:,} treated  {caused}  for ${found.cost or 0:.2f}")
