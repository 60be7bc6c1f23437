"""Reports as pages are tested with: one of three arms of some 21,300 people each, and what may become of it."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.plan import Plan, Statements
from regulars.domain.documents import JsonObject
from regulars.domain.measure.page import report_page
from regulars.domain.measure.report import Report
from tests.examples import campaign_run

THREE_ARMS: Report = TypeAdapter(Report).validate_json((Path(__file__).parent / "three_arms.json").read_bytes())

CAMPAIGN: JsonObject = {
    "id": "hillstrom",
    "name": "Back to the store",
    "audience": {"include": ["bought-within-a-year"]},
    "variants": [{"id": name, "weight": 1, "message": {"push": {"body": "x"}}} for name in ("mens", "womens")],
    "control": {"percent": 33.34},
    "goal": {"event": "Visited", "within": "14d", "value": "spend"},
}
_LAUNCHED = datetime(2017, 10, 1, tzinfo=UTC)
_PLAN = Plan({"people": "5931760024861830173", "devices": "8214407722136042551", "events": None}, Statements("", "", ""))


def page(report: Report = THREE_ARMS, *, sends: bool = True, **changes: Any) -> str:
    """The page of a report on a campaign that is CAMPAIGN but for the `changes`; None takes something away."""
    document = {name: value for name, value in {**CAMPAIGN, **changes}.items() if value is not None}
    segment = {"id": "bought-within-a-year", "rule": {"everyone": True}}
    run = campaign_run(report.run_id, document, segments=[segment], launched_at=_LAUNCHED, state="succeeded", plan=_PLAN, sends=sends)
    return report_page(report, run, parse_campaign(document))


def changed(**changes: Any) -> Report:
    return replace(THREE_ARMS, **changes)
