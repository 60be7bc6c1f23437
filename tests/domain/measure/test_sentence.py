"""What a manager reads: the answer first, in numbers that the interval holds."""

from datetime import timedelta
from typing import Any

import pytest

from regulars.domain.measure.wording import hundred, length, more, signed, together
from tests.domain.measure.experiment import PLANNED, arm, made
from tests.examples import campaign_run

EUROS = frozenset({"EUR"})
CONTROL = arm("control", 2000, 200, 5.0, 100.0, currencies=EUROS)
TWO: dict[str, Any] = {"variants": [{"id": "plain"}, {"id": "warm"}], "control": {"percent": 20}}


def test_it_worked() -> None:
    assert made(CONTROL, arm("treated", 2000, 400, 9.0, 120.0)).sentence == (
        "It worked. Of every 100 people whom it was for, 10.0 more did Order Completed within 7 days than would have without it "
        "(95 % interval +7.8 to +12.2), and each spent 4.00 EUR more (95 % interval +3.35 to +4.65)."
    )


def test_what_is_unclear_is_told_by_its_bounds_alone_and_with_what_would_have_been_seen() -> None:
    assert made(CONTROL, arm("treated", 2000, 210, 5.1, 120.0)).sentence == (
        "What it changed cannot be told from zero. Of every 100 people whom it was for, between 1.4 fewer and 2.4 more did Order Completed within "
        "7 days than would have without it (95 % interval), and each spent between 0.55 EUR less and 0.75 EUR more (95 % interval). "
        "Groups of this size show a change of 2.8 in 100 people four times in five."
    )


@pytest.mark.parametrize(
    ("converted", "mean", "begins"),
    [(100, 5.1, "It did harm. "), (100, 9.0, "It cut both ways. "), (205, 9.0, "It worked. "), (205, 2.0, "It did harm. ")],
)
def test_people_and_money_have_a_say(converted: int, mean: float, begins: str) -> None:
    assert made(CONTROL, arm("treated", 2000, converted, mean, 120.0)).sentence.startswith(begins)


def test_what_is_rare_is_told_of_more_people() -> None:
    told = made(arm("control", 20_000, 2), arm("treated", 20_000, 14)).sentence
    assert "Of every 10,000 people whom it was for, 6.0 more did" in told


def test_a_value_that_is_no_price_is_not_spent() -> None:
    goal = {"event": "Lesson Ended", "within": "1h", "value": "stats.minutes"}
    told = made(arm("control", 2000, 200, 5.0, 100.0), arm("treated", 2000, 400, 9.0, 120.0), goal=goal).sentence
    assert "did Lesson Ended within 1 hour" in told and "and stats.minutes a head was 4.00 more (95 %" in told


def test_one_of_several_variants_won() -> None:
    told = made(CONTROL, arm("plain", 4000, 420, 5.5, 100.0), arm("warm", 4000, 600, 6.0, 100.0), **TWO).sentence
    assert told == (
        "Variant warm won. Of every 100 people whom it was for, between 1.2 fewer and 2.1 more did Order Completed within 7 days after plain than "
        "would have without it (95 % interval) and 5.0 more after warm (95 % interval +3.2 to +6.7), and each spent between 0.04 EUR less and 1.04 "
        "EUR more after plain (95 % interval) and 1.00 EUR more after warm (95 % interval +0.46 to +1.54)."
    )


def test_of_several_variants_none_won() -> None:
    told = made(CONTROL, arm("plain", 4000, 590, 5.5, 100.0), arm("warm", 4000, 600, 6.0, 100.0), **TWO).sentence
    assert told.startswith("No variant won: warm leads, but cannot be told from plain. Of every 100 people")


def test_what_is_sure_alone_but_not_among_several_is_said_to_be() -> None:
    told = made(arm("control", 2000, 200), arm("plain", 4000, 472), arm("warm", 4000, 404), **TWO).sentence
    assert "1.8 more did Order Completed within 7 days after plain" in told and "which is too little to be sure of any of several" in told


def test_while_the_window_is_open_it_is_so_far_and_by_bounds_for_any_number_of_looks() -> None:
    told = made(CONTROL, arm("treated", 2000, 400, 9.0, 120.0), as_of=PLANNED + timedelta(days=2)).sentence
    assert told.startswith(
        "So far, with the window open until 8 October 2017, 00:00 UTC, it worked. Of every 100 people whom it was for, 10.0 more did"
    )
    assert "(95 % interval +6.3 to +13.7)" in told and "4.00 EUR more (too early to say how surely)" in told


def test_arms_out_of_proportion_have_no_result() -> None:
    told = made(arm("control", 600, 60, 5.0, 9.0), arm("treated", 1700, 300, 6.0, 9.0)).sentence
    assert told == (
        "The result is withheld: control has 600 people instead of 1,150 and treated has 1,700 people instead of 1,150, which is not chance, so a "
        "difference may come from who is missing. Most often the audience asks for what an earlier run of the campaign did to people."
    )


def test_a_rehearsal_never_worked() -> None:
    treated = arm("treated", 2000, 400, 9.0, 120.0, sent=0, skipped={"rehearsal": 1990, "no_device": 10})
    told = made(CONTROL, treated, run=campaign_run("spring-1", as_of=PLANNED, state="succeeded", sends=False))
    assert told.sentence.startswith(
        "A rehearsal: nothing was sent; 1,990 of 2,000 people would have been, 2,000 were held back. Of every 100 people who"
    )
    assert "10.0 more did Order Completed within 7 days than of those held back (95 % interval +7.8 to +12.2)" in told.sentence
    assert told.notes[0] == "nothing was sent: what differs between the arms is chance, or something else's doing"


