"""What became of people in journeys, as the lake's views have it."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from regulars.domain.lake.migration_files import migrations
from tests.domain.campaigns.lake import Lake

MIGRATIONS = Path(__file__).parents[3] / "infra/migrations"
NOON = datetime(2026, 11, 21, 12)


def told(name: str, minutes: int, source: str = "regulars", **said: Any) -> dict[str, Any]:
    properties = json.dumps({"journey": "cart", "version": 2, "key": "o1", "run": "r1", **said})
    return {"user_id": "ann", "event_name": name, "event_ts": NOON + timedelta(minutes=minutes), "source": source, "properties": properties}


def test_each_move_each_message_and_each_run_is_a_row() -> None:
    lake = Lake()
    lake.fill("events", [told("Journey Entered", 0, arm="treated"), told("Journey Step", 0, step="pause", because="entered")])
    lake.fill("events", [told("Message Skipped", 5, step="remind", reason="no_device"), told("Journey Left", 9, step="remind", because="done")])
    lake.fill("events", [told("Journey Left", 99, source="somebody's key", step="remind", because="forged")])
    made = {each.number: each for each in migrations({path.name: path.read_text() for path in MIGRATIONS.glob("*.sql")})}
    steps, messages, runs = (statement.text.partition(" AS\n")[2] for statement in made[24].statements)
    moves = sorted((row["move"], row["step"], row["because"]) for row in lake.run(steps))
    assert moves == [("came", "pause", "entered"), ("entered", None, None), ("left", "remind", "done")]
    (message,) = lake.run(messages)
    assert (message["outcome"], message["reason"], message["step"], message["version"]) == ("skipped", "no_device", "remind", 2)
    (run,) = lake.run(runs.replace("FROM journey_steps", f"FROM ({steps}) AS journey_steps"))
    assert (run["run_id"], run["arm"], run["entered_ts"], run["left_ts"], run["because"]) == (
        "r1",
        "treated",
        NOON,
        NOON + timedelta(minutes=9),
        "done",
    )
