"""A refusal is the device's until it is everybody's: property tests over every order of answers."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.delivery.answers import Verdict, classify
from regulars.domain.delivery.suspicion import REPEATED, SAMPLE, WARY, Guilt, Suspicion, too_many

FORBIDDEN = classify(403, b"")
CONFLICT = classify(409, b"")
POISON = classify(400, b'{"error": {"message": "Invalid JSON payload"}}')
ARMS = ("a", "b")

Heard = tuple[str, Verdict | None]
"""The arm of the push, and how it was refused; None: it was sent."""

answers = st.lists(st.tuples(st.sampled_from(ARMS), st.sampled_from([FORBIDDEN, CONFLICT, POISON, None])), max_size=120)


def play(heard: Sequence[Heard]) -> tuple[Suspicion[int], list[int]]:
    """Each refusal hands in its place among the answers; what came out, in order."""
    suspicion, out = Suspicion[int](), list[int]()
    for place, (arm, verdict) in enumerate(heard):
        if verdict is None:
            out += suspicion.sent(arm)
        else:
            suspicion.refused(verdict, arm, place)
    return suspicion, out


def alike(verdict: Verdict | None, count: int, arm: str = "a") -> list[Heard]:
    return [(arm, verdict)] * count


@given(answers)
def test_what_is_held_comes_out_once_as_a_devices_or_as_everybodys(heard: list[Heard]) -> None:
    suspicion, out = play(heard)
    out += suspicion.ended()
    unjudged = suspicion.unjudged()
    assert sorted(out + unjudged) == [place for place, (_, verdict) in enumerate(heard) if verdict is not None]
    assert suspicion.guilt is not None or not unjudged
    assert not suspicion.holds


@given(answers)
def test_nobody_is_judged_by_fewer_than_a_sample_while_more_may_be_heard(heard: list[Heard]) -> None:
    suspicion, _ = play(heard)
    guilt = suspicion.guilt
    assert guilt is None or (guilt.refused >= SAMPLE and guilt.verdict in (FORBIDDEN, CONFLICT, POISON))


@given(answers)
def test_whoever_was_told_what_others_were_not_told_is_alone(heard: list[Heard]) -> None:
    """Between two sends there never is a sample of one kind."""
    between: list[Heard] = [each for answer in heard for each in (answer, ("a", None), ("b", None))]
    suspicion, out = play(between)
    assert suspicion.guilt is None
    assert len(out) == sum(verdict is not None for _, verdict in heard)


@given(st.lists(st.sampled_from([FORBIDDEN, CONFLICT]), max_size=2 * SAMPLE - 2), st.sampled_from([FORBIDDEN, CONFLICT]))
def test_from_the_start_everybody_is_judged_within_twice_a_sample(first: list[Verdict], then: Verdict) -> None:
    suspicion, out = play([("a", verdict) for verdict in [*first, *[then] * SAMPLE]])
    assert suspicion.guilt is not None and suspicion.guilt.refused == SAMPLE
    assert (out, suspicion.ended()) == ([], [])


def test_the_last_few_of_many_say_nothing_of_all() -> None:
    suspicion = Suspicion[int](first=False)
    for place in range(REPEATED):
        suspicion.refused(FORBIDDEN, "a", place)
    assert (suspicion.ended(), suspicion.guilt) == (list(range(REPEATED)), None)


def test_one_refusal_is_the_devices_as_soon_as_another_was_sent() -> None:
    suspicion, out = play(alike(FORBIDDEN, 1))
    assert (out, suspicion.holds) == ([], True)
    assert suspicion.sent("b") == [0]


def test_in_the_middle_of_a_run_a_permission_that_is_withdrawn_is_found_out_after_a_sample() -> None:
    suspicion, _ = play([*alike(None, 5_000), *alike(FORBIDDEN, SAMPLE)])
    assert suspicion.guilt == Guilt(FORBIDDEN, "", SAMPLE)


def test_where_most_devices_are_refused_it_takes_more_in_a_row() -> None:
    """Nine of ten belong to another project: twenty in a row are no wonder."""
    suspicion, _ = play([*(alike(FORBIDDEN, 9) + alike(None, 1)) * 20, *alike(FORBIDDEN, 40)])
    assert suspicion.guilt is None
    suspicion, _ = play([*(alike(FORBIDDEN, 9) + alike(None, 1)) * 20, *alike(FORBIDDEN, 130)])
    assert suspicion.guilt is not None


@pytest.mark.parametrize(("refused", "sent", "expected"), [(0, 0, 20), (0, 10_000, 20), (180, 20, 126), (9, 0, 145)])
def test_how_many_are_no_coincidence(refused: int, sent: int, expected: int) -> None:
    assert too_many(refused, sent) == expected


def test_a_variant_that_is_refused_while_the_other_goes_out_is_found_out() -> None:
    suspicion, out = play([each for _ in range(SAMPLE) for each in (("a", None), ("b", POISON))])
    assert suspicion.guilt == Guilt(POISON, "b", SAMPLE)
    assert out == []


def test_a_message_that_is_refused_for_some_people_stops_nobody() -> None:
    suspicion, out = play([*alike(POISON, 1), *alike(None, 1)] * 200)
    assert (suspicion.guilt, len(out)) == (None, 200)


@pytest.mark.parametrize(("refused", "guilty"), [(1, False), (REPEATED - 1, False), (REPEATED, True)])
def test_of_few_people_all_refused_alike_it_is_everybodys_if_it_repeats(refused: int, guilty: bool) -> None:
    suspicion, _ = play(alike(FORBIDDEN, refused))
    out = suspicion.ended()
    assert ((suspicion.guilt is not None), len(out)) == (guilty, 0 if guilty else refused)


def test_of_few_people_those_refused_after_one_was_sent_are_alone() -> None:
    suspicion, _ = play([*alike(None, 1), *alike(FORBIDDEN, REPEATED)])
    assert len(suspicion.ended()) == REPEATED
    assert suspicion.guilt is None


def test_little_is_under_way_until_one_was_sent_and_when_some_were_refused_alike() -> None:
    assert Suspicion[int]().wary
    assert not play(alike(None, 1))[0].wary
    assert not play([*alike(None, 1), *alike(FORBIDDEN, WARY - 1)])[0].wary
    assert play([*alike(None, 1), *alike(FORBIDDEN, WARY)])[0].wary
    assert not play([*alike(None, 1), *alike(FORBIDDEN, WARY), *alike(None, 1)])[0].wary
