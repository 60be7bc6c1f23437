"""Every reason has its gate, and whoever was stopped at one passed all before it."""

import pytest

from regulars.domain.campaigns.gates import GATES, STOPPED_AT, Stop, in_order, stop_of
from regulars.domain.reasons import INTERRUPTED, NO_ANSWER, NOT_SENT_REASONS

PASSED = {gate: f"passed {gate}" for gate in GATES}


@pytest.mark.parametrize("reason", NOT_SENT_REASONS)
def test_every_reason_stops_at_its_gate(reason: str) -> None:
    found = in_order(PASSED, stop_of(reason))
    place = GATES.index(STOPPED_AT[reason])
    assert [each.gate for each in found] == list(GATES) and set(STOPPED_AT) == set(NOT_SENT_REASONS)
    assert all(each.passed is True for each in found[:place])
    assert found[place].because == NOT_SENT_REASONS[reason]
    assert found[place].passed is (None if reason in (NO_ANSWER, INTERRUPTED) else False)
    assert all(each.passed is None for each in found[place + 1 :])


def test_whoever_was_sent_to_passed_all_of_them() -> None:
    assert [each.passed for each in in_order(PASSED, None)] == [True] * len(GATES)


def test_nothing_is_said_of_gates_to_which_it_did_not_come() -> None:
    first, *others = in_order({}, Stop("audience", "in no segment"))
    assert (first.passed, first.because) == (False, "in no segment")
    assert {(each.passed, each.because) for each in others} == {(None, "it did not come to this")}
