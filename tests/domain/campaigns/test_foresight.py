"""People add up however they come, and how long and how dear a run will be is what it then is."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.campaigns.cost import expected_cost, run_cost
from regulars.domain.campaigns.duration import expected_seconds
from regulars.domain.campaigns.foresight import MOST_EXAMPLES, MOST_PROBLEMS, Complaint, Fate, Tally
from regulars.domain.delivery.policy import Policy
from regulars.domain.delivery.rate import NEVER_OPENED, ProjectLimit
from regulars.domain.delivery.recipients import Address, Recipient

BODY = b'{"message":{"notification":{"title":"Hi"},"data":{}}}'
LIMIT = ProjectLimit(9_000)
REASONS = ("no_device", "capped", "empty_message")
DEVICES = st.lists(st.sampled_from((None, *REASONS)), min_size=1, max_size=3)
PEOPLE = st.lists(st.tuples(st.sampled_from(("control", "a", "b")), DEVICES, st.booleans()), max_size=30)


def fates(person: int, arm: str, devices: list[str | None], complains: bool) -> list[Fate]:
    """One recipient a device; None is a message."""
    if arm == "control":
        return [Fate(Recipient(f"u{person}", arm, None))]
    told = (Complaint("warning", "message.push.title", "they lack it"),) if complains else ()
    return [
        Fate(Recipient(f"u{person}", arm, Address("push", f"d{person}-{n}")), b"" if reason else BODY, reason or "", reason == "empty_message", told)
        for n, reason in enumerate(devices)
    ]


@given(PEOPLE)
def test_everybody_is_counted_once_and_every_message(people: list[tuple[str, list[str | None], bool]]) -> None:
    tally = Tally()
    tally.add(fate for n, person in enumerate(people) for fate in fates(n, *person))
    treated = [(devices, complains) for arm, devices, complains in people if arm != "control"]
    assert tally.audience == len(people) == tally.control + tally.eligible + sum(tally.reasons.values())
    assert tally.messages == sum(devices.count(None) for devices, _ in treated)
    assert tally.eligible == sum(None in devices for devices, _ in treated)
    assert sum(problem.people for problem in tally.problems) == sum(complains for _, complains in treated)
    assert all(shown <= MOST_EXAMPLES for shown in Counter(example.variant for example in tally.examples).values())


def test_a_message_that_failed_says_more_than_a_device_that_is_gone() -> None:
    tally = Tally()
    tally.add(fates(1, "a", ["no_device", "empty_message"], complains=False))
    assert tally.reasons == {"empty_message": 1}


def test_problems_without_end_are_counted_as_one_and_errors_come_first() -> None:
    tally = Tally()
    for n in range(MOST_PROBLEMS + 20):
        severity = "error" if n % 2 else "warning"
        tally.add([Fate(Recipient(f"u{n}", "a", None), reason="empty_message", complaints=[Complaint(severity, "message", f"{n}")])])  # type: ignore[arg-type]
    assert len(tally.problems) <= MOST_PROBLEMS + 2
    assert sum(problem.people for problem in tally.problems) == MOST_PROBLEMS + 20
    severities = [problem.severity for problem in tally.problems]
    assert severities == sorted(severities)


def leased(pushes: int, per_second: float) -> int:
    """Whole seconds in which the project's own rule gives out so many leases."""
    window, left, second = NEVER_OPENED, float(pushes), 0
    while left > 0:
        sent = 0.0
        while sent < min(per_second, left):
            window, lease = window.lease(1_000_000 + second, per_second, LIMIT)
            if not lease.count:
                break
            sent += lease.count
        left, second = left - min(sent, per_second), second + 1
    return second


@pytest.mark.parametrize(("pushes", "per_second"), [(1, 8_000), (5_000, 8_000), (100_000, 8_000), (100_000, 2_000), (3_000, 100)])
def test_sending_is_expected_to_take_as_long_as_the_rule_of_the_rate_allows(pushes: int, per_second: float) -> None:
    assert expected_seconds(pushes, per_second, LIMIT) == pytest.approx(leased(pushes, per_second), rel=0.05, abs=1.5)


def test_more_people_take_longer_and_nobody_no_time() -> None:
    taken = [expected_seconds(pushes, 8_000, LIMIT) for pushes in (0, 1, 450, 5_000, 100_000, 10_000_000)]
    assert taken[0] == 0 and all(less < more for less, more in pairwise(taken))


def test_a_run_is_expected_to_cost_what_it_then_costs() -> None:
    expected = expected_cost(50_000_000, treated=9_000, pushes=9_500, noted=9_000, policy=Policy())
    actual = run_cost([50_000_000, 0, 0, 0, 0], treated=9_000, pushes=9_500, noted=9_000, shards=2, held=timedelta(0))
    assert expected == actual
    assert expected["dynamodb"] - expected_cost(50_000_000, treated=9_000, pushes=9_500, noted=0, policy=Policy())["dynamodb"] == pytest.approx(
        9_000 * (0.625 + 0.125) / 1e6
    )
