import json
from typing import Any

import pytest

from tests.cli.conftest import FakeApi, Run


def month(name: str, *, unfinished: bool = False, revenue: float | None = 1000.0) -> dict[str, Any]:
    figures = {"reached": 900, "acted": 300, "converted": 90, "engaged": 30, "orders": 120, "revenue": revenue}
    return {"month": name, "unfinished": unfinished, **figures}


def flow(name: str, *, unfinished: bool = False) -> dict[str, Any]:
    figures = {"new": 60, "won_back": 2, "lapsed": 5, "customers": 400, "active": 250, "at_risk": 50, "gone": 100}
    return {"month": name, "unfinished": unfinished, **figures}


def after(number: int, share: float, *, unfinished: bool = False) -> dict[str, Any]:
    return {"after": number, "unfinished": unfinished, "people": round(60 * share), "share": share, "revenue": 1.0}


WORTH = {"people": 50, "share": 0.125, "reachable": 7, "orders": 100, "revenue": 5000.0, "average_order": 50.0}
FOUND = {
    "ticket": "t2",
    "state": "succeeded",
    "as_of": "2026-11-21T22:15:00Z",
    "currency": "EUR",
    "months": [month("2026-10"), month("2026-11", unfinished=True, revenue=500.0)],
    "flow": [flow("2026-10"), flow("2026-11", unfinished=True)],
    "cohorts": [{"month": "2026-10", "people": 60, "months": [after(0, 1.0), after(1, 0.25, unfinished=True)]}],
    "everybody": {**WORTH, "people": 400, "share": 1.0},
    "segments": [{"id": "at-risk", "name": "At risk", "purpose": "retention", "stage": "at risk", "worth": WORTH}],
    "notes": [],
    "missing": {},
    "bytes_scanned": 2_500_000,
    "cost_usd": 0.00005,
}
NOTHING: dict[str, Any] = {"months": [], "flow": [], "cohorts": [], "everybody": None, "segments": []}


@pytest.fixture
def shown(api: FakeApi, regulars: Run) -> Any:
    def show(*arguments: str, **changed: Any) -> str:
        api.on("POST", "/admin/overviews", {**FOUND, "ticket": "t1", "state": "queued"}, status=202)
        api.on("GET", "/admin/overviews/t1", {**FOUND, **changed})
        done = regulars("overview", *arguments)
        assert done.exit_code == 0, done.stderr
        return done.stdout

    return show


def test_months_customers_cohorts_and_segments_are_tables(shown: Any) -> None:
    rows = [line.split() for line in shown().splitlines()]
    assert ["2026-10", "900", "300", "90", "30", "120", "1,000.00", "█" * 12] in rows
    assert ["2026-11*", "900", "300", "90", "30", "120", "500.00", "█" * 6] in rows
    assert ["2026-10", "60", "2", "5", "250", "50", "100", "400", "█" * 12] in rows
    assert ["2026-10", "60", "25*"] in rows
    assert ["at-risk", "50", "12.5%", "100", "5,000.00", "50.00", "█" * 12] in rows
    assert ["*", "is", "not", "over", "yet."] in rows


def test_what_is_missing_and_what_is_noted_is_said(shown: Any) -> None:
    text = shown(**NOTHING, missing={"customers": "no event looks like a purchase"}, notes=["nobody was here"], currency=None)
    assert "Not shown: orders, customers and cohorts. no event looks like a purchase" in text
    assert "Note: nobody was here." in text


def test_months_and_moment_are_asked_for(api: FakeApi, shown: Any) -> None:
    shown("--months", "3", "--as-of", "2026-01-02")
    assert api.asked[0] == ("POST", "/admin/overviews", {"months": 3, "as_of": "2026-01-02"})


def test_as_json_it_is_the_answer_without_its_ticket(shown: Any) -> None:
    assert json.loads(shown("--json")) == {name: value for name, value in FOUND.items() if name not in ("ticket", "state")}
