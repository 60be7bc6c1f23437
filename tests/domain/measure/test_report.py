"""The report: rows to figures, and figures that claim no more than they hold."""

import json
import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from regulars.domain.campaigns.counts import Counts
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.measure.figures import FunnelFigures
from regulars.domain.measure.report import Report, report
from regulars.domain.measure.study import GoalWindow
from tests.domain.measure.experiment import GOAL, LATER, PLANNED, arm, made
from tests.domain.measure.rows import row
from tests.drawn import drawn
from tests.examples import campaign_run

RUN = campaign_run("spring-1", as_of=PLANNED, state="succeeded")
REHEARSAL = campaign_run("spring-1", as_of=PLANNED, state="succeeded", sends=False)


def as_json(told: Report) -> Any:
    return json.loads(TypeAdapter(Report).dump_json(told))


def numbers(value: Any) -> list[float]:
    match value:
        case dict():
            return [number for each in value.values() for number in numbers(each)]
        case list():
            return [number for each in value for number in numbers(each)]
        case bool():
            return []
        case int() | float():
            return [value]
    return []


def test_every_person_has_one_place_in_the_figures() -> None:
    rows = [
        row("control", None, None, 200, 60, 12.0),
        row("treated", "sent", "", 1700, 600, 14.0, received=1500, opened=200),
        row("treated", "failed", "unregistered", 60, 20, 10.0),
        row("treated", "failed", "message_too_large", 5, 1, 1.0),
        row("treated", "skipped", "no_device", 30, 9, 11.0),
        row("treated", "unknown", "interrupted", 5, 2, 9.0),
    ]
    document = {"id": "spring", "audience": {"include": ["x"]}, "message": {"push": {"body": "x"}}, "goal": GOAL}
    told = report(RUN, parse_campaign(document), rows, as_of=LATER, cost={"total": 0.01})
    control, treated = told.arms
    assert (control.arm, control.people, control.sent, control.converted) == ("control", 200, 0, 60)
    assert (control.unknown, control.failed, control.skipped) == (0, {}, {})
    assert (treated.people, treated.sent) == (1800, 1700)
    assert (treated.unknown, treated.failed, treated.skipped) == (5, {"unregistered": 60, "message_too_large": 5}, {"no_device": 30})
    assert treated.people == treated.sent + treated.unknown + sum(treated.failed.values()) + sum(treated.skipped.values())
    assert (treated.received, treated.opened, treated.converted) == (1500, 200, 632)
    assert treated.value == pytest.approx(1700 * 14 + 60 * 10 + 5 * 1 + 30 * 11 + 5 * 9)
    assert (treated.rate, treated.value_a_head) == pytest.approx((632 / 1800, treated.value / 1800))
    conversion, value = told.effect
    assert (conversion.metric, conversion.method, conversion.difference) == ("conversion", "newcombe", pytest.approx(632 / 1800 - 60 / 200))
    assert (value.metric, value.difference) == ("value", pytest.approx(treated.value / 1800 - 12))


def test_what_the_message_caused_is_the_difference_times_everybody_whom_it_was_for() -> None:
    treated = made(arm("control", 1000, 100, 5.0, 100.0), arm("treated", 1000, 150, 7.0, 100.0)).arms[1]
    assert (treated.caused, treated.caused_value) == pytest.approx((50, 2000))


def test_a_rehearsal_compares_and_causes_nothing() -> None:
    told = made(arm("control", 1000, 100, 5.0, 100.0), arm("treated", 1000, 150, 7.0, 100.0), run=REHEARSAL)
    assert [one.difference for one in told.effect] == pytest.approx([0.05, 2.0])
    assert [(each.caused, each.caused_value) for each in told.arms] == [(None, None), (None, None)]
    assert told.cost_per_conversion is None


def test_a_caused_conversion_costs_the_whole_run_by_all_of_them() -> None:
    variants = [{"id": "a"}, {"id": "b"}]
    told = made(arm("control", 2000, 200), arm("a", 1000, 150), arm("b", 1000, 130), total=4.0, variants=variants)
    assert told.cost_per_conversion == pytest.approx(4.0 / (1000 * 0.05 + 1000 * 0.03))


def test_where_the_message_did_not_surely_bring_more_no_price_is_put_on_it() -> None:
    assert made(arm("control", 1000, 100), arm("treated", 1000, 105)).cost_per_conversion is None
    assert made(arm("control", 1000, 150), arm("treated", 1000, 100)).cost_per_conversion is None


def test_the_funnel_counts_treated_people_and_narrows_to_those_who_came_by_the_push() -> None:
    skipped = {"no_device": 30, "no_consent": 20, "not_reached": 10}
    treated = arm("treated", 1000, 300, sent=900, failed={"unregistered": 40}, skipped=skipped, received=800, opened=200, direct=50)
    assert made(arm("control", 1000, 250), treated).funnel == FunnelFigures(1000, 950, 900, 800, 200, 50)


