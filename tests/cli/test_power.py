"""`regulars campaign power`."""

import json
from typing import Any

import pytest

from tests.cli.conftest import FakeApi, Run

POWER: dict[str, Any] = {
    "campaign_id": "spring",
    "version": 2,
    "as_of": "2026-11-26T00:00:00Z",
    "curve": [
        {"days": 1.0, "rate": 0.01, "detectable": 0.011, "relative": 1.1, "people_needed": 900_000},
        {"days": 7.0, "rate": 0.041, "detectable": None, "relative": None, "people_needed": None},
    ],
}
LOOK = {
    "ticket": "t1",
    "state": "succeeded",
    "sentence": "Of 12 people ..",
    "notes": ["rough"],
    "bytes_scanned": 7,
    "cost_usd": 0.00005,
    "power": POWER,
}


def answering(api: FakeApi) -> None:
    api.on("POST", "/admin/campaigns/spring/power", {**LOOK, "state": "queued", "power": None}, status=202)
    api.on("GET", "/admin/powers/t1", LOOK)


def test_it_says_the_sentence_a_row_a_window_and_what_to_know_beside(api: FakeApi, regulars: Run) -> None:
    answering(api)
    shown = regulars("campaign", "power", "spring", "--lift", "10%", "--days", "14", "--as-of", "2026-11-26").stdout
    assert api.asked[0][2] == {"lift": 10.0, "days": 14, "as_of": "2026-11-26"}
    assert "Of 12 people .." in shown and "900,000" in shown and "110.00 %" in shown and "- rough" in shown


def test_json_is_the_figures_with_the_sentence_and_the_cost(api: FakeApi, regulars: Run) -> None:
    answering(api)
    found = json.loads(regulars("campaign", "power", "spring", "--points", "0.5", "--json").stdout)
    assert (found["curve"][0]["people_needed"], found["sentence"], found["cost_usd"]) == (900_000, "Of 12 people ..", 0.00005)
    assert api.asked[0][2] == {"points": 0.5}


@pytest.mark.parametrize("lift", ["ten", "-5%", "1e3"])
def test_what_is_no_number_is_refused_before_anybody_is_asked(api: FakeApi, regulars: Run, lift: str) -> None:
    done = regulars("campaign", "power", "spring", f"--lift={lift}")
    assert done.exit_code == 2 and api.asked == []
