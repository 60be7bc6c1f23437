"""The view of a person: each question stands for itself, and what is not known says so."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from regulars.domain.errors import InvalidRequestError, QueryFailedError
from regulars.domain.person.memberships import MOST_SEGMENTS
from regulars.domain.tickets import FlushTicket, sealed
from regulars.usecases.view_person import ViewLook, look_at_view, start_view
from tests.fakes.clock import MovableClock
from tests.fakes.services import ScriptedQueries
from tests.fakes.stores import MemoryDefinitions

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
AWAY = QueryFailedError("away")
LOOKED = {"section": "newest", "name": "Looked", "place_in_order": "1", "at_ts": "2026-11-21 10:00:00.000000", "source": None, "properties": None}


@pytest.fixture
def definitions() -> MemoryDefinitions:
    return MemoryDefinitions()


def save(definitions: MemoryDefinitions, segment: str, rule: dict[str, Any]) -> None:
    definitions.put("segment", segment, {"id": segment, "name": segment.title(), "rule": rule}, at=NOON, by="me")


def started(definitions: MemoryDefinitions, queries: ScriptedQueries, **wanted: Any) -> str:
    asked = {"since": None, "events": 20, **wanted}
    return start_view("ada", **asked, definitions=definitions, queries=queries, clock=MovableClock(NOON)).ticket


def viewed(definitions: MemoryDefinitions, queries: ScriptedQueries, **wanted: Any) -> ViewLook:
    return look_at_view(started(definitions, queries, **wanted), definitions=definitions, queries=queries)


def standings(look: ViewLook) -> dict[str, str]:
    return {each.segment: each.standing for each in look.segments or []}


def test_a_segment_that_fails_costs_no_other_and_each_says_how_they_stand(definitions: MemoryDefinitions) -> None:
    for name in ("bought", "failed", "looked"):
        save(definitions, name, {"event": name})
    save(definitions, "refused", {"segment": "gone"})
    queries = ScriptedQueries({"'bought'": [{"user_id": "ada"}], "'failed'": AWAY, "FROM theirs": [LOOKED]})
    look = viewed(definitions, queries)
    assert standings(look) == {"bought": "in", "failed": "unknown", "looked": "out", "refused": "unknown"}
    reasons = {each.segment: each.reason or "" for each in look.segments or []}
    assert reasons["failed"] == "its query failed: away" and "gone" in reasons["refused"] and reasons["bought"] == ""
    assert (look.state, look.missing, [each.name for each in look.events or []]) == ("succeeded", {}, ["Looked"])
    # Two of the person, two of segments: the failed one is free, and nobody asked the refused one.
    assert (look.bytes_scanned, round(look.cost_usd, 6), len(queries.ran)) == (4 * 7, 4 * 0.00005, 5)


@pytest.mark.parametrize(("fails", "missing"), [("FROM theirs", {"counters", "events"}), ("FROM deliveries", {"messages"})])
def test_what_cannot_be_read_is_none_and_says_why(definitions: MemoryDefinitions, fails: str, missing: set[str]) -> None:
    save(definitions, "bought", {"event": "bought"})
    look = viewed(definitions, ScriptedQueries({fails: AWAY}))
    assert look.missing == dict.fromkeys(missing, "its query failed: away")
    assert {name for name in ("counters", "events", "messages") if getattr(look, name) is None} == missing
    assert (look.state, standings(look)) == ("succeeded", {"bought": "out"})


def test_while_athena_takes_no_query_everything_is_missing_and_nothing_is_invented(definitions: MemoryDefinitions) -> None:
    save(definitions, "bought", {"event": "bought"})
    queries = ScriptedQueries()
    queries.refuses = QueryFailedError("TooManyRequests " + "x" * 500)
    look = viewed(definitions, queries)
    assert (set(look.missing), standings(look), look.cost_usd) == ({"counters", "events", "messages"}, {"bought": "unknown"}, 0)


def test_where_athena_takes_questions_late_the_others_are_not_put_to_it(definitions: MemoryDefinitions) -> None:
    save(definitions, "bought", {"event": "bought"})
    clock = MovableClock(NOON)

    class Slow(ScriptedQueries):
        def start(self, sql: str, *, token: str = "") -> str:
            clock.advance(timedelta(seconds=20))
            return super().start(sql, token=token)

    queries = Slow({"FROM theirs": [LOOKED]})
    begun = start_view("ada", since=None, events=20, definitions=definitions, queries=queries, clock=clock)
    look = look_at_view(begun.ticket, definitions=definitions, queries=queries)
    assert (len(queries.ran), set(look.missing), standings(look)) == (1, {"messages"}, {"bought": "unknown"})


def test_of_many_segments_the_first_are_asked_and_the_others_named(definitions: MemoryDefinitions) -> None:
    names = [f"s{number:03}" for number in range(MOST_SEGMENTS + 2)]
    for name in names:
        save(definitions, name, {"event": "bought"})
    definitions.archive("segment", names[0])
    look = viewed(definitions, ScriptedQueries())
    assert standings(look) == {**dict.fromkeys(names[1:-1], "out"), names[-1]: "not_asked"}
    chosen = standings(viewed(definitions, ScriptedQueries(), segments=[names[-1], names[-1], names[0]]))
    assert chosen == {names[0]: "out", **dict.fromkeys(names[1:-1], "not_asked"), names[-1]: "out"}
    with pytest.raises(InvalidRequestError, match="at most 10"):
        started(definitions, ScriptedQueries(), segments=names)


def test_the_longest_ticket_fits_into_a_request_line(definitions: MemoryDefinitions) -> None:
    for number in range(MOST_SEGMENTS):
        save(definitions, f"{number}{'s' * 99}", {"event": "bought"})
    queries = ScriptedQueries()
    queries.refuses = QueryFailedError("x" * 500)
    # An HTTP API takes a request line and headers of 10,240 bytes together, a token of 1 to 2 KB among them:
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
    assert len(started(definitions, queries)) < 6_000


def test_nothing_is_shown_until_all_is_over_unless_somebody_cannot_wait(definitions: MemoryDefinitions) -> None:
    save(definitions, "bought", {"event": "bought"})
    queries = ScriptedQueries()
    ticket = started(definitions, queries)
    queries.state = "running"
    waiting = look_at_view(ticket, definitions=definitions, queries=queries)
    assert (waiting.state, waiting.events, waiting.segments) == ("running", None, None)
    so_far = look_at_view(ticket, now=True, definitions=definitions, queries=queries)
    assert (so_far.state, set(so_far.missing), standings(so_far)) == ("running", {"counters", "events", "messages"}, {"bought": "unknown"})


def test_a_view_of_nobody_or_of_the_future_is_refused(definitions: MemoryDefinitions) -> None:
    queries = ScriptedQueries()
    with pytest.raises(InvalidRequestError):
        start_view("", since=None, events=1, definitions=definitions, queries=queries, clock=MovableClock(NOON))
    with pytest.raises(InvalidRequestError, match="is not past"):
        started(definitions, queries, since=NOON + timedelta(seconds=1))
    assert queries.ran == []


def test_a_ticket_of_another_kind_is_refused(definitions: MemoryDefinitions) -> None:
    with pytest.raises(InvalidRequestError):
        look_at_view(sealed(FlushTicket()), definitions=definitions, queries=ScriptedQueries())
