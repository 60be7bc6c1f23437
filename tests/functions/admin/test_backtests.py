import pytest

from tests.functions.admin.api import request
from tests.functions.admin.conftest import World


def test_a_segment_is_backtested_by_a_ticket(defined: World) -> None:
    defined.queries.answers["AS changes"] = [{"slot": "1", "entered": "2", "gone": "0"}]
    status, begun = request("POST", "/admin/segments/twice/backtests", {"from": "2026-01-02", "to": "2026-01-03"})
    assert (status, begun["state"], begun["segment_id"]) == (202, "queued", "twice")
    status, done = request("GET", f"/admin/backtests/{begun['ticket']}")
    assert (status, done["days"]) == (
        200,
        [
            {"at": "2026-01-02T00:00:00Z", "count": 2, "entered": 2, "left": 0},
            {"at": "2026-01-03T00:00:00Z", "count": 2, "entered": 0, "left": 0},
        ],
    )


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"from": "2026-01-02"}, "to"),
        ({"from": "2026-01-02", "to": "2026-01-03", "every": "1y"}, "every"),
        ({"from": "2026-01-02", "to": "2026-01-01"}, "to"),
    ],
)
def test_a_range_that_cannot_be_read_is_refused_by_its_key(body: dict[str, str], field: str, defined: World) -> None:
    status, refused = request("POST", "/admin/segments/twice/backtests", body)
    assert (status, refused["field"]) == (400, field)


def test_a_key_that_is_not_known_is_told_with_those_that_are(defined: World) -> None:
    _, refused = request("POST", "/admin/segments/twice/backtests", {"from": "2026-01-02", "to": "2026-01-03", "step": "1d"})
    assert "allowed: from, to, every" in refused["message"]
