"""Why somebody got a run's message or not: from what the lake has of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from regulars.domain.campaigns.plan import Plan, Statements
from regulars.domain.campaigns.run import Run
from regulars.domain.campaigns.whereabouts import Whereabouts, memberships_sql, recorded_sql, whereabouts
from regulars.domain.delivery.global_control import GlobalControl
from regulars.domain.lake.buckets import bucket_of
from tests.domain.campaigns.lake import Lake
from tests.examples import campaign_run

PLANNED = datetime(2026, 10, 1, 12, tzinfo=UTC)
AT = datetime(2026, 10, 1, 12, 0, 5)
LATER = datetime(2026, 10, 1, 12, 0, 9)
CAMPAIGN: dict[str, Any] = {
    "id": "spring",
    "audience": {"include": ["named", "others"], "exclude": ["refused"]},
    "message": {"push": {"body": "x"}},
    "control": {"percent": 10},
    "delivery": {"cap": {"count": 3, "within": "24h"}, "quiet_hours": {"from": "21:00", "to": "08:00"}},
}
SEGMENTS = [
    {"id": "named", "name": "Named", "rule": {"users": ["ann", "bob", "eve", "flo"]}},
    {"id": "others", "name": "Others", "rule": {"users": ["ann"]}},
    {"id": "refused", "name": "Refused", "rule": {"users": ["eve"]}},
]


NOBODY = "nothing is known of a person with this id, which is taken letter by letter"


@pytest.fixture
def lake() -> Lake:
    lake = Lake()
    people = {"ann": ("treated", 4_000), "bob": ("control", 412), "cy": ("treated", 7_000), "flo": ("treated", 9_999)}
    lake.fill(
        "assignments",
        [{"run_id": "spring-1", "user_id": user_id, "arm": arm, "bucket": bucket} for user_id, (arm, bucket) in people.items()],
    )
    seen = {"type": "track", "event_name": "x", "event_ts": datetime(2026, 9, 1)}
    lake.fill("events", [{**seen, "message_id": user_id, "user_id": user_id} for user_id in ("ann", "eve")])
    lake.fill("people", [{"user_id": user_id, "first_seen_ts": datetime(2026, 9, 1)} for user_id in ("ann", "bob", "cy", "eve", "flo")])
    return lake


def told(lake: Lake, table: str, user_id: str, device_id: str | None, outcome: str, reason: str | None = None, at: datetime = AT) -> None:
    when = at.isoformat(" ", "microseconds") if table == "raw_deliveries" else at
    row = {"run_id": "spring-1", "user_id": user_id, "device_id": device_id, "message_id": f"{user_id}{device_id}", "delivered_ts": when}
    lake.fill(table, [{**row, "outcome": outcome, "reason": reason}])


def run(**changes: Any) -> Run:
    planned = campaign_run("spring-1", CAMPAIGN, segments=SEGMENTS, as_of=PLANNED, launched_at=PLANNED, state="succeeded", manifest="m")
    return replace(planned, plan=Plan({}, Statements("", "", "")), **changes)


def why(lake: Lake, user_id: str, *, segments: bool = True, is_known: bool = True, **changes: Any) -> Whereabouts:
    asked = run(**changes)
    names = frozenset(row["segment"] or "" for row in lake.answers(memberships_sql(asked, user_id))) if segments else None
    return whereabouts(asked, user_id, lake.answers(recorded_sql("spring-1", user_id)), names, is_known=is_known)


def verdicts(found: Whereabouts) -> dict[str, tuple[bool | None, str]]:
    return {each.gate: (each.passed, each.because) for each in found.gates}


def test_whoever_was_sent_to_passed_every_gate_and_each_says_why(lake: Lake) -> None:
    told(lake, "deliveries", "ann", "d1", "sent")
    found = why(lake, "ann")
    assert (found.outcome, found.reason) == ("sent", "")
    gates = verdicts(found)
    assert {passed for passed, _ in gates.values()} == {True}
    assert gates["audience"][1] == "in the audience by the segment named, others"
    assert gates["arm"][1] == "bucket 4,000 is of the arm treated, which has those from 1,000 to 9,999 of 10,000"
    assert "d1" in gates["device"][1]
    assert gates["cap"][1].startswith("fewer than 3 in ")
    assert "21:00" in gates["quiet_hours"][1]
    assert gates["fcm"][1] == "FCM accepted it at 2026-10-01T12:00:05+00:00"


def test_somebody_held_back_hears_of_their_bucket(lake: Lake) -> None:
    found = why(lake, "bob")
    assert (found.outcome, verdicts(found)["arm"]) == (
        "control",
        (False, "held back: bucket 412 is of the control group, which has those from 0 to 999 of 10,000"),
    )
    assert verdicts(found)["audience"] == (True, "in the audience by the segment named")
    assert verdicts(found)["device"][0] is None


def test_somebody_held_out_of_all_campaigns_hears_until_when_and_by_which_bucket(lake: Lake) -> None:
    group = GlobalControl(500, "global-control-2026Q4", date(2026, 12, 31))
    lake.fill("assignments", [{"run_id": "spring-1", "user_id": "eve", "arm": "global control", "bucket": 7_000}])
    found = why(lake, "eve", global_control=group)
    said = f"held out of all campaigns until 2026-12-31: bucket {bucket_of('eve', group.salt):,} of 10,000, the first 500 are held out"
    assert (found.outcome, verdicts(found)["global_control"]) == ("held_out", (False, said))
    assert verdicts(found)["arm"] == (None, "it did not come to this")
    others = verdicts(why(lake, "ann", global_control=group))["global_control"]
    assert others == (True, f"not of the global control group: {group.place_of('ann')}")


@pytest.mark.parametrize(
    ("user_id", "is_known", "because"),
    [
        ("eve", True, "excluded: in the segment refused as of the run"),
        ("zoe", True, "in none of the segments named, others as of the run"),
        (
            "Ann",
            False,
            "in none of the segments named, others as of the run; nothing is known of a person with this id, which is taken letter by letter",
        ),
    ],
)
def test_somebody_who_is_not_in_it_hears_by_which_segment(lake: Lake, user_id: str, is_known: bool, because: str) -> None:
    found = why(lake, user_id, is_known=is_known)
    assert (found.outcome, verdicts(found)["audience"]) == ("not_in_audience", (False, because))


def test_where_the_lake_of_then_is_gone_what_was_recorded_is_left(lake: Lake) -> None:
    told(lake, "deliveries", "ann", "d1", "sent")
    assert verdicts(why(lake, "ann", segments=False))["audience"] == (True, "in the audience as it was recorded")
    assert "cannot be asked any more" in verdicts(why(lake, "zoe", segments=False))["audience"][1]


def test_of_several_devices_the_best_decides_and_all_are_told(lake: Lake) -> None:
    told(lake, "deliveries", "cy", "d1", "failed", "unregistered")
    told(lake, "deliveries", "cy", "d2", "sent", at=LATER)
    found = why(lake, "cy")
    assert found.outcome == "sent"
    assert [(each.device_id, each.outcome, each.reason) for each in found.devices] == [("d2", "sent", ""), ("d1", "failed", "unregistered")]


def test_what_is_in_the_journal_only_counts_and_no_device_twice(lake: Lake) -> None:
    told(lake, "raw_deliveries", "cy", "d1", "unknown", "interrupted")
    told(lake, "raw_deliveries", "cy", "d1", "sent", at=LATER)
    assert [(each.outcome, each.device_id) for each in why(lake, "cy", state="running").devices] == [("sent", "d1")]


@pytest.mark.parametrize(
    ("outcome", "reason", "gate", "passed"),
    [
        ("skipped", "no_device", "device", False),
        ("skipped", "capped", "cap", False),
        ("failed", "empty_message", "rendered", False),
        ("failed", "unregistered", "fcm", False),
        ("unknown", "no_answer", "fcm", None),
        ("skipped", "rehearsal", "fcm", False),
        ("skipped", "already_reached", "reached_before", False),
    ],
)
def test_the_gate_that_was_shut_is_the_reasons_own(lake: Lake, outcome: str, reason: str, gate: str, passed: bool | None) -> None:
    told(lake, "deliveries", "cy", None if reason == "no_device" else "d1", outcome, reason)
    found = why(lake, "cy")
    assert (found.outcome, found.reason, verdicts(found)[gate][0]) == (outcome, reason, passed)
    assert [each.gate for each in found.gates if each.passed is False] == ([] if passed is None else [gate])


@pytest.mark.parametrize(
    ("user_id", "changes", "outcome", "gate"),
    [
        ("flo", {"state": "running"}, "pending", "turn"),
        ("flo", {}, "skipped", "turn"),
        ("zoe", {"state": "planned", "manifest": ""}, "pending", "audience"),
    ],
)
def test_of_whom_nothing_is_recorded_yet_is_told_apart_from_whom_nothing_will_be(
    lake: Lake, user_id: str, changes: dict[str, Any], outcome: str, gate: str
) -> None:
    found = why(lake, user_id, **changes)
    shut: Sequence[str] = [each.gate for each in found.gates if each.passed is not True]
    assert (found.outcome, shut[0], verdicts(found)[gate][0]) == (outcome, gate, None if outcome == "pending" else False)
