"""One ticket: what was sealed is unsealed, and whatever else a client brings is refused in words."""

import base64
import json
import string
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.errors import InvalidRequestError
from regulars.domain.tickets import EvaluationTicket, FlushTicket, ReportTicket, SearchTicket, Ticket, sealed, unsealed
from tests.fakes.clock import MOMENT

KINDS = (EvaluationTicket, ReportTicket, FlushTicket, SearchTicket)
OFFSETS = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=OFFSETS)
QUERY_IDS = st.text(min_size=1, max_size=128)
TICKETS = st.one_of(
    st.builds(EvaluationTicket, st.text(max_size=20), QUERY_IDS),
    st.builds(ReportTicket, QUERY_IDS, st.text(), MOMENTS),
    st.builds(SearchTicket, QUERY_IDS, st.sampled_from(["groups", "events", "replay"])),
    st.builds(FlushTicket, st.integers(0, 99), *(st.none() | MOMENTS for _ in range(3))),
)
EXAMPLES = (
    EvaluationTicket("buyers", "e1"),
    ReportTicket("q1", "r1", MOMENT),
    FlushTicket(2, MOMENT, MOMENT, None),
    SearchTicket("q1", "groups"),
)


@given(TICKETS)
def test_what_was_sealed_is_unsealed(ticket: Ticket) -> None:
    assert unsealed(sealed(ticket), type(ticket)) == ticket


@given(TICKETS)
def test_a_ticket_is_safe_in_a_path(ticket: Ticket) -> None:
    assert set(sealed(ticket)) <= set(string.ascii_letters + string.digits + "-_")


@pytest.mark.parametrize("ticket", EXAMPLES)
def test_a_ticket_of_another_kind_says_which_it_is(ticket: Ticket) -> None:
    for wanted in KINDS:
        if wanted is not type(ticket):
            with pytest.raises(InvalidRequestError, match=rf"^ticket: this ticket is of kind {ticket.of}, not {wanted.of}$") as refused:
                unsealed(sealed(ticket), wanted)
            assert refused.value.field == "ticket"


def refused_or_whole(text: str) -> None:
    for wanted in KINDS:
        try:
            assert isinstance(unsealed(text, wanted), wanted)
        except InvalidRequestError as error:
            assert error.field == "ticket"


@given(st.text())
def test_whatever_else_is_brought_is_refused_for_the_field(text: str) -> None:
    for wanted in KINDS:
        with pytest.raises(InvalidRequestError, match=r"^ticket: "):
            unsealed(text, wanted)


@given(st.sampled_from(EXAMPLES), st.integers(0, 200), st.characters())
def test_a_ticket_with_a_letter_changed_is_another_or_none(ticket: Ticket, place: int, letter: str) -> None:
    text = sealed(ticket)
    place %= len(text)
    refused_or_whole(text[:place] + letter + text[place + 1 :])
    refused_or_whole(text[:place])
    refused_or_whole(text[:place] + letter + text[place:])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
)


@given(
    JSON | st.fixed_dictionaries({"of": st.sampled_from([kind.of for kind in KINDS])}, optional={"query_id": JSON, "as_of": JSON, "emptied_at": JSON})
)
def test_json_in_a_tickets_clothes_is_refused_or_whole(value: object) -> None:
    refused_or_whole(base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("="))


@pytest.mark.parametrize(
    "document",
    [
        {"of": "evaluation", "query_id": "q1", "kind": "count"},
        {"of": "evaluation", "query_id": "q1", "kind": "sum", "as_of": "2026-11-21T22:15:00Z"},
        {"of": "evaluation", "query_id": "q1", "kind": "count", "as_of": "2026-11-21T22:15:00"},
        {"of": "evaluation", "query_id": None, "kind": "count", "as_of": "2026-11-21T22:15:00Z"},
        {"of": "journey"},
        {},
        [],
        None,
    ],
)
def test_a_ticket_that_lacks_something_is_none(document: object) -> None:
    text = base64.urlsafe_b64encode(json.dumps(document).encode()).decode().rstrip("=")
    with pytest.raises(InvalidRequestError, match=r"^ticket: not a ticket that was given out here"):
        unsealed(text, EvaluationTicket)


@pytest.mark.parametrize("text", ["", "=", "====", "a", "ü", "\ud800", "[" * 100_000, base64.urlsafe_b64encode(b"[" * 100_000).decode()])
def test_hostile_texts_are_refused_like_any_other(text: str) -> None:
    with pytest.raises(InvalidRequestError, match=r"^ticket: "):
        unsealed(text, FlushTicket)
