"""What the steps of a repair do to an event, and what is refused of a document."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.errors import InvalidRequestError
from regulars.domain.quarantine.casts import CASTS
from regulars.domain.quarantine.repair import RepairError
from regulars.domain.quarantine.repair_document import read_repair, repair_document

Json = dict[str, Any]


def mended(event: Json, *steps: Json) -> Json:
    read_repair({"steps": list(steps)}).mend(event)
    return event


@pytest.mark.parametrize(
    ("event", "step", "expected"),
    [
        ({"props": {"a": 1}}, {"rename": "props", "to": "properties"}, {"properties": {"a": 1}}),
        ({"uid": "u", "userId": None}, {"rename": "uid", "to": "userId"}, {"userId": "u"}),
        ({"a": 1}, {"rename": "a", "to": "a.b"}, {"a": {"b": 1}}),
        ({"x": 1}, {"rename": "absent.deep", "to": "y"}, {"x": 1}),
        ({"a": {"b": 1}}, {"rename": "a.b", "to": "c.d.e"}, {"a": {}, "c": {"d": {"e": 1}}}),
        ({}, {"set": "properties.currency", "to": "EUR"}, {"properties": {"currency": "EUR"}}),
        ({"a": 1}, {"set": "a", "to": None}, {"a": None}),
        ({"a": 1, "b": 2}, {"set": "a", "from": "b"}, {"a": 2, "b": 2}),
        ({"a": {"b": 2}}, {"set": "a", "from": "a.b"}, {"a": 2}),
        ({"a": {"b": 2}}, {"set": "a.b", "from": "a"}, {"a": {"b": {"b": 2}}}),
        ({"a": 1}, {"set": "a", "from": "absent"}, {"a": 1}),
        ({"a": 1}, {"default": "a", "to": 2}, {"a": 1}),
        ({"a": None}, {"default": "a", "to": 2}, {"a": 2}),
        ({"anonymousId": "x"}, {"default": "userId", "from": "anonymousId"}, {"anonymousId": "x", "userId": "x"}),
        ({"a.b": {"c": "1"}}, {"cast": ["a.b", "c"], "to": "number"}, {"a.b": {"c": 1}}),
        ({}, {"cast": "a", "to": "number"}, {}),
    ],
)
def test_a_step_changes_what_it_names_and_no_more(event: Json, step: Json, expected: Json) -> None:
    assert mended(event, step) == expected


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("number", "12.50", 12.5),
        ("number", " 7 ", 7),
        ("number", "1e3", 1000.0),
        ("number", 3, 3),
        ("number", "12345678901234567890", 12345678901234567890),
        ("text", 12.0, "12"),
        ("text", True, "true"),
        ("boolean", "No", False),
        ("boolean", 1, True),
        ("moment", 1795262400, "2026-11-21T12:00:00.000Z"),
        ("moment", "1795262400123", "2026-11-21T12:00:00.123Z"),
        ("moment", "2026-11-21", "2026-11-21"),
        ("object", [], {}),
    ],
)
def test_a_cast_reads_what_is_plainly_meant(kind: str, value: Any, expected: Any) -> None:
    found = CASTS[kind](value)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("number", "1,234.50"),
        ("number", "NaN"),
        ("number", "1e999"),
        ("number", "12345678901234567890123"),
        ("number", True),
        ("number", "\u0661"),
        ("text", {}),
        ("boolean", "maybe"),
        ("moment", 1e300),
        ("moment", []),
        ("object", [1]),
        ("object", ""),
    ],
)
def test_a_cast_that_would_have_to_guess_leaves_the_event_in_quarantine(kind: str, value: Any) -> None:
    with pytest.raises(RepairError, match=f"a is .* no {kind}"):
        mended({"a": value}, {"cast": "a", "to": kind})


@pytest.mark.parametrize(
    ("event", "step", "said"),
    [
        ({"a": 1, "b": 2}, {"rename": "a", "to": "b"}, "both are there"),
        ({"a": "text"}, {"set": "a.b.c", "to": 1}, "a is no object, so it has no b.c"),
    ],
)
def test_nothing_is_overwritten_that_a_step_does_not_name(event: Json, step: Json, said: str) -> None:
    with pytest.raises(RepairError, match=said):
        mended(event, step)


def test_a_value_is_each_events_own() -> None:
    repair = read_repair({"steps": [{"default": "properties", "to": {}}, {"set": "properties.name", "from": "name"}]})
    events: list[Json] = [{"name": "a"}, {"name": "b"}]
    for event in events:
        repair.mend(event)
    assert [event["properties"] for event in events] == [{"name": "a"}, {"name": "b"}]


@pytest.mark.parametrize(
    "step",
    [
        {"set": "messageId", "to": "one"},
        {"default": "messageId", "to": "one"},
        {"cast": "messageId", "to": "text"},
        {"rename": "messageId", "to": "id"},
        {"rename": "id", "to": "messageId"},
        {"set": ["messageId", "a"], "to": 1},
    ],
)
def test_no_step_makes_one_event_of_several(step: Json) -> None:
    with pytest.raises(InvalidRequestError, match="no step changes `messageId`: an event keeps its own"):
        read_repair({"steps": [step]})


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"step": []}, "repair.step: `step` is not known here (did you mean `steps`?); known: `steps`"),
        ({"steps": {}}, "repair.steps: a list is needed, not an object"),
        ({"steps": [{"renam": "a", "to": "b"}]}, "did you mean `rename`?"),
        ({"steps": [{"to": "b"}]}, "repair.steps[0]: a step has one of `rename`, `set`, `default`, `cast`, not none"),
        ({"steps": [{"set": "a", "cast": "b", "to": "b"}]}, "not `set`, `cast`"),
        ({"steps": [{"set": "a"}]}, "repair.steps[0]: a value is needed"),
        ({"steps": [{"set": "a", "to": 1, "from": "b"}]}, "only one of them"),
        ({"steps": [{"cast": "a", "to": "integer"}]}, "known: `text`, `number`, `boolean`, `moment`, `object`"),
        ({"steps": [{"rename": "a", "from": "b"}]}, "repair.steps[0].from: `from` is not known here"),
        ({"steps": [{"rename": "a..b", "to": "b"}]}, "repair.steps[0].rename"),
        ({"steps": [{"set": "a", "to": 1}] * 51}, "51 entries; at most 50"),
    ],
)
def test_a_document_that_is_not_a_repair_says_what_is_wrong_where_and_what_is_known(document: Json, said: str) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        read_repair(document)
    assert said in str(refused.value)


PATHS = st.lists(st.text("abc.", min_size=1, max_size=3), min_size=1, max_size=3)
STEPS = st.one_of(
    st.builds(lambda path, to: {"rename": path, "to": to}, PATHS, PATHS),
    st.builds(lambda path, to: {"cast": path, "to": to}, PATHS, st.sampled_from(sorted(CASTS))),
    st.builds(lambda verb, path, to: {verb: path, "to": to}, st.sampled_from(["set", "default"]), PATHS, st.none() | st.integers() | st.text()),
    st.builds(lambda verb, path, other: {verb: path, "from": other}, st.sampled_from(["set", "default"]), PATHS, PATHS),
)


@given(st.lists(STEPS, max_size=5))
def test_a_repair_is_kept_as_it_was_written(steps: list[Json]) -> None:
    assert repair_document(read_repair({"steps": steps})) == {"steps": steps}