def test_whom_a_rehearsal_would_have_sent_to_is_eligible() -> None:
    treated = arm("treated", 1000, 300, sent=0, skipped={"rehearsal": 900, "no_device": 100})
    assert made(arm("control", 1000, 250), treated, run=REHEARSAL).funnel == FunnelFigures(1000, 900, 0, 0, 0, 0)


def test_an_arm_of_fewer_than_ten_people_gets_no_number_but_a_note() -> None:
    told = made(arm("control", 9, 1, 2.0, 5.0), arm("treated", 11, 8, 3.0, 5.0))
    for one in told.effect:
        assert (one.difference, one.low, one.high, one.p, one.verdict) == (None,) * 5
        assert one.note == "the control group has 9 people in it, and of fewer than 10 a number would say nothing"


def test_where_nobody_spent_anything_there_is_nothing_to_estimate_money_from() -> None:
    conversion, value = made(arm("control", 50), arm("treated", 50)).effect
    assert conversion.difference == 0
    assert (value.difference, value.low, value.verdict, value.note) == (
        *(0, None, None),
        "everybody has the same value, so there is nothing to estimate from",
    )


def test_a_value_that_no_event_has_is_said_rather_than_counted_as_nothing() -> None:
    told = made(arm("control", 50, 20, unreadable=20), arm("treated", 50, 21, unreadable=21), goal={**GOAL, "value": "revenu"})
    value = told.effect[1]
    assert (value.difference, value.note) == (None, "none of 41 Order Completed has a number at `revenu`")
    assert value.note in told.notes
    assert [(each.value, each.value_a_head) for each in told.arms] == [(0, None), (0, None)]


def test_where_nobody_did_it_everybody_has_spent_nothing() -> None:
    assert [each.value_a_head for each in made(arm("control", 50), arm("treated", 50)).arms] == [0, 0]


def test_values_that_cannot_be_read_are_left_out_counted_and_named() -> None:
    told = made(arm("control", 50, 20, 2.0, 9.0, unreadable=3), arm("treated", 50, 21, 3.0, 9.0, unreadable=1))
    conversion, value = told.effect
    assert (conversion.note, value.note) == (None, "of 41 times Order Completed, 4 had no readable number at `revenue`: left out of the value")
    assert value.note in told.notes
    assert [each.unreadable for each in told.arms] == [3, 1]


def test_where_the_goal_names_no_value_none_is_unreadable() -> None:
    told = made(arm("control", 50, 20, unreadable=20), arm("treated", 50, 21, unreadable=21), goal={"event": "x", "within": "7d"})
    assert [one.metric for one in told.effect] == ["conversion"]
    assert ([each.unreadable for each in told.arms], [each.value_a_head for each in told.arms], told.notes) == ([0, 0], [None, None], [])


def test_the_currency_is_the_one_that_the_events_name() -> None:
    euros = frozenset({"EUR"})
    assert made(arm("control", 50, 20, 2.0, 9.0, currencies=euros), arm("treated", 50, 21, 3.0, 9.0)).currency == "EUR"
    assert made(arm("control", 50, 20, 2.0, 9.0), arm("treated", 50, 21, 3.0, 9.0)).currency is None


def test_of_rows_kept_when_they_had_a_first_and_a_last_currency_both_are_read() -> None:
    kept = {"least_currency": "EUR", "greatest_currency": "??"}
    rows = [{**row(arm, None, None, 50, 5, 1.0, 2.0), **kept} for arm in ("control", "treated")]
    old = [{name: value for name, value in each.items() if not name.endswith("_currencies")} for each in rows]
    document = {"id": "spring", "audience": {"include": ["x"]}, "message": {"push": {"body": "x"}}, "goal": GOAL}
    assert report(RUN, parse_campaign(document), old, as_of=LATER, cost={}).currency == "EUR"


def test_several_currencies_are_none_and_noted() -> None:
    told = made(arm("control", 50, 20, 2.0, 9.0, currencies=frozenset({"EUR", "USD"})), arm("treated", 50, 21, 3.0, 9.0))
    assert told.currency is None and "spent" not in told.sentence
    (note,) = told.notes
    assert note == "the values are in EUR and USD and were added as if they were one: say in `goal.currency` which one counts"
    assert told.effect[1].note == note


def test_without_a_control_group_variants_are_still_compared_with_each_other() -> None:
    told = made(arm("a", 1000, 100), arm("b", 1000, 150), control={"percent": 0}, variants=[{"id": "a"}, {"id": "b"}], goal={**GOAL, "value": ""})
    assert told.effect == []
    assert [(one.variant, one.against, one.verdict) for one in told.comparisons] == [("b", "a", "more")]
    assert told.winner.variant is None and "nobody was held back" in told.winner.because


