"""Lines of each format as records, each with its place."""

from datetime import UTC, datetime
from typing import Any

import pytest

from regulars.domain.documents import JsonObject
from regulars.domain.errors import InvalidRequestError
from regulars.domain.imports.csv_rows import header
from regulars.domain.imports.job import Format, Import
from regulars.domain.imports.mapping import mapping_of
from regulars.domain.imports.readers import records
from regulars.domain.imports.record import Record

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
PEOPLE: JsonObject = {"type": "identify", "userId": "id", "traits": {"name": "Name"}}


def read(text: bytes, form: Format = "csv", mapping: JsonObject | None = PEOPLE, **place: int) -> list[Record]:
    job = Import("i", "file", form, NOON, "me", mapping if form == "csv" else None, columns=("id", "Name"))
    return list(records(text.split(b"\n"), job, first=place.get("first", 1), read=place.get("read", 0)))


def row(line: int, identity: str, through: int = 0, **traits: Any) -> Record:
    return Record(line, through or line, [{"type": "identify", "userId": identity, "traits": traits}])


# ---------------------------------------------------------------------------------------------------------- NDJSON


def test_each_line_is_an_event_and_empty_ones_only_count() -> None:
    found = read(b'\xef\xbb\xbf{"a":1}\n\n  \r\n{"b":2}\r', "segment-ndjson")
    assert found == [Record(1, 1, ({"a": 1},)), Record(4, 4, ({"b": 2},))]


def test_a_line_that_is_no_json_is_refused_alone_with_what_it_was() -> None:
    bad, good = read(b'{"a":\n{"b":2}', "segment-ndjson")
    assert bad.refusal is not None and bad.refusal.reason == "unreadable_line"
    assert (bad.line, bad.content) == (1, '{"a":')
    assert good.events == ({"b": 2},)


def test_a_number_that_would_lose_digits_is_read_to_be_refused() -> None:
    (found,) = read(b'{"n":12345678901234567890123}', "segment-ndjson")
    assert found.events[0]["n"].literal == "12345678901234567890123"


def test_a_part_that_begins_later_in_its_file_counts_on_and_goes_on_where_it_was() -> None:
    assert [record.line for record in read(b"1\n2\n3\n4", "segment-ndjson", first=101, read=2)] == [103, 104]


# ------------------------------------------------------------------------------------------------------------- CSV


def test_rows_say_on_which_lines_they_stand_also_with_lines_in_quotes() -> None:
    text = b'id,Name\n1,"An\nna"\n2,Bob\n\n3,"""C"""'
    assert read(text) == [row(2, "1", through=3, name="An\nna"), row(4, "2", name="Bob"), row(6, "3", name='"C"')]


def test_a_part_without_the_first_line_has_its_columns_from_the_import() -> None:
    assert read(b"7,Gina\n8,Hans", first=500) == [row(500, "7", name="Gina"), row(501, "8", name="Hans")]


def test_rows_that_were_read_before_are_passed_over() -> None:
    assert read(b"id,Name\n1,A\n2,B\n3,C", read=3) == [row(4, "3", name="C")]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"1,A,x", "3 fields where the first line has 2"),
        (b"1", "1 fields where the first line has 2"),
        (b"1,\xff", "is not utf-8"),
    ],
)
def test_a_row_that_is_none_is_refused_alone(line: bytes, says: str) -> None:
    bad, good = read(b"id,Name\n" + line + b"\n2,B")
    assert bad.refusal is not None and bad.refusal.reason == "unreadable_line"
    assert says in str(bad.refusal)
    assert good == row(3, "2", name="B")


def test_a_quote_within_a_field_is_a_letter() -> None:
    assert read(b'id,Name\n1,5" pipe\n2,B') == [row(2, "1", name='5" pipe'), row(3, "2", name="B")]


THREE: JsonObject = {"type": "identify", "userId": "id", "traits": {"name": "Name", "email": "Mail"}}


def people(text: str) -> dict[int, Any]:
    """By line: what a row means, or why it is none."""
    job = Import("i", "file", "csv", NOON, "me", THREE, columns=("id", "Name", "Mail"))
    found = list(records((line.encode() for line in text.split("\n")), job, first=1, read=0))
    return {record.line: str(record.refusal) if record.refusal else record.events[0]["userId"] for record in found}


