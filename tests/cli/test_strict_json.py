import json

import pytest

from cli.strict_json import loads


def test_json_is_read_as_it_is() -> None:
    text = '{"a": [{"b": 1, "c": null}, {"b": 1}], "d": "\\u00e9", "e": {}}'
    assert loads(text) == json.loads(text)
    assert json.dumps(loads(text)) == json.dumps(json.loads(text))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": 1, "b": 2, "a": 3}', "same object: a;"),
        ('{"steps": {"hello": {"x": 1}, "hello": {"x": 2}}}', "same object: steps.hello;"),
        ('{"all": [{"trait": "a", "trait": "b"}, {"trait": "a"}], "b": 1, "b": 2}', "same object: b, all[0].trait;"),
        ('[[{"a": 1, "a": 1}]]', "same object: [0][0].a;"),
    ],
)
def test_a_key_that_stands_twice_is_told_with_its_path(text: str, said: str) -> None:
    with pytest.raises(ValueError, match="written twice") as told:
        loads(text)
    assert said in str(told.value)


@pytest.mark.parametrize("text", ['{"a": NaN}', '{"a": 1e999}', '{"a": -Infinity}', "{"])
def test_what_json_cannot_hold_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        loads(text)
