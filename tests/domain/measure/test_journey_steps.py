"""What became of people at each step, asked of a lake."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from regulars.domain.journeys.parse import parse_journey
from regulars.domain.lake.sql import printed
from regulars.domain.measure.journey_steps import StepFigures, read_steps, steps_sql
from tests.domain.campaigns.lake import Lake

SINCE = datetime(2026, 10, 1, tzinfo=UTC)
JOURNEY = parse_journey(
    {
        "id": "welcome",
        "entry": {"event": "Signed Up"},
        "start": "pause",
        "steps": {"pause": {"wait": "1d", "then": "hello"}, "hello": {"message": {"push": {"body": "x"}}, "then": None}},
    }
)


def told(name: str, step: str, days: float = 1, source: str = "regulars", journey: str = "welcome", **said: Any) -> dict[str, Any]:
    at = SINCE.replace(tzinfo=None) + timedelta(days=days)
    properties = json.dumps({"journey": journey, "step": step, **said})
    return {"user_id": "u", "event_name": name, "event_ts": at, "source": source, "properties": properties}


def test_runs_are_counted_by_step_and_reason_in_the_order_of_the_document() -> None:
    lake = Lake()
    lake.fill("events", [told("Journey Step", "pause", because="entered"), told("Journey Step", "pause", because="again")])
    lake.fill("events", [told("Journey Step", "hello", because="time"), told("Journey Left", "pause", because="exit")])
    lake.fill("events", [told("Message Sent", "hello"), told("Message Skipped", "hello", reason="capped"), told("Webhook Failed", "old", status=410)])
    lake.fill("events", [told("Journey Noted", "pause", because="late")])
    lake.fill(
        "events", [told("Journey Step", "pause", days=-1), told("Journey Step", "pause", days=9), told("Journey Step", "pause", journey="other")]
    )
    lake.fill("events", [told("Message Sent", "hello", source="somebody's key")])
    rows = lake.answers(printed(steps_sql("welcome", since=SINCE, as_of=SINCE + timedelta(days=9))))
    assert read_steps(JOURNEY, rows, {"pause": 7}) == [
        StepFigures("pause", came=2, waiting=7, left={"exit": 1}, noted={"late": 1}),
        StepFigures("hello", came=1, sent=1, skipped={"capped": 1}),
        StepFigures("old", failed={"410": 1}),
    ]
