import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.collection.nesting import DEEPEST, cut

ANY = st.recursive(st.integers() | st.text('"\\\\[]{}a'), lambda inner: st.lists(inner) | st.dictionaries(st.text('"\\\\[]{}'), inner), max_leaves=20)


@given(ANY, ANY)
def test_what_is_below_the_deepest_level_is_null_and_all_else_stays(deep: Any, beside: Any) -> None:
    room = DEEPEST - 1
    text = json.dumps([beside, "deep"])
    whole = text.replace('"deep"', "[" * room + json.dumps([deep]) + "]" * room)
    kept = text.replace('"deep"', "[" * room + "null" + "]" * room)
    assert cut(whole.encode()) == kept.encode()


@given(ANY)
def test_what_is_not_too_deep_is_left_alone(value: Any) -> None:
    text = json.dumps(value).encode()
    assert cut(text) == text


@pytest.mark.parametrize("text", [b"[" * DEEPEST + b"]" * DEEPEST, b'{"a":1', b'"\\', b'"a', b"]]]", b""])
def test_what_has_nothing_to_cut_is_left_alone_whether_it_is_json_or_not(text: bytes) -> None:
    assert cut(text) == text


def test_neighbours_below_the_deepest_level_are_each_null() -> None:
    around = b"[" * DEEPEST, b"]" * DEEPEST
    assert cut(b'[{"a":[[1]]},2,[[]],"[",{}]'.join(around)) == b"null".join(around)
    assert cut(b'[{"a":[[1]]}],2,[[]],"[",{}'.join(around)) == b'null,2,null,"[",null'.join(around)