def test_a_stray_opening_quote_costs_its_own_line_and_no_other() -> None:
    found = people('id,Name,Mail\ns1,A,1@x.de\ns2,"Big Bob,2@x.de\ns3,C,3@x.de\ns4,D,4@x.de\ns5,"Eve,5@x.de\ns6,F,6@x.de')
    assert {line: each for line, each in found.items() if line not in (3, 6)} == {2: "s1", 4: "s3", 5: "s4", 7: "s6"}
    assert "behind the quote that closes a field stands neither the delimiter nor the line's end, 3 lines on" in found[3]
    assert "none closes it" in found[6]


def test_one_stray_quote_swallows_nothing_however_long_the_file_is() -> None:
    found = people('id,Name,Mail\nx,"open,x@x.de\n' + "\n".join(f"s{number},N,{number}@x.de" for number in range(20_000)))
    assert len(found) == 20_001
    assert "a quote opens a field and none closes it" in found[2]


def test_two_stray_quotes_that_make_a_field_of_whole_rows_are_not_believed() -> None:
    found = people('id,Name,Mail\ns2,"Big Bob,2@x.de\ns3,C,3@x.de\ns5,Eve",5@x.de\ns6,F,6@x.de')
    assert "its quotes take in 2 lines, each of which could be a row" in found[2]
    assert (found[3], found[5]) == ("s3", "s6")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('s2,"Bob" Big,2@x.de', "behind the quote that closes a field"),
        ('s2,"Bob\nBig",2@x.de,more', "with the 1 lines that its quotes take in it has 4 fields where the first line has 3"),
        ('s2,"Bob', "none closes it"),
    ],
)
def test_a_row_of_odd_quotes_is_refused_and_the_next_line_begins_one(text: str, says: str) -> None:
    found = people("id,Name,Mail\n" + text + "\ns3,C,3@x.de")
    assert says in found[2]
    assert found[max(found)] == "s3"


def test_an_address_of_several_lines_is_one_field() -> None:
    found = people('id,Name,Mail\ns1,"A ""B"" C\r\nMain St, 5\n\nBonn",1@x.de\r\n"s2","x",""\ns3,"",3@x.de')
    assert found == {2: "s1", 6: "s2", 7: "s3"}


def test_a_row_that_cannot_be_read_keeps_its_fields_for_a_repair() -> None:
    _, bad = read(b'id,Name\n1,A\n2,"B,x')
    assert bad.content == {"id": "2", "Name": '"B', "column 3": "x"}


def test_bytes_of_another_encoding_are_shown_with_what_to_say() -> None:
    (bad,) = read("id,Name\n1,K\u00f6ln".encode("latin-1"))
    assert str(bad.refusal) == r"K\xf6ln is not utf-8: say `encoding` in the mapping, as `cp1252` or `iso-8859-1`"


def test_a_byte_order_mark_and_another_encoding_contradict_each_other() -> None:
    with pytest.raises(InvalidRequestError, match="leave `encoding` out of the mapping"):
        header(["id,Name".encode("utf-8-sig")], mapping_of({**PEOPLE, "encoding": "cp1252"}))


def test_an_encoding_and_a_delimiter_are_as_the_mapping_says() -> None:
    text = "id;Name\n1;Jürgen €".encode("cp1252")
    assert read(text, mapping={**PEOPLE, "delimiter": ";", "encoding": "cp1252"}) == [row(2, "1", name="Jürgen €")]


def test_a_byte_order_mark_is_no_part_of_the_first_column() -> None:
    assert header(["id,Name".encode("utf-8-sig")], mapping_of(PEOPLE)) == ("id", "Name")


@pytest.mark.parametrize(("text", "says"), [(b"", "is empty"), (b"\xff,x", "is not utf-8")])
def test_a_file_without_names_of_columns_is_refused(text: bytes, says: str) -> None:
    with pytest.raises(InvalidRequestError, match=says):
        header([text] if text else [], mapping_of(PEOPLE))
