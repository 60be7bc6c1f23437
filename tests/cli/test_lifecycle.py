import json
from typing import Any

import pytest

from tests.cli.conftest import FakeApi, Run

ROUTE = "/admin/ready-made-segments"


def segment(segment_id: str, standing: str, *changes: str) -> dict[str, Any]:
    document = {"id": segment_id, "name": segment_id, "rule": {"event": "Bought"}}
    return {"id": segment_id, "name": segment_id, "meaning": "whoever bought", "purpose": "retention", "standing": standing} | {
        "document": document,
        "changes": list(changes),
    }


FOUND = {
    "names": [{"role": "purchase", "name": "Bought", "sent": True}, {"role": "sign_up", "name": None, "sent": False}],
    "segments": [
        segment("new-customers", "new"),
        segment("at-risk", "unchanged"),
        segment("won-back", "renamed", "rule.event: Paid -> Bought"),
        segment("lapsed-customers", "yours", "rule.within: 30d -> 180d"),
    ],
    "left_out": [{"id": "signed-up-never-bought", "missing": ["sign_up"]}],
}


def scripted(api: FakeApi, found: dict[str, Any] = FOUND) -> None:
    api.on("POST", ROUTE, found)
    for each in found["segments"]:
        api.on("PUT", f"/admin/segments/{each['id']}", {"id": each["id"], "version": 1, "unchanged": False, "warnings": []})


def put(api: FakeApi) -> list[str]:
    return [path.rsplit("/", 1)[1] for method, path, _ in api.asked if method == "PUT"]


def test_init_saves_what_is_new_or_was_written_for_other_names_and_keeps_the_rest(api: FakeApi, regulars: Run) -> None:
    scripted(api)
    shown = regulars("segment", "init", "--yes")
    assert (shown.exit_code, put(api)) == (0, ["new-customers", "won-back"])
    assert "2 segments saved" in shown.stdout and "left out: signed-up-never-bought, for want of --sign-up" in shown.stdout
    assert "won-back: rule.event: Paid -> Bought" in shown.stdout


def test_names_are_given_by_options(api: FakeApi, regulars: Run) -> None:
    scripted(api)
    assert regulars("segment", "init", "--purchase", "Paid", "--sign-up", "Joined", "--dry-run").exit_code == 0
    assert api.asked == [("POST", ROUTE, {"purchase": "Paid", "sign_up": "Joined"})]


def test_without_a_terminal_init_needs_yes(api: FakeApi, regulars: Run) -> None:
    scripted(api)
    refused = regulars("segment", "init", "--json")
    assert (refused.exit_code, json.loads(refused.stderr)["code"], put(api)) == (3, "needs_yes", [])


@pytest.mark.parametrize("option", ["--dry-run", "--yes"])
def test_as_json_init_answers_what_it_found_and_what_it_saved(api: FakeApi, regulars: Run, option: str) -> None:
    scripted(api)
    shown = json.loads(regulars("segment", "init", "--json", option).stdout)
    assert shown == {**FOUND, "saved": [] if option == "--dry-run" else ["new-customers", "won-back"]}


def test_init_again_has_nothing_to_save_and_does_not_ask(api: FakeApi, regulars: Run) -> None:
    scripted(api, {**FOUND, "segments": [segment("at-risk", "unchanged")]})
    shown = regulars("segment", "init")
    assert (shown.exit_code, put(api)) == (0, [])
    assert "There is nothing to save." in shown.stdout


def worth(people: int, revenue: float | None) -> dict[str, Any]:
    return {"people": people, "share": people / 200, "reachable": 7, "orders": 4, "revenue": revenue, "average_order": revenue and revenue / 4}


LOOK = {"ticket": "t2", "state": "succeeded", "as_of": "2026-01-02T00:00:00Z", "bytes_scanned": 2_500_000, "cost_usd": 0.00005}
GROUPS = [
    {"id": "never-bought", "name": "Never bought", "purpose": "acquisition", "stage": "never bought", "worth": worth(50, None)},
    {"id": "at-risk", "name": "At risk", "purpose": "retention", "stage": "at risk", "worth": worth(25, 1234.5)},
    {"id": "cart-abandoners", "name": "Cart", "purpose": "acquisition", "stage": None, "worth": worth(1, 10.0)},
]


def test_the_view_shows_each_segment_under_its_purpose(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/lifecycle-views", {**LOOK, "ticket": "t1", "state": "queued"}, status=202)
    api.on("GET", "/admin/lifecycle-views/t1", {**LOOK, "everybody": worth(200, 2000.0), "groups": GROUPS})
    lines = regulars("segment", "lifecycle", "--purchase", "Paid", "--as-of", "2026-01-02").stdout.splitlines()
    rows = [line.split() for line in lines]
    assert ["acquisition", "never-bought", "50", "25.0%", "7"] in rows
    assert rows.index(["cart-abandoners", "1", "0.5%", "7", "10.00", "2.50"]) < rows.index(
        ["retention", "at-risk", "25", "12.5%", "7", "1,234.50", "308.62"]
    )
    assert any("Stages part everybody: never-bought, at-risk." in line for line in lines)
    assert api.asked[0] == ("POST", "/admin/lifecycle-views", {"purchase": "Paid", "as_of": "2026-01-02"})


def test_a_view_that_fails_says_why(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/lifecycle-views", {**LOOK, "ticket": "t1", "state": "queued"}, status=202)
    api.on("GET", "/admin/lifecycle-views/t1", {**LOOK, "state": "failed", "reason": "too much"})
    done = regulars("segment", "lifecycle")
    assert (done.exit_code, "the query failed: too much" in done.stderr) == (1, True)
