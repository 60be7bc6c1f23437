import base64

import pytest

from regulars.domain.errors import InvalidRequestError, QueryFailedError
from regulars.domain.quarantine.selection import Selection
from regulars.domain.quarantine.statements import MOST_GROUPS
from regulars.domain.queries import ResultRow
from regulars.domain.tickets import SearchKind
from regulars.usecases.search_quarantine import found_events, look_at_search, start_search
from tests.fakes.clock import MOMENT, MovableClock
from tests.fakes.services import ScriptedQueries

CLOCK = MovableClock(MOMENT)
RECEIVED = "2026-11-21T00:00:00.000Z"


def begun(queries: ScriptedQueries, kind: SearchKind) -> str:
    return start_search(kind, Selection(), queries=queries, clock=CLOCK).ticket


def answering(*rows: ResultRow) -> ScriptedQueries:
    return ScriptedQueries({"quarantined_events": rows})


def test_a_search_that_failed_costs_nothing_and_says_why() -> None:
    queries = ScriptedQueries({"quarantined_events": QueryFailedError("TABLE_NOT_FOUND")})
    found = look_at_search(begun(queries, "groups"), queries=queries)
    assert (found.state, found.groups, found.cost_usd, found.reason) == ("failed", None, 0.0, "TABLE_NOT_FOUND")


def test_more_groups_than_an_answer_holds_are_left_out_and_that_is_said() -> None:
    row = {"reason": "missing_id", "source": "s", "replayed": "false", "events": "1", "first_at": RECEIVED, "last_at": RECEIVED, "example": "e"}
    queries = answering(*[{**row, "event_name": f"name {number}"} for number in range(MOST_GROUPS + 1)])
    found = look_at_search(begun(queries, "groups"), queries=queries)
    assert (len(found.groups or ()), found.more) == (MOST_GROUPS, True)


def test_what_was_no_message_of_ours_is_shown_as_its_bytes_and_what_is_too_large_by_its_size() -> None:
    raw = base64.b64encode(b"hello").decode()
    usual = {"at": RECEIVED, "source": "", "reason": "unreadable_message", "message": "why", "event_name": None, "text": None}
    queries = answering({**usual, "id": "e1", "raw": raw}, {**usual, "id": "e2", "reason": "of_before", "characters": "900000"})
    first, second = found_events(begun(queries, "events"), queries=queries).events
    assert (first.raw, first.event, first.meaning) == (raw, None, "the queue message is not one that collect writes")
    assert (second.characters, second.event_text, second.meaning) == (900_000, None, "a reason of an earlier version")


def test_groups_have_no_events_to_show() -> None:
    queries = answering()
    with pytest.raises(InvalidRequestError, match="of kind groups; start one of kind events"):
        found_events(begun(queries, "groups"), queries=queries)
