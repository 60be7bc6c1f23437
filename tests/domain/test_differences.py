"""What changed between two versions, in lines."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.differences import changes

BOUGHT = {"event": "Order Completed", "within": "30d"}
OPENED = {"event": "App Opened"}


def lines(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [change.text for change in changes(before, after)]


def rules(*clauses: Any) -> dict[str, Any]:
    return {"id": "x", "rule": {"all": list(clauses)}}


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (rules(OPENED, BOUGHT), rules(OPENED, BOUGHT | {"within": "60d"}), ["rule.all[1].within: 30d -> 60d"]),
        (rules(BOUGHT), rules(OPENED, BOUGHT), ['rule.all[0]: added {"event": "App Opened"}']),
        (rules(OPENED, BOUGHT), rules(BOUGHT), ['rule.all[0]: removed {"event": "App Opened"}']),
        (rules(BOUGHT), rules(BOUGHT | {"count": {"gte": 2}}), ['rule.all[0].count: added {"gte": 2}']),
        (
            rules({"trait": "plan", "in": ["a", "b"]}),
            rules({"trait": "plan", "in": ["b", "c"]}),
            ["rule.all[0].in[0]: removed a", "rule.all[0].in[1]: added c"],
        ),
        ({"rule": {"everyone": True}}, {"rule": BOUGHT}, ['rule: {"everyone": true} -> {"event": "Order Completed", "within": "30d"}']),
        ({"a": 7}, {"a": "7"}, ['a: 7 -> "7"']),
        ({"a": True}, {"a": 1}, ["a: true -> 1"]),
        ({"a": "true"}, {"a": ""}, ['a: "true" -> ""']),
        ({"a": "x -> y"}, {"a": "x  "}, ['a: "x -> y" -> "x  "']),
        ({"id": "a"}, {"name": "b"}, ["name: added b", "id: removed a"]),
        ({"a": [1]}, {"a": {"b": 1}}, ['a: [1] -> {"b": 1}']),
        (rules(BOUGHT), rules(BOUGHT), []),
    ],
)
def test_a_change_is_a_line_with_its_path(before: dict[str, Any], after: dict[str, Any], told: list[str]) -> None:
    assert lines(before, after) == told


def test_a_long_value_is_cut_in_the_line_and_whole_beside_it() -> None:
    people = [f"person-{n}" for n in range(1000)]
    (change,) = changes({"a": "x"}, {"a": people})
    assert (len(change.text) < 200, change.text[-1], change.after) == (True, "…", people)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
DOCUMENTS = st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3)


@given(DOCUMENTS, DOCUMENTS)
def test_there_is_a_change_exactly_where_two_documents_differ(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert (not changes(before, after)) == (json.dumps(before, sort_keys=True) == json.dumps(after, sort_keys=True))
    assert [change.path for change in changes({}, after)] == list(after)
    assert list(changes(after, after)) == []
