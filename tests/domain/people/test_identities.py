"""What is decided about an identity, as it is kept."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from regulars.domain.lake.tables import IDENTITY_DECISIONS
from regulars.domain.people.identities import OVERLAP, Decision, decided_after

MOMENT = datetime(2026, 11, 21, 22, 15, 0, 123456, tzinfo=UTC)
DECISION = Decision("anonymous", "a1", "ada", "separated", MOMENT, "me")


def test_a_decision_fills_every_column_of_its_table() -> None:
    assert tuple(DECISION.row()) == IDENTITY_DECISIONS.columns


def test_a_decisions_key_is_its_own_and_has_nothing_of_a_clients_id() -> None:
    assert DECISION.key.startswith("lake/identity_decisions/20261121T221500123-")
    assert len({DECISION.key, replace(DECISION, decision="joined").key, replace(DECISION, id="a/../2").key, replace(DECISION, user_id="b").key}) == 4
    assert "/../" not in replace(DECISION, id="a/../2").key


def test_keys_come_after_that_of_any_moment_before_and_a_little_after() -> None:
    assert DECISION.key > decided_after(MOMENT) and DECISION.key > decided_after(MOMENT + OVERLAP - timedelta(seconds=1))
    assert DECISION.key < decided_after(MOMENT + OVERLAP + timedelta(seconds=1))
