"""A mapping file, and what rows become by it."""

from typing import Any

import pytest

from regulars.domain.collection.rejection import EventRejectedError
from regulars.domain.errors import InvalidRequestError
from regulars.domain.imports.mapping import mapping_of

PERSON = {"type": "identify", "userId": "id"}


def mapped(document: dict[str, Any], **row: str) -> list[dict[str, Any]]:
    return mapping_of(document).bound(list(row)).events(list(row.values()))


def one(cast: dict[str, Any], text: str, **file: Any) -> Any:
    (event,) = mapped({**file, **PERSON, "traits": {"x": {"column": "X", **cast}}}, id="1", X=text)
    return event["traits"]["x"]


def test_columns_become_an_event_and_empty_fields_say_nothing() -> None:
    document = {**PERSON, "traits": {"email": "E-Mail", "address.city": "Ort", "plan": {"value": "pro"}}}
    assert mapped(document, id="1", **{"E-Mail": " a@b.c ", "Ort": "Bonn"}) == [
        {"type": "identify", "userId": "1", "traits": {"email": "a@b.c", "address": {"city": "Bonn"}, "plan": "pro"}}
    ]
    assert mapped(document, id="1", **{"E-Mail": "", "Ort": " "}) == [{"type": "identify", "userId": "1", "traits": {"plan": "pro"}}]


def test_rows_do_not_share_what_they_are_made_of() -> None:
    rows = mapping_of({**PERSON, "traits": {"plan": {"value": "pro"}, "name": "Name"}}).bound(["id", "Name"])
    assert [rows.events(row)[0]["traits"] for row in (["1", "Ann"], ["2", ""])] == [{"plan": "pro", "name": "Ann"}, {"plan": "pro"}]


def test_a_row_may_mean_several_events() -> None:
    track = {
        "type": "track",
        "event": "Order Completed",
        "userId": "id",
        "messageId": "no",
        "properties": {"revenue": {"column": "sum", "cast": "number"}},
    }
    person, order = mapped({"events": [PERSON, track]}, id="1", no="o-7", sum="12.50")
    assert person == {"type": "identify", "userId": "1"}
    assert order == {"type": "track", "event": "Order Completed", "userId": "1", "messageId": "o-7", "properties": {"revenue": 12.5}}


def test_an_events_name_may_be_that_of_a_column() -> None:
    assert mapped({"type": "track", "event": {"column": "what"}, "userId": "id"}, id="1", what="Visited")[0]["event"] == "Visited"


@pytest.mark.parametrize(
    ("cast", "text", "value"),
    [
        ({"cast": "number"}, "1,234.50", 1234.5),
        ({"cast": "number"}, " -7 ", -7),
        ({"cast": "number"}, "1e3", 1000.0),
        ({"cast": "number"}, "9007199254740993", 9007199254740993),
        ({"cast": "number"}, "+18446744073709551615", 18446744073709551615),
        ({"cast": "boolean"}, "Yes", True),
        ({"cast": "boolean"}, "0", False),
        ({"cast": "json"}, '[{"a":1}]', [{"a": 1}]),
        ({"cast": "time"}, "2026-03-01T12:00:00+01:00", "2026-03-01T11:00:00+00:00"),
        ({"cast": "time", "format": "%d.%m.%Y %H:%M", "timezone": "Europe/Berlin"}, "01.07.2026 12:00", "2026-07-01T10:00:00+00:00"),
        ({}, "007", "007"),
    ],
)
def test_a_text_is_cast_to_what_it_plainly_is(cast: dict[str, Any], text: str, value: Any) -> None:
    found = one(cast, text)
    assert (found, type(found)) == (value, type(value))


def test_a_decimal_comma_is_one_where_the_mapping_says_so() -> None:
    assert one({"cast": "number"}, "1.234,50", decimal=",") == 1234.5


@pytest.mark.parametrize(
    ("cast", "text"),
    [
        ({"cast": "number"}, "1,5"),
        ({"cast": "number"}, "12 EUR"),
        ({"cast": "number"}, "NaN"),
        ({"cast": "number"}, "1" * 400),
        ({"cast": "number"}, "12345678901234567890123"),
        ({"cast": "boolean"}, "maybe"),
        ({"cast": "json"}, "{"),
        ({"cast": "time"}, "31.12.2026"),
        ({"cast": "time", "format": "%d.%m.%Y"}, "31.02.2026"),
    ],
)
def test_a_text_that_is_not_what_it_is_cast_to_refuses_its_row_and_names_the_column(cast: dict[str, Any], text: str) -> None:
    with pytest.raises(EventRejectedError, match="column `X`: ") as caught:
        one(cast, text)
    assert caught.value.reason == "unmappable_row"


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ({**PERSON, "trait": {}}, r"mapping.trait: `trait` is not known here \(did you mean `traits`\?\)"),
        ({"type": "identify"}, "mapping: whose event it is must come from a column"),
        ({**PERSON, "type": "buy"}, "mapping.type: `buy` is not known here"),
        ({**PERSON, "type": "track"}, "mapping.event: a text is needed, and it is missing"),
        ({**PERSON, "encoding": "utf-16"}, "mapping.encoding: `utf-16` is not known here"),
        ({**PERSON, "traits": {"x": {"column": "X", "cast": "numbr"}}}, r"mapping.traits.x.cast: `numbr` .*did you mean `number`"),
        ({**PERSON, "traits": {"x": {"column": "X", "timezone": "UTC"}}}, "mapping.traits.x.timezone: is for `cast: time`"),
        ({**PERSON, "timestamp": {"column": "X", "timezone": "Berlin"}}, "no IANA time zone"),
        ({**PERSON, "traits": {"x": {"cast": "number"}}}, "mapping.traits.x.column: a text is needed, and it is missing"),
        ({"events": []}, "mapping.events: a list with nothing in it"),
        ([], "mapping: an object is needed, not a list"),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused_with_the_path_and_what_is_allowed(document: Any, says: str) -> None:
    with pytest.raises(InvalidRequestError, match=says):
        mapping_of(document)


def test_a_column_that_the_file_lacks_is_refused_with_the_nearest_one() -> None:
    mapping = mapping_of({**PERSON, "traits": {"email": "Email"}})
    with pytest.raises(InvalidRequestError, match=r"mapping.traits.email: the file has no such column: `Email` .*did you mean `E-Mail`"):
        mapping.bound(["id", "E-Mail", "Ort"])
    with pytest.raises(InvalidRequestError, match="several columns `Email`"):
        mapping.bound(["id", "Email", "Email"])
