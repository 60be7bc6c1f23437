import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.collection.json_text import NoNumber, parsed, parsed_exactly, written
from regulars.domain.errors import InvalidRequestError


def nested(levels: int) -> bytes:
    return b"[" * levels + b"]" * levels


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"{not json", "not JSON: .*line 1 column"),
        (b'{"a":1} more', "not JSON"),
        (b'{"a":nan}', "not JSON"),
        ('{"a":1}'.encode("utf-16"), "not JSON"),
        (b"[" * 100_000, "nested too deeply, and broken"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 99_999, "nested too deeply, and broken"),
    ],
)
def test_what_is_not_json_is_refused_with_what_and_where(text: bytes, says: str) -> None:
    with pytest.raises(InvalidRequestError, match=says):
        parsed(text)


def test_what_is_json_but_hostile_is_read_all_the_same() -> None:
    assert parsed(b'{"a":"\\ud800"}') == {"a": "\ud800"}
    assert parsed(b'\xef\xbb\xbf{"a":1}') == {"a": 1}
    assert parsed(b'["\\ud800", 1180591620717411303424, 12, -1.5e3]') == ["\ud800", 2.0**70, 12, -1500.0]
    huge, digits = parsed(b"[1e400, -" + b"9" * 5000 + b"]")
    assert isinstance(huge, NoNumber) and isinstance(digits, NoNumber)
    assert huge.literal == "1e400"


@pytest.mark.parametrize("levels", [1_100, 100_000])
@pytest.mark.parametrize("beside", [b"1", b"NaN", b'"\\ud800"'])
def test_what_is_nested_too_deeply_costs_nothing_beside_it(levels: int, beside: bytes) -> None:
    found = parsed(b'{"batch":[{"a":1},{"deep":%s,"beside":%s},{"b":[2]}]}' % (nested(levels), beside))
    assert [found["batch"][0], found["batch"][2]] == [{"a": 1}, {"b": [2]}]
    assert written(found["batch"][1]["beside"]) == beside


def test_what_clients_write_that_is_no_json_is_read_to_be_refused_with_its_event() -> None:
    found = parsed(b'{"a":[NaN,Infinity,-Infinity],"b":"\xff"}')
    assert [each.literal for each in found["a"]] == ["NaN", "Infinity", "-Infinity"]
    assert found["b"] == "\udcff"
    assert parsed(b'[NaN, 1234567890123456789, 18446744073709551615, -9223372036854775808, "a\nb"]')[1:] == [
        1234567890123456789,
        2**64 - 1,
        -(2**63),
        "a\nb",
    ]
    assert written(found) == b'{"a":[NaN,Infinity,-Infinity],"b":"\\udcff"}'


@pytest.mark.parametrize("literal", ["12345678901234567890123", "18446744073709551617", "-9223372036854775809", "9" * 309])
def test_a_whole_number_that_would_lose_digits_is_read_to_be_refused_with_its_event(literal: str) -> None:
    (kept,) = parsed_exactly(b"[%s]" % literal.encode())
    assert isinstance(kept, NoNumber) and kept.is_whole
    assert kept.literal == literal


@pytest.mark.parametrize(
    ("literal", "number"),
    [
        ("18446744073709551615", 2**64 - 1),
        ("-9223372036854775808", -(2**63)),
        ("123456789012345680000", 1.2345678901234568e20),  # JSON.stringify(123456789012345678901)
        ("18446744073709551616", 2.0**64),
        ("1e22", 1e22),
        ("0.12345678901234567890123", 0.12345678901234568),
        ('"12345678901234567890123"', "12345678901234567890123"),
    ],
)
def test_what_loses_nothing_or_is_a_decimal_is_read_as_json_has_it(literal: str, number: Any) -> None:
    assert parsed_exactly(b"[%s]" % literal.encode()) == [number]


def test_what_cannot_be_kept_stays_the_literal_that_it_was() -> None:
    value = parsed_exactly(b'{"a":[12345678901234567890123,NaN],"b":"\\ud800"}')
    assert written(value) == b'{"a":[12345678901234567890123,NaN],"b":"\\ud800"}'


def test_half_surrogates_and_huge_numbers_are_written_as_they_came() -> None:
    text = b'{"a":["\\ud800",1e400,null,true],"b":{},"c":[]}'
    assert written(parsed(text)) == text


def test_what_is_deeper_than_orjson_writes_is_written_without_recursion() -> None:
    assert written(parsed(nested(1000))) == nested(1000)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(), max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(JSON)
def test_any_json_survives_writing_and_parsing(value: Any) -> None:
    assert parsed(written(value)) == value
    assert json.loads(written({"hostile": "\ud800", "value": value})) == {"hostile": "\ud800", "value": value}
