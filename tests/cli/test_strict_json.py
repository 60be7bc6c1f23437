import json
from pathlib import Path

import pytest

import cli.strict_json
import regulars.domain.language.strict_json
from cli.strict_json import FlawedJsonError, loads


def test_json_is_read_as_it_is() -> None:
    text = '{"a": [{"b": 1, "c": null}, {"b": 1}], "d": "\\u00e9", "e": {}}'
    assert loads(text) == json.loads(text)
    assert json.dumps(loads(text)) == json.dumps(json.loads(text))


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ('{"a": 1, "b": 2, "a": 3}', ["a"]),
        ('{"steps": {"hello": {"x": 1}, "hello": {"x": 2}}}', ["steps.hello"]),
        ('{"all": [{"trait": "a", "trait": "b"}, {"trait": "a"}], "b": 1, "b": 2}', ["b", "all[0].trait"]),
        ('[[{"a": 1, "a": 1}]]', ["[0][0].a"]),
    ],
)
def test_a_key_that_stands_twice_is_told_with_its_path(text: str, paths: list[str]) -> None:
    with pytest.raises(FlawedJsonError, match="is written twice") as told:
        loads(text)
    assert [path for path, _ in told.value.flaws] == paths


@pytest.mark.parametrize("number", ["NaN", "1e999", "-Infinity"])
def test_what_json_has_no_number_for_is_told_with_its_path(number: str) -> None:
    with pytest.raises(FlawedJsonError, match=r"a\[1\]\.b: is no number"):
        loads(f'{{"a": [1, {{"b": {number}}}]}}')


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(ValueError):
        loads("{")


def test_the_command_line_reads_documents_as_the_api_does() -> None:
    assert Path(str(cli.strict_json.__file__)).read_text() == Path(str(regulars.domain.language.strict_json.__file__)).read_text()
