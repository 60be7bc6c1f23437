"""Who is where in the customer life cycle."""

import pytest

from regulars.domain.errors import InvalidRequestError, NotFoundError
from regulars.domain.segments.lifecycle import ShopNames, ready_made
from regulars.usecases.view_lifecycle import LifecycleLook, look_at_lifecycle, start_viewing_lifecycle
from tests.domain.segments.judges import accepted
from tests.fakes.clock import MOMENT, MovableClock
from tests.fakes.services import ScriptedQueries
from tests.fakes.stores import MemoryDefinitions, MemoryObjects
from tests.fakes.tables import lake_tables

AT_RISK = {"id": "at-risk", "name": "At risk", "rule": {"event": "Paid"}}
FIGURES = {
    "people": "10",
    "reachable": "4",
    "orders": "20",
    "revenue": "100.0",
    "at-risk people": "3",
    "at-risk reachable": "1",
    "at-risk orders": "4",
    "at-risk revenue": "50.0",
}


def start(definitions: MemoryDefinitions, queries: ScriptedQueries, names: ShopNames) -> LifecycleLook:
    return start_viewing_lifecycle(
        names, as_of=None, definitions=definitions, lake=MemoryObjects(), queries=queries, catalog=lake_tables(), clock=MovableClock()
    )


def saved(*, archived: bool = False) -> MemoryDefinitions:
    definitions = MemoryDefinitions()
    definitions.put("segment", "at-risk", AT_RISK, at=MOMENT, by="ann")
    if archived:
        definitions.archive("segment", "at-risk")
    return definitions


def test_each_saved_segment_has_its_figures_and_others_are_left_out() -> None:
    queries = ScriptedQueries({"worth AS": [FIGURES]})
    begun = start(saved(), queries, ShopNames(purchase="Paid"))
    (sql,) = queries.ran
    accepted(sql)
    done = look_at_lifecycle(begun.ticket, queries=queries)
    (group,) = done.groups
    assert done.everybody and (done.everybody.people, done.everybody.share, done.everybody.average_order) == (10, 1.0, 5.0)
    assert (group.id, group.stage, group.worth.people, group.worth.share, group.worth.average_order) == ("at-risk", "at risk", 3, 0.3, 12.5)


def test_it_takes_the_names_that_the_saved_segments_were_written_for() -> None:
    definitions, names = MemoryDefinitions(), ShopNames(purchase="Ticket Sold", revenue="fare")
    for made in ready_made():
        if not made.missing(names):
            definitions.put("segment", made.segment_id, made.document(names), at=MOMENT, by="ann")
    queries = ScriptedQueries({})
    start(definitions, queries, ShopNames())
    assert "'Ticket Sold'" in queries.ran[0]
    assert "fare" in queries.ran[0]


def test_without_a_purchase_or_a_segment_it_says_what_to_do() -> None:
    with pytest.raises(InvalidRequestError, match="no event looks like a purchase"):
        start(saved(), ScriptedQueries({}), ShopNames())
    for none in (MemoryDefinitions(), saved(archived=True)):
        with pytest.raises(NotFoundError, match="regulars segment init"):
            start(none, ScriptedQueries({}), ShopNames(purchase="Paid"))
