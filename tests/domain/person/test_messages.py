"""What a person was sent, asked of a lake."""

from datetime import UTC, datetime
from typing import Any

from regulars.domain.campaigns.campaign import CONTROL
from regulars.domain.delivery.global_control import HELD_OUT
from regulars.domain.person.messages import messages_of, messages_sql
from tests.domain.campaigns.lake import Lake

EVER = datetime(1970, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
SENT: dict[str, Any] = {"campaign_id": "c", "arm": "a", "outcome": "sent"}


def test_messages_to_any_id_of_theirs_are_shown_the_newest_first() -> None:
    lake = Lake()
    lake.fill("identities", [{"kind": "user", "id": "old", "user_id": "ada", "since_ts": datetime(2026, 11, 5)}])
    whom = [("r1", "old", 1), ("r2", "ada", 2), ("r3", "bob", 3)]
    lake.fill("deliveries", [{**SENT, "run_id": run, "user_id": user, "delivered_ts": datetime(2026, 11, day)} for run, user, day in whom])
    found = messages_of(lake.answers(messages_sql("ada", EVER, NOON)))
    assert [(each.run_id, each.outcome, each.reason) for each in found] == [("r2", "sent", None), ("r1", "sent", None)]
    since = messages_of(lake.answers(messages_sql("ada", datetime(2026, 11, 2, tzinfo=UTC), NOON)))
    assert [each.run_id for each in since] == ["r2"]


def test_who_was_held_back_reads_so_and_who_was_to_get_it_is_told_by_its_deliveries() -> None:
    lake = Lake()
    arms = [("r1", "ada", CONTROL, 1), ("r2", "ada", HELD_OUT, 2), ("r3", "ada", "a", 3), ("r4", "bob", CONTROL, 4)]
    lake.fill(
        "assignments",
        [{"run_id": run, "campaign_id": "c", "user_id": user, "arm": arm, "planned_ts": datetime(2026, 11, day)} for run, user, arm, day in arms],
    )
    found = messages_of(lake.answers(messages_sql("ada", EVER, NOON)))
    assert [(each.run_id, each.arm, each.outcome, each.reason) for each in found] == [
        ("r2", HELD_OUT, "held_out", None),
        ("r1", CONTROL, "control", None),
    ]
