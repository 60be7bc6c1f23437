"""Why somebody is in a segment: asked of the lake once, answered clause by clause."""

from datetime import UTC, datetime
from typing import Any

import pytest

from regulars.domain.errors import InvalidRequestError, NotFoundError, QueryFailedError
from regulars.domain.queries import ResultRow
from regulars.domain.segments.person_history import MOST_EVENTS
from regulars.domain.tickets import FlushTicket, sealed
from regulars.usecases.explain_person import PersonExplained, look_at_person_explained, start_explaining_person
from tests.domain.segments.judges import accepted
from tests.fakes.clock import MovableClock
from tests.fakes.services import ScriptedQueries
from tests.fakes.stores import MemoryDefinitions
from tests.fakes.tables import lake_tables

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
TWICE = {"event": "Order Completed", "count": {"gte": 2}}
NOTHING = dict.fromkeys(("id", "name", "kind", "at_ts", "received_ts", "place", "document"))
SEEN: ResultRow = {**NOTHING, "section": "seen", "at_ts": "2026-11-01 10:00:00.000000"}
BOUGHT: ResultRow = {**NOTHING, "section": "events", "id": "o1", "name": "Order Completed", "kind": "track", "at_ts": "2026-11-20 10:00:00.000000"}


@pytest.fixture
def definitions() -> MemoryDefinitions:
    return MemoryDefinitions()


def save(definitions: MemoryDefinitions, segment: str, rule: dict[str, Any]) -> None:
    definitions.put("segment", segment, {"id": segment, "name": segment, "rule": rule}, at=NOON, by="me")


def started(definitions: MemoryDefinitions, queries: ScriptedQueries, segment: str = "twice", **asked: Any) -> PersonExplained:
    wanted = {"user": "ann", "as_of": None, **asked}
    tables, clock = lake_tables(events="7"), MovableClock(NOON)
    return start_explaining_person(
        segment, wanted["user"], as_of=wanted["as_of"], definitions=definitions, queries=queries, catalog=tables, clock=clock
    )


def test_each_clause_is_answered_with_what_decided_it_and_what_that_cost(definitions: MemoryDefinitions) -> None:
    save(definitions, "twice", TWICE)
    queries = ScriptedQueries({"FROM people": [SEEN, BOUGHT, {**BOUGHT, "id": "o2"}]}, bytes_scanned=20_000_000)
    begun = started(definitions, queries)
    found = look_at_person_explained(begun.ticket, definitions=definitions, queries=queries)
    assert (begun.state, begun.as_of, found.state, found.member) == ("queued", NOON, "succeeded", True)
    assert [(clause.path, clause.verdict) for clause in found.clauses] == [("rule", True)]
    assert [evidence.message_id for evidence in found.clauses[0].because] == [None, "o2", "o1"]
    assert (found.bytes_scanned, found.cost_usd) == (20_000_000, pytest.approx(0.0001))


def test_all_is_read_in_one_state_of_the_lake(definitions: MemoryDefinitions) -> None:
    save(definitions, "twice", {"any": [TWICE, {"trait": "plan", "eq": "pro"}]})
    queries = ScriptedQueries()
    started(definitions, queries)
    accepted(queries.ran[0])
    assert queries.ran[0].count("FROM events FOR VERSION AS OF 7") == queries.ran[0].count("FROM events ") == 2


def test_it_is_as_of_the_moment_that_is_asked_about(definitions: MemoryDefinitions) -> None:
    save(definitions, "twice", TWICE)
    queries = ScriptedQueries({"FROM people": [SEEN, BOUGHT]})
    begun = started(definitions, queries, as_of=datetime(2026, 11, 10, tzinfo=UTC))
    assert "2026-11-10 00:00:00" in queries.ran[0] and "2026-11-21" not in queries.ran[0]
    found = look_at_person_explained(begun.ticket, definitions=definitions, queries=queries)
    assert (found.member, found.clauses[0].because[0].text) == (False, "0 events counted")


def test_a_rule_that_was_changed_meanwhile_is_asked_again_not_answered_by_halves(definitions: MemoryDefinitions) -> None:
    save(definitions, "inner", TWICE)
    save(definitions, "twice", {"segment": "inner"})
    queries = ScriptedQueries({"FROM people": [SEEN]})
    begun = started(definitions, queries)
    save(definitions, "inner", {"event": "Refunded"})
    with pytest.raises(InvalidRequestError, match="twice was changed meanwhile"):
        look_at_person_explained(begun.ticket, definitions=definitions, queries=queries)


def test_who_did_more_than_can_be_read_is_not_explained_and_the_reason_is_told(definitions: MemoryDefinitions) -> None:
    save(definitions, "twice", TWICE)
    queries = ScriptedQueries({"FROM people": [{**BOUGHT, "id": f"o{n}"} for n in range(MOST_EVENTS + 1)]})
    found = look_at_person_explained(started(definitions, queries).ticket, definitions=definitions, queries=queries)
    assert (found.state, found.clauses, found.bytes_scanned) == ("failed", (), 7)
    assert "shorter periods" in (found.reason or "")


def test_a_query_that_failed_or_still_runs_explains_nothing(definitions: MemoryDefinitions) -> None:
    save(definitions, "twice", TWICE)
    queries = ScriptedQueries({"FROM people": QueryFailedError("away")})
    found = look_at_person_explained(started(definitions, queries).ticket, definitions=definitions, queries=queries)
    assert (found.state, found.reason, found.member, found.clauses) == ("failed", "away", None, ())


def test_what_cannot_be_asked_is_refused(definitions: MemoryDefinitions) -> None:
    queries = ScriptedQueries()
    with pytest.raises(NotFoundError, match="no segment gone"):
        started(definitions, queries, segment="gone")
    with pytest.raises(InvalidRequestError, match="whose"):
        started(definitions, queries, user="")
    with pytest.raises(InvalidRequestError, match="kind flush"):
        look_at_person_explained(sealed(FlushTicket()), definitions=definitions, queries=queries)
    assert queries.ran == []
