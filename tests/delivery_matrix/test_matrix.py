"""Nobody gets two and nobody is missed, whatever is wrong with FCM and whatever happens to the calls, by the double's counts.

`python -m tests.delivery_matrix` plays the full product, which takes too long for each time. Left out here: of calls that are killed one policy or
the other for each fault, and most pairs of a fault and another event.
"""

from collections.abc import Iterator

import pytest

from local.fcm import FcmDouble, start
from tests.delivery_matrix import tables
from tests.delivery_matrix.cells import POLICIES, Cell, play
from tests.delivery_matrix.events import EVENTS
from tests.delivery_matrix.faults import FAULTS

PEOPLE = 600

WITHOUT_FAULT = [Cell("none", policy, event) for event in EVENTS for policy in POLICIES]
KILLED = [Cell(fault, POLICIES[number % 2], "killed") for number, fault in enumerate(FAULTS) if fault != "none"]
IN_DOUBT = [Cell(fault, policy, "nothing") for fault in ("slow", "resets", "stream resets", "hang") for policy in POLICIES]
"""Faults that alone leave people of whom nobody knows."""
OTHERS = [
    Cell("503", "skip", "frozen"),
    Cell("hang", "resend", "two at once"),
    Cell("resets", "skip", "restarted"),
    Cell("quota", "resend", "given up"),
    Cell("stream resets", "skip", "given up"),
    Cell("unreachable", "resend", "stopped"),
]


@pytest.fixture(scope="module")
def double() -> Iterator[FcmDouble]:
    running = start()
    yield running
    running.stop()


@pytest.mark.parametrize("cell", [*WITHOUT_FAULT, *KILLED, *IN_DOUBT, *OTHERS], ids=str)
def test_nobody_gets_two_or_is_missed_and_what_is_recorded_is_so(cell: Cell, double: FcmDouble) -> None:
    played = play(cell, double, PEOPLE)
    assert not played.wrong
    assert len(played.fates) == PEOPLE, "somebody has no outcome"
    if cell.policy == "skip":
        assert played.twice == 0
        assert all(played.fates[user] == "unknown" for user in played.missed)
    else:
        assert not played.missed


def test_the_guide_shows_every_fault_and_everything_that_happens() -> None:
    guide = tables.DOCUMENT.read_text()
    assert [fault.says for fault in FAULTS.values() if f"| {fault.says} |" not in guide] == []
    assert [name for name, event in EVENTS.items() if f"| {tables.sentence(event.__doc__)} |" not in guide] == []
