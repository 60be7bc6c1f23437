"""The report: rows to figures, figures to a sentence that claims no more than they hold."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.measure.report import GoalWindow, Report, report
from regulars.domain.measure.sentence import length
from regulars.domain.queries import ResultRow
from tests.examples import campaign_run

PLANNED = datetime(2017, 10, 1, tzinfo=UTC)
LATER = PLANNED + timedelta(days=30)
RUN = campaign_run("spring-1", as_of=PLANNED, state="succeeded")


def campaign(**changes: Any) -> Any:
    document = {
        "id": "spring",
        "audience": {"include": ["x"]},
        "message": {"push": {"body": "x"}},
        "goal": {"event": "Order Completed", "within": "7d", "value": "revenue"},
        **changes,
    }
    return parse_campaign({key: value for key, value in document.items() if value is not None})


def row(
    arm: str, outcome: str | None, reason: str | None, people: int, converted: int = 0, mean: float = 0.0, variance: float = 0.0, **seen: int
) -> ResultRow:
    goals = {"converted": converted, "goal_events": converted, "goal_values": converted}
    figures = {"people": people, "received": 0, "opened": 0, **goals, "value_mean": mean, "value_variance": variance, **seen}
    return {"arm": arm, "outcome": outcome, "reason": reason, **{name: str(figure) for name, figure in figures.items()}}


def made(rows: list[ResultRow], *, as_of: datetime = LATER, **changes: Any) -> Report:
    return report(RUN, campaign(**changes), rows, as_of=as_of, cost={"total": 0.01})


USUAL = [
    row("control", None, None, 200, 60, 12.0, 900.0),
    row("treated", "sent", "", 1700, 600, 14.0, 950.0, received=1500, opened=200),
    row("treated", "failed", "unregistered", 60, 20, 10.0, 900.0),
    row("treated", "failed", "message_too_large", 5, 1, 1.0, 5.0),
    row("treated", "skipped", "no_device", 30, 9, 11.0, 800.0),
    row("treated", "unknown", "interrupted", 5, 2, 9.0, 700.0),
]


def test_every_person_has_one_place_in_the_figures() -> None:
    control, treated = made(USUAL).arms
    assert (control.arm, control.people, control.sent, control.converted) == ("control", 200, 0, 60)
    assert (control.unknown, control.failed, control.skipped) == (0, {}, {})
    assert (treated.people, treated.sent) == (1800, 1700)
    assert (treated.unknown, treated.failed, treated.skipped) == (5, {"unregistered": 60, "message_too_large": 5}, {"no_device": 30})
    assert treated.people == treated.sent + treated.unknown + sum(treated.failed.values()) + sum(treated.skipped.values())
    assert (treated.received, treated.opened, treated.converted) == (1500, 200, 632)
    assert treated.value == pytest.approx(1700 * 14 + 60 * 10 + 5 * 1 + 30 * 11 + 5 * 9)


def test_the_effect_counts_everybody_who_was_to_be_treated() -> None:
    conversion, value = made(USUAL).effect
    assert conversion.metric == "conversion"
    assert conversion.method == "newcombe"
    assert conversion.difference == pytest.approx(632 / 1800 - 60 / 200)
    assert value.method == "welch"
    assert value.difference == pytest.approx((1700 * 14 + 600 + 5 + 330 + 45) / 1800 - 12)
    assert value.low < value.difference < value.high


def test_an_effect_within_chance_is_said_to_be() -> None:
    told = made(USUAL).sentence
    assert "1,700 of 1,800 people were sent the message, 200 were held back." in told
    assert "30.0 % of 200 did Order Completed within 7 days in the control group" in told
    assert "35.1 %: +5.1 points (95 % interval " in told
    assert told.count("which cannot be told from zero") == 2


def test_an_effect_beyond_chance_is_said_to_be() -> None:
    rows = [row("control", None, None, 2000, 200, 5.0, 100.0), row("treated", "sent", "", 2000, 400, 9.0, 120.0)]
    told = made(rows).sentence
    assert "+10.0 points" in told
    assert told.count("more than chance explains") == 2


def test_several_variants_are_each_compared_with_the_control_group() -> None:
    rows = [row("control", None, None, 100, 10), row("a", "sent", "", 100, 20), row("b", "sent", "", 100, 30)]
    made_ = made(rows, variants=[{"id": "a"}, {"id": "b"}], goal={"event": "x", "within": "1h"})
    assert [arm.arm for arm in made_.arms] == ["control", "a", "b"]
    assert [(one.variant, one.metric) for one in made_.effect] == [("a", "conversion"), ("b", "conversion")]
    assert "with variant a it was 20.0 %" in made_.sentence
    assert "with variant b it was 30.0 %" in made_.sentence


def test_a_small_arm_gets_its_wide_interval_and_a_word_of_caution() -> None:
    made_ = made([row("control", None, None, 4, 1), row("treated", "sent", "", 16, 8)])
    conversion = made_.effect[0]
    assert conversion.difference == 0.25 and conversion.high - conversion.low > 0.7
    assert "too few to tell" in conversion.note
    assert "which cannot be told from zero" in made_.sentence


def test_an_arm_of_one_person_has_no_interval_of_money() -> None:
    value = made([row("control", None, None, 1, 1), row("treated", "sent", "", 16, 8)]).effect[1]
    assert (value.low, value.high) == (None, None) and "too few people" in value.note


def test_where_nobody_spent_anything_there_is_nothing_to_estimate_money_from() -> None:
    made_ = made([row("control", None, None, 50), row("treated", "sent", "", 50)])
    conversion, value = made_.effect
    assert conversion.difference == 0
    assert (value.difference, value.low, value.note) == (0, None, "everybody has the same value, so there is nothing to estimate from")
    assert "A head" not in made_.sentence


def test_without_a_control_group_it_cannot_be_known() -> None:
    made_ = made([row("treated", "sent", "", 100, 30)], control={"percent": 0})
    assert made_.effect == []
    assert [arm.arm for arm in made_.arms] == ["treated"]
    assert "30.0 % of 100" in made_.sentence
    assert "The control group was switched off, so what the message changed cannot be known." in made_.sentence


def test_without_anybody_in_the_control_group_it_cannot_be_known() -> None:
    made_ = made([row("treated", "sent", "", 3, 1)])
    assert made_.effect == []
    assert "The control group is empty" in made_.sentence


def test_without_a_goal_it_reports_sends_and_says_what_it_cannot_know() -> None:
    made_ = made([row("control", None, None, 10), row("treated", "sent", "", 90)], goal=None)
    assert made_.effect == []
    assert made_.window is None
    assert made_.sentence == (
        "90 of 90 people were sent the message, 10 were held back. The campaign names no goal, so what the message changed cannot be known."
    )


def test_without_a_value_only_conversion_is_compared() -> None:
    assert [one.metric for one in made(USUAL, goal={"event": "x", "within": "7d"}).effect] == ["conversion"]


def test_nobody_in_the_audience() -> None:
    made_ = made([])
    assert made_.sentence == "Nobody was in the audience."
    assert [arm.people for arm in made_.arms] == [0, 0]


def test_an_open_window_says_so_far() -> None:
    open_ = made(USUAL, as_of=PLANNED + timedelta(days=3))
    assert open_.window is not None and not open_.window.closed
    assert "So far, with the window still open:" in open_.sentence
    assert made(USUAL).window == GoalWindow(PLANNED, datetime(2017, 10, 8, tzinfo=UTC), closed=True)


def test_the_report_says_which_run_as_of_when_and_for_how_much() -> None:
    made_ = made(USUAL)
    assert (made_.run_id, made_.campaign, made_.state, made_.as_of, made_.cost) == (
        "spring-1",
        "spring",
        "succeeded",
        LATER,
        {"total": 0.01},
    )


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


def test_values_that_could_not_be_read_are_told_in_the_sentence() -> None:
    rows = [row("control", None, None, 20, 5), row("treated", "sent", "", 20, 6, goal_values=2)]
    told = made(rows)
    assert told.sentence.endswith("Of 11 times Order Completed, 4 had no readable revenue, which counts as 0.")
    assert [(arm.goal_events, arm.unreadable) for arm in told.arms] == [(5, 0), (6, 4)]
    without = made(rows, goal={"event": "Order Completed", "within": "7d"})
    assert "readable" not in without.sentence and [arm.unreadable for arm in without.arms] == [0, 0]
