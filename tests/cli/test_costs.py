"""`regulars costs`."""

import json
from typing import Any

from tests.cli.conftest import FakeApi, Run

DAY = {"day": "2026-11-21", "statements": 1200, "bytes_scanned": 5, "cost_usd": 1.25}
PARTS = {"by_purpose": {"data": 1.0, "audiences": 0.25, "questions": 0.000051, "upkeep": 0.0}}
FOUND: dict[str, Any] = {
    "days": [DAY | PARTS],
    "since": "2026-11-21T00:00:00Z",
    "complete": True,
    "counted": ["Athena"],
    "not_counted": ["Lambda", "S3"],
    "prices_as_of": "2026-11-26",
    "region": "us-east-1",
}


def test_each_day_is_told_by_what_it_was_for_and_what_is_not_counted(api: FakeApi, regulars: Run) -> None:
    api.on("GET", "/admin/costs?days=3", FOUND)
    shown = regulars("costs", "--days", "3")
    assert shown.exit_code == 0
    assert all(each in shown.stdout for each in ("2026-11-21", "1,200", "$1.25", "$0.000051", "Not counted: Lambda, S3."))
    assert "too many" not in shown.stdout


def test_what_could_not_be_asked_after_is_said(api: FakeApi, regulars: Run) -> None:
    api.on("GET", "/admin/costs?days=7", FOUND | {"complete": False})
    assert "nothing from before 2026-11-21 00:00 UTC" in regulars("costs").stdout
    assert json.loads(regulars("costs", "--json").stdout)["complete"] is False
