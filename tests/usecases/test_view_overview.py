"""How the months went, asked and answered."""

from datetime import timedelta
from typing import Any

import pytest

from regulars.domain.errors import InvalidRequestError, QueryFailedError
from regulars.domain.segments.lifecycle import ShopNames, ready_made
from regulars.usecases.put_settings import put_settings
from regulars.usecases.view_overview import OverviewLook, look_at_overview, start_overview
from tests.domain.segments.judges import accepted
from tests.fakes.clock import MOMENT, MovableClock
from tests.fakes.services import ScriptedQueries
from tests.fakes.stores import MemoryDefinitions, MemoryObjects
from tests.fakes.tables import lake_tables

VISITS = {"month": "2026-11", "reached": "100", "acted": "40"}
ORDERED = {
    "kind": "ordered",
    "known": "1",
    "month": "2026-11",
    "cohort": "2026-11",
    "times": "12",
    "people": "10",
    "firsts": "10",
    "seconds": "2",
    "woken": "10",
    "won_back": "0",
    "revenue": "120.5",
    "readable": "12",
    "first_currency": "EUR",
    "last_currency": "EUR",
}
WORTH = {"people": "10", "reachable": "4", "orders": "20", "revenue": "100.0"}
AT_RISK = {f"at-risk {name}": figure for name, figure in WORTH.items()}
ANSWERS: dict[str, Any] = {"AS acted": [VISITS], "AS won_back": [ORDERED], "worth AS": [{**WORTH, **AT_RISK}]}


def shop(purchase: Any = None) -> MemoryDefinitions:
    definitions = MemoryDefinitions()
    at_risk = next(each for each in ready_made() if each.segment_id == "at-risk")
    definitions.put("segment", "at-risk", at_risk.document(ShopNames(purchase="Paid")), at=MOMENT, by="ann")
    if purchase:
        put_settings({"purchase": purchase}, by="ann", definitions=definitions, queries=ScriptedQueries(), clock=MovableClock())
    return definitions


def start(definitions: MemoryDefinitions, queries: ScriptedQueries, months: int = 2) -> OverviewLook:
    return start_overview(
        months, as_of=None, definitions=definitions, lake=MemoryObjects(), queries=queries, catalog=lake_tables(), clock=MovableClock()
    )


def test_three_questions_side_by_side_are_one_answer_with_one_price() -> None:
    queries = ScriptedQueries(ANSWERS)
    begun = start(shop(), queries)
    for sql in queries.ran:
        accepted(sql)
    done = look_at_overview(begun.ticket, queries=queries)
    (october, november), flow, (cohort,) = done.months, done.flow[-1], done.cohorts
    assert (begun.state, done.state, done.currency, list(done.missing), done.bytes_scanned) == ("queued", "succeeded", "EUR", ["programme"], 28)
    assert (october.reached, november.unfinished) == (0, True)
    assert (november.reached, november.acted, november.converted, november.engaged, november.revenue) == (100, 40, 10, 2, 120.5)
    assert (flow.new, flow.customers, flow.active, cohort.people) == (10, 10, 10, 10)
    assert [(each.id, each.worth.revenue) for each in done.segments] == [("at-risk", 100.0)]


def test_the_settings_say_what_a_purchase_is_and_where_its_money() -> None:
    queries = ScriptedQueries(ANSWERS)
    start(shop({"event": "Ticket Sold", "value": "fare.net", "currency": "fare.unit"}), queries)
    visits, customers, segments, *_ = queries.ran
    assert "Ticket Sold" not in visits
    assert all("'Ticket Sold'" in sql and '$["fare"]["net"]' in sql for sql in (customers, segments))
    assert '$["fare"]["unit"]' in customers


def test_without_the_settings_it_is_what_the_saved_segments_were_written_for() -> None:
    queries = ScriptedQueries(ANSWERS)
    start(shop(), queries)
    assert "'Paid'" in queries.ran[1]


def test_where_nothing_looks_like_a_purchase_visitors_are_shown_and_it_says_what_to_do() -> None:
    queries = ScriptedQueries(ANSWERS)
    done = look_at_overview(start(MemoryDefinitions(), queries).ticket, queries=queries)
    assert (len(queries.ran), done.months[-1].reached, done.months[-1].orders) == (2, 100, 0)
    assert all('"purchase": {"event": NAME} in the settings' in done.missing[part] for part in ("customers", "segments"))


def test_without_a_ready_made_segment_it_says_how_to_save_them() -> None:
    definitions = MemoryDefinitions()
    put_settings({"purchase": {"event": "Paid"}}, by="ann", definitions=definitions, queries=ScriptedQueries(), clock=MovableClock())
    queries = ScriptedQueries(ANSWERS)
    done = look_at_overview(start(definitions, queries).ticket, queries=queries)
    assert list(done.missing) == ["segments", "programme"] and "regulars segment init" in done.missing["segments"]


def test_the_global_control_group_is_compared_since_the_settings_hold_one_out() -> None:
    definitions, queries = shop(), ScriptedQueries({**ANSWERS, "AS held_out": []})
    settings = {"purchase": {"event": "Paid"}, "global_control": {"percent": 5}}
    clock = MovableClock(MOMENT - timedelta(days=9))
    put_settings(settings, by="ann", definitions=definitions, queries=ScriptedQueries(), clock=clock)
    put_settings({**settings, "daily_limit": 3}, by="ann", definitions=definitions, queries=ScriptedQueries(), clock=MovableClock())
    done = look_at_overview(start(definitions, queries).ticket, queries=queries)
    (quarter,) = done.programme
    assert (quarter.quarter, quarter.percent, quarter.since, quarter.unfinished) == ("2026Q4", 5, clock.now(), True)
    accepted(queries.ran[-1])


def test_without_a_group_it_says_how_to_hold_one_out() -> None:
    queries = ScriptedQueries(ANSWERS)
    done = look_at_overview(start(shop(), queries).ticket, queries=queries)
    assert "global_control.percent" in done.missing["programme"]


def test_a_question_that_fails_costs_its_own_answer_alone() -> None:
    queries = ScriptedQueries({**ANSWERS, "AS won_back": QueryFailedError("too much")})
    done = look_at_overview(start(shop(), queries).ticket, queries=queries)
    assert done.state == "succeeded" and "too much" in done.missing["customers"]
    assert (done.months[-1].reached, done.months[-1].orders) == (100, 0)


def test_an_empty_installation_is_told_how_to_begin() -> None:
    queries = ScriptedQueries({})
    done = look_at_overview(start(MemoryDefinitions(), queries).ticket, queries=queries)
    assert any("send what people do to the collection API" in note for note in done.notes)


def test_nothing_is_shown_while_a_query_runs() -> None:
    queries = ScriptedQueries(ANSWERS)
    begun = start(shop(), queries)
    queries.state = "running"
    assert look_at_overview(begun.ticket, queries=queries).state == "running"


@pytest.mark.parametrize("months", [0, 61])
def test_so_many_months_cannot_be_shown(months: int) -> None:
    with pytest.raises(InvalidRequestError, match="1 to 60"):
        start(MemoryDefinitions(), ScriptedQueries(), months)
