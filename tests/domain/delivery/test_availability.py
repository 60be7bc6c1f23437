"""Whether FCM is away for all, or never takes one push."""

import random

from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.delivery.availability import ITS_OWN, OUTAGE, Availability


def after(*answers: bool) -> Availability:
    availability = Availability()
    for taken in answers:
        availability.answered(taken=taken)
    return availability


def refusals_borne(availability: Availability, others: int, *, taken: bool = True) -> int:
    """How often one push is refused, with so many answers to others in between, until that is its own trouble (at most 10,000)."""
    surprise, refused = 0.0, 0
    while surprise < ITS_OWN and refused < 10_000:
        for _ in range(others):
            availability.answered(taken=taken)
        availability.answered(taken=False)
        surprise += availability.surprise
        refused += 1
    return refused


@given(st.lists(st.booleans(), max_size=300))
def test_it_is_away_after_refusals_in_a_row_and_back_with_the_first_that_is_taken(answers: list[bool]) -> None:
    assert after(*answers, *[False] * OUTAGE).is_away
    assert not after(*answers, *[False] * OUTAGE, True).is_away
    assert not after(*answers, True, *[False] * (OUTAGE - 1)).is_away


@given(st.lists(st.booleans(), max_size=300))
def test_a_refusal_never_counts_as_so_rare_that_fewer_than_five_decide(answers: list[bool]) -> None:
    assert 0 <= after(*answers).surprise < ITS_OWN / 4


def test_a_push_that_is_never_taken_while_all_others_are_is_given_up_soon() -> None:
    assert 5 <= refusals_borne(after(*[True] * 500), 500) <= 7


def test_in_an_outage_a_push_is_refused_as_often_as_may_be() -> None:
    assert refusals_borne(after(*[True] * 500), 50, taken=False) == 10_000
    assert refusals_borne(after(), 0) == 10_000


def test_with_one_in_five_refused_nobody_is_given_up_in_a_million() -> None:
    draws, availability, worst = random.Random(5), after(*[True] * 500), 0.0
    for _ in range(1_000_000):
        surprise = 0.0
        while draws.random() < 0.2:
            availability.answered(taken=False)
            surprise += availability.surprise
        availability.answered(taken=True)
        worst = max(worst, surprise)
    assert worst < ITS_OWN