def test_arms_out_of_proportion_withhold_everything_that_could_be_believed() -> None:
    arms = arm("control", 600, 60, 12.0, 900.0), arm("a", 1100, 300, 14.0, 900.0), arm("b", 1100, 200, 14.0, 900.0)
    told = as_json(made(*arms, variants=[{"id": "a"}, {"id": "b"}], total=2.0))
    assert told["sample_ratio"]["ok"] is False and told["sample_ratio"]["p"] < 0.001
    assert told["sample_ratio"]["expected"] == {"control": 1400, "a": 700, "b": 700}
    assert numbers(told["effect"]) == numbers(told["comparisons"]) == []
    assert {key for each in told["guardrails"] for key in ("difference", "low", "high", "p", "verdict") if each[key] is not None} == set()
    assert [(each["caused"], each["caused_value"]) for each in told["arms"]] == [(None, None)] * 3
    assert (told["cost_per_conversion"], told["winner"]["variant"]) == (None, None)
    assert all("do not have the people" in each["note"] for each in [*told["effect"], *told["comparisons"]])
    assert "control has 600 people instead of 1,400" in told["notes"][0] and "earlier run" in told["notes"][0]


def test_whoever_is_held_out_of_all_campaigns_is_noted_and_in_no_arm() -> None:
    run = campaign_run("spring-1", as_of=PLANNED, state="succeeded", counts=Counts(held_out=52))
    told = made(arm("control", 1000, 100, 5.0, 100.0), arm("treated", 1000, 150, 7.0, 100.0), run=run)
    assert "52 people more would have been in the audience, and are held out of all campaigns" in told.notes
    assert sum(each.people for each in told.arms) == 2_000


def test_more_unsubscribes_are_a_warning() -> None:
    told = made(arm("control", 2000, 200, guardrails={"unsubscribed": 10}), arm("treated", 2000, 260, guardrails={"unsubscribed": 40}))
    harm, *_ = told.guardrails
    assert (harm.guardrail, harm.variant, harm.people, harm.control, harm.verdict) == ("unsubscribed", "treated", 40, 10, "more")
    assert harm.low is not None and harm.low > 0
    (note,) = told.notes
    assert note.startswith("warning: of every 100 people 1.5 more unsubscribed than would have without it (95 % interval ")


def test_an_open_window_names_its_end_and_no_winner() -> None:
    arms = arm("control", 2000, 100), arm("a", 1000, 100), arm("b", 1000, 300)
    told = made(*arms, as_of=PLANNED + timedelta(days=3), variants=[{"id": "a"}, {"id": "b"}])
    assert told.window is not None and not told.window.closed
    assert (told.winner.variant, told.winner.because) == (None, "the window is still open, and who leads now may not in the end")
    assert told.notes[-1].startswith("the window is open until 8 October 2017, 00:00 UTC")
    assert made(*arms, variants=[{"id": "a"}, {"id": "b"}]).window == GoalWindow(PLANNED, datetime(2017, 10, 8, tzinfo=UTC), closed=True)


def test_the_report_says_which_run_as_of_when_and_for_how_much() -> None:
    told = made(arm("control", 20), arm("treated", 20), total=0.01)
    assert (told.run_id, told.campaign, told.state, told.as_of, told.cost) == ("spring-1", "spring", "succeeded", LATER, {"total": 0.01})


ARMS = st.lists(
    st.tuples(st.integers(0, 3_000), st.floats(0, 1), st.floats(-1e75, 1e75), st.just(0.0) | st.floats(1e-100, 1e150)), min_size=2, max_size=4
)


@given(ARMS, st.booleans())
@drawn(60)
def test_no_finite_figures_ever_make_a_number_that_json_does_not_have(drawn: list[tuple[int, float, float, float]], closed: bool) -> None:
    names = ["control", "a", "b", "c"][: len(drawn)]
    arms = [arm(name, people, int(people * share), mean, variance) for name, (people, share, mean, variance) in zip(names, drawn, strict=True)]
    told = made(*arms, variants=[{"id": name} for name in names[1:]], as_of=LATER if closed else PLANNED + timedelta(days=1))
    text = TypeAdapter(Report).dump_json(told).decode()
    assert all(map(math.isfinite, numbers(json.loads(text)))) and not {"NaN", "Infinity"} & set(text.replace('"', " ").split())


@given(ARMS, st.randoms(use_true_random=False))
@drawn(40)
def test_the_order_of_the_variants_changes_nothing_that_is_said_of_them(drawn: list[tuple[int, float, float, float]], source: Any) -> None:
    names = ["control", "a", "b", "c"][: len(drawn)]
    arms = [arm(name, people + 10, int(people * share), 1.0, 2.0) for name, (people, share, _, _) in zip(names, drawn, strict=True)]
    shuffled = [arms[0], *source.sample(arms[1:], len(arms) - 1)]
    one, other = (made(*order, variants=[{"id": each.name} for each in order[1:]]) for order in (arms, shuffled))
    by_name = [{(each.variant, each.metric): each for each in told.effect} for told in (one, other)]
    assert by_name[0] == by_name[1]
    assert (one.winner, one.cost_per_conversion) == (other.winner, pytest.approx(other.cost_per_conversion) if other.cost_per_conversion else None)
