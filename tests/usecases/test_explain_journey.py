"""Why somebody is in a journey, or never came in: asked of the lake once, and answered with the entry's rule as it is now."""

from datetime import UTC, datetime
from typing import Any

import pytest

from regulars.domain.errors import InvalidRequestError
from regulars.domain.journeys.book import Book
from regulars.domain.journeys.parse import parse_journey
from regulars.domain.queries import ResultRow
from regulars.usecases.explain_journey import JourneyWhyLook, look_at_journey_explained, start_explaining_journey
from tests.domain.segments.judges import accepted
from tests.fakes.clock import MovableClock
from tests.fakes.journeys import MemoryJourneys
from tests.fakes.services import ScriptedQueries
from tests.fakes.stores import MemoryDefinitions

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
PRO, DEAR = {"trait": "plan", "eq": "pro"}, {"entry": "price", "gte": 10}
NOTHING = dict.fromkeys(("id", "name", "kind", "at_ts", "received_ts", "place", "document"))
SEEN: ResultRow = {**NOTHING, "section": "seen", "at_ts": "2026-11-01 10:00:00.000000"}
IDENTIFIED = {**NOTHING, "section": "traits", "id": "i1", "name": "identify", "kind": "identify", "at_ts": "2026-11-01 10:00:00.000000"}
ADDED: ResultRow = {
    "name": "Product Added",
    "at_ts": "2026-11-21 11:00:00.000000",
    "received_ts": "2026-11-21 11:00:01.000000",
    "source": "web",
    "properties": '{"price": 20}',
}


def document(rule: Any = None) -> dict[str, Any]:
    entry = {"event": "Product Added", **({"if": rule} if rule else {})}
    return {"id": "cart", "entry": entry, "start": "bye", "steps": {"bye": {"wait": "1h", "then": None}}}


def explained(asked: Any, plan: str = "free", user: str = "ann") -> JourneyWhyLook:
    told = {**IDENTIFIED, "document": f'{{"plan": "{plan}"}}'}
    queries = ScriptedQueries({"FROM people": [SEEN, told], "Journey Entered": [ADDED]})
    begun = start_explaining_journey(asked, user, definitions=MemoryDefinitions(), queries=queries, clock=MovableClock(NOON))
    for sql in queries.ran:
        accepted(sql)
        assert "\0" not in sql
    assert begun.state == "queued"
    book = Book.of([parse_journey(asked)])
    return look_at_journey_explained(begun.ticket, asked, book, journeys=MemoryJourneys(), definitions=MemoryDefinitions(), queries=queries)


def test_the_clause_that_keeps_them_out_is_named() -> None:
    why = explained(document({"all": [PRO, DEAR]})).why
    assert why and (why.where, why.reason) == ("never", "rule")
    assert [(clause.path, clause.verdict) for clause in why.clauses] == [("entry.if", False), ("entry.if.all[0]", False), ("entry.if.all[1]", True)]


def test_a_rule_that_is_true_of_them_and_of_what_they_did_keeps_nobody_out() -> None:
    why = explained(document({"all": [PRO, DEAR]}), plan="pro").why
    assert why and why.reason == "not_told" and all(clause.verdict for clause in why.clauses)


def test_a_journey_without_a_rule_asks_for_no_more_than_the_trail() -> None:
    why = explained(document()).why
    assert why and (why.reason, why.clauses) == ("not_told", ())


def test_nobody_and_another_journeys_ticket_are_refused() -> None:
    with pytest.raises(InvalidRequestError, match="of whom"):
        explained(document(), user="")
    ticket = explained(document()).ticket
    with pytest.raises(InvalidRequestError, match="is of the journey cart"):
        look_at_journey_explained(
            ticket, {**document(), "id": "other"}, None, journeys=MemoryJourneys(), definitions=MemoryDefinitions(), queries=ScriptedQueries()
        )
