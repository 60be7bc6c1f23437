"""Who has an e-mail address or a telephone number: asked in any spelling, answered by the traits that people have now."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from regulars.domain.errors import InvalidRequestError
from regulars.domain.person.finding import finding_sql, spellings
from regulars.domain.tickets import FlushTicket, sealed
from regulars.usecases.find_people import look_at_finding, start_finding
from tests.domain.campaigns.lake import Lake
from tests.fakes.clock import MovableClock
from tests.fakes.services import ScriptedQueries

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def person(user: str, day: int, **traits: Any) -> Mapping[str, Any]:
    return {"user_id": user, "first_seen_ts": datetime(2026, 1, 1), "last_seen_ts": datetime(2026, 11, day), "traits": orjson.dumps(traits).decode()}


@pytest.fixture(scope="module")
def lake() -> Lake:
    lake = Lake()
    people = [
        person("ada", 1, email="ada@shop.example", phone="+491701234567"),
        person("old", 2, customerEmail="Ada@Shop.example"),
        person("dash", 3, **{"e-mail": "dash@shop.example"}),
        person("none", 4, motto="ada@shop.example"),
        person("raw", 6, mobile="030 1234567"),
        person("nfc", 7, email="jos\u00e9@shop.example"),
        {"user_id": "bare", "first_seen_ts": datetime(2026, 1, 1), "last_seen_ts": datetime(2026, 11, 5)},
    ]
    for each in people:
        lake.fill("people", [each])
    claim = {"kind": "user", "id": "old", "user_id": "ada", "claimed_ts": datetime(2026, 5, 1), "since_ts": datetime(2026, 5, 1)}
    lake.fill("identities", [claim])
    return lake


def found(lake: Lake, kind: Any, asked: str, country: str | None = None) -> list[tuple[str, str | None]]:
    queries = ScriptedQueries({"FROM people": lake.answers(finding_sql(kind, spellings(kind, asked, country), NOON))})
    started = start_finding(kind, asked, country=country, queries=queries, clock=MovableClock(NOON))
    look = look_at_finding(started.ticket, queries=queries)
    assert (look.state, look.bytes_scanned, look.cost_usd > 0, look.more) == ("succeeded", 7, True, False)
    return [(each.user_id, each.became) for each in look.people]


def test_an_address_is_found_however_it_and_its_trait_are_spelt_and_whoever_became_another_says_so(lake: Lake) -> None:
    assert found(lake, "email", " ADA@shop.example") == [("old", "ada"), ("ada", None)]
    assert found(lake, "email", "dash@shop.example") == [("dash", None)]
    assert found(lake, "email", "nobody@shop.example") == []


def test_what_they_told_before_they_signed_in_finds_them_unless_they_said_another_since() -> None:
    lake, moment = Lake(), datetime(2026, 10, 1)
    times = orjson.dumps({"email": "2026-10-02 00:00:00.000000"}).decode()
    lake.fill("people", [person("ada", 1), {**person("bob", 2, email="bob@shop.example"), "trait_times": times}])
    claims = [("b-ada", "ada", moment), ("b-bob", "bob", moment), ("b-eve", "eve", None)]
    lake.fill("identities", [{"kind": "anonymous", "id": browser, "user_id": user, "since_ts": since} for browser, user, since in claims])
    identify = {"event_name": "identify", "type": "identify", "event_ts": moment, "received_ts": moment, "message_id": "m"}
    traits = orjson.dumps({"email": "us@shop.example"}).decode()
    lake.fill("events", [{**identify, "anonymous_id": browser, "traits": traits} for browser, _, _ in claims])
    assert found(lake, "email", "us@shop.example") == [("ada", None)]
    assert found(lake, "email", "bob@shop.example") == [("bob", None)]


def test_a_number_is_found_as_people_of_its_country_write_it(lake: Lake) -> None:
    assert found(lake, "phone", "0170 1234567", "DE") == [("ada", None)]
    assert found(lake, "phone", "+49 170 1234567") == [("ada", None)]


def test_a_number_that_cleaning_could_not_read_is_found_as_it_is_written(lake: Lake) -> None:
    assert found(lake, "phone", "030 1234567", "DE") == [("raw", None)]


def test_what_is_asked_is_tidied_as_cleaning_tidies_it(lake: Lake) -> None:
    assert found(lake, "email", "\u200bJose\u0301@shop.example\u00a0") == [("nfc", None)]
    assert found(lake, "phone", "\u00a0+49 170 1234567\u200e") == [("ada", None)]


def test_the_query_does_not_hold_the_address() -> None:
    assert "ada" not in finding_sql("email", ["ada@shop.example"], NOON)


@pytest.mark.parametrize(("kind", "asked"), [("email", "ada"), ("phone", "0170 1234567"), ("phone", "x")])
def test_what_is_no_address_is_refused(kind: Any, asked: str) -> None:
    queries = ScriptedQueries()
    with pytest.raises(InvalidRequestError) as refused:
        start_finding(kind, asked, country=None, queries=queries, clock=MovableClock(NOON))
    assert (refused.value.field, queries.ran) == (kind, [])


def test_a_ticket_of_another_kind_is_refused() -> None:
    with pytest.raises(InvalidRequestError):
        look_at_finding(sealed(FlushTicket()), queries=ScriptedQueries())
