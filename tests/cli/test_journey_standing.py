"""`journey status`, `preflight` and `launch` say how many are inside: people, or runs where somebody may have several."""

from typing import Any

import pytest

from tests.cli.conftest import FakeApi, Run

STATUS: dict[str, Any] = {
    "id": "cart",
    "standing": "live",
    "version": 1,
    "saved_version": 1,
    "changed_at": None,
    "changed_by": "",
    "waiting": 44,
    "put_off": 3,
    "steps": [{"step": "buying", "kind": "wait_for", "waiting": 44, "next_due": None}],
}
PREFLIGHT: dict[str, Any] = {
    "id": "cart",
    "version": 2,
    "launched_version": 1,
    "errors": [],
    "warnings": [],
    "seen": None,
    "inside": [{"step": "buying", "versions": [1], "waiting": 44, "becomes": "move", "to": "buying"}],
}


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ("people", "44 people are inside; 3 messages and calls wait for their time"),
        ("runs", "44 runs are inside (one for each key: somebody may have several); 3 messages and calls wait for their time"),
    ],
)
def test_the_status_says_what_it_counts(counts: str, said: str, api: FakeApi, regulars: Run) -> None:
    api.on("GET", "/admin/journeys/cart/status", {**STATUS, "counts": counts})
    assert said in regulars("journey", "status", "cart").stdout


@pytest.mark.parametrize("counts", ["people", "runs"])
def test_a_preflight_says_of_how_many_people_or_runs_it_speaks(counts: str, api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/journeys/cart/preflight", {**PREFLIGHT, "counts": counts})
    assert f"44 {counts} that wait at buying (version 1) come over, to buying" in regulars("journey", "preflight", "cart").stdout