def test_a_launch_that_sent_nobody_anything_caused_nothing() -> None:
    treated = arm("treated", 140, 47, 9.0, 20.0, sent=0, skipped={"no_device": 140}, guardrails={"unsubscribed": 60})
    told = made(arm("control", 60, 0), treated, control={"percent": 30})
    assert told.sentence.startswith(
        "Nothing was sent: none of 140 people got the message, 60 were held back. Of every 100 people whom it was for, 33.6 more"
    )
    assert "than of those held back" in told.sentence and "Warning" not in told.sentence
    assert (told.winner.because, told.arms[1].caused, told.arms[1].caused_value, told.cost_per_conversion) == ("nothing was sent", None, None, None)
    assert [note for note in told.notes if "mean" in note or "warning" in note] == []
    assert told.notes[0].startswith("nothing was sent: ")


def test_a_variant_that_nobody_was_sent_has_not_won() -> None:
    warm = arm("warm", 4000, 600, 6.0, 100.0, sent=0, skipped={"invalid_message": 4000})
    told = made(CONTROL, arm("plain", 4000, 405, 5.0, 100.0), warm, **TWO)
    assert told.sentence.startswith("No variant won: warm leads, but nobody was sent it.")
    assert told.arms[2].caused is None and told.arms[1].caused is not None


def test_where_no_effect_is_known_no_note_speaks_of_one() -> None:
    few = {"sent": 3, "skipped": {"no_device": 10, "not_reached": 7}}
    for told in (made(arm("treated", 20, **few), goal=None), made(arm("control", 5), arm("treated", 20, **few), control={"percent": 20})):
        assert [note for note in told.notes if "effect" in note] == []


def test_one_amount_that_nobody_can_have_spent_does_not_fill_the_sentence() -> None:
    told = made(CONTROL, arm("treated", 2000, 400, 1e99, 1e180)).sentence
    assert "each spent 1.00e99 EUR more (95 % interval +1.00e99 to +1.00e99)" in told


def test_a_bound_that_is_not_zero_never_reads_as_zero() -> None:
    assert [signed(number, 2) for number in (-0.0025, 0.0049, 3e-9, -1e99)] == ["-0.003", "+0.005", "+3.00e-9", "-1.00e99"]
    assert [more(number, 2, less="less") for number in (-0.0025, 123_456_789_012_345.0)] == ["0.003 less", "123,456,789,012,345.00 more"]


def test_an_arm_too_small_says_so_instead_of_giving_a_number() -> None:
    assert made(arm("control", 9, 4), arm("treated", 11, 8)).sentence == (
        "11 of 11 people were sent the message, 9 were held back. What the message changed cannot be known: the control group has 9 people in it, "
        "and of fewer than 10 a number would say nothing."
    )


def test_harm_is_a_warning_in_the_sentence() -> None:
    told = made(arm("control", 2000, 200, guardrails={"unsubscribed": 10}), arm("treated", 2000, 260, guardrails={"unsubscribed": 40})).sentence
    assert told.endswith("Warning: of every 100 people 1.5 more unsubscribed than would have without it (95 % interval +0.8 to +2.2).")


def test_values_that_were_left_out_are_told() -> None:
    told = made(arm("control", 50, 20, 2.0, 9.0, unreadable=3), arm("treated", 50, 21, 3.0, 9.0, unreadable=1)).sentence
    assert told.endswith("Of 41 times Order Completed, 4 had no readable number at `revenue`: left out of the value.")


@pytest.mark.parametrize(("percent", "why"), [(0, "was switched off"), (10, "is empty")])
def test_without_a_control_group_it_cannot_be_known(percent: float, why: str) -> None:
    told = made(arm("treated", 20, 6), control={"percent": percent}).sentence
    assert told == (
        "20 of 20 people were sent the message, 0 were held back. 30.0 % of 20 did Order Completed within 7 days. "
        f"The control group {why}, so what the message changed cannot be known."
    )


def test_without_a_goal_it_reports_sends_and_says_what_it_cannot_know() -> None:
    made_ = made(arm("control", 10), arm("treated", 12), goal=None)
    assert (made_.effect, made_.comparisons, made_.guardrails, made_.window, made_.arms[0].rate) == ([], [], [], None, None)
    assert made_.sentence == (
        "12 of 12 people were sent the message, 10 were held back. The campaign names no goal, so what the message changed cannot be known."
    )


def test_nobody_in_the_audience() -> None:
    assert made(arm("control", 0), arm("treated", 0)).sentence == "Nobody was in the audience."


@pytest.mark.parametrize(
    ("span", "told"),
    [
        (timedelta(days=7), "7 days"),
        (timedelta(days=14), "2 weeks"),
        (timedelta(days=1), "1 day"),
        (timedelta(hours=36), "36 hours"),
        (timedelta(minutes=90), "90 minutes"),
    ],
)
def test_a_length_is_in_the_largest_unit_that_fits(span: timedelta, told: str) -> None:
    assert length(span) == told


def test_numbers_are_told_as_people_say_them() -> None:
    assert [signed(number) for number in (0.0, 1234.56, -1)] == ["0.0", "+1,234.6", "-1.0"]
    assert [more(number, 2, unit=" EUR", less="less") for number in (1.2, -1.2, 0.0)] == ["1.20 EUR more", "1.20 EUR less", "0.00 EUR more"]
    assert [hundred([share]) for share in (0.5, 0.01, 0.0096, 0.0004, 1e-9, 0.0)] == [100, 100, 100, 10_000, 100_000, 100]
    assert [together(texts) for texts in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a and b", "a, b and c"]
