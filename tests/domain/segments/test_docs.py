"""docs/segments.md cannot drift from the language."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from regulars.domain import language
from regulars.domain.segments import limits, parse_rule, parse_segment
from regulars.domain.segments.clauses import EVENT_KEYS, MESSAGE_KINDS, SEQUENCE_KEYS
from regulars.domain.segments.operators import OPERATORS
from regulars.domain.segments.parse import HEADS
from regulars.domain.segments.patterns import MAX_PATTERN
from regulars.domain.segments.unbuilt import NOT_BUILT

PAGE = (Path(__file__).parents[3] / "docs" / "segments.md").read_text()
EXAMPLES = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_a_segment_or_a_rule(example: Any) -> None:
    if "id" in example:
        parse_segment(example)
    else:
        parse_rule(example)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 5


@pytest.mark.parametrize("word", sorted({*HEADS, *OPERATORS, *EVENT_KEYS, *SEQUENCE_KEYS, *MESSAGE_KINDS}))
def test_every_word_of_the_language_is_taught(word: str) -> None:
    assert re.search(rf'[`"\s]{word}[`":\s,]', PAGE)


@pytest.mark.parametrize("word", sorted(set(NOT_BUILT) - {"timezone"}))
def test_every_word_that_is_not_built_is_named(word: str) -> None:
    assert f"`{word}`" in PAGE.split("## Not built yet")[1]


@pytest.mark.parametrize(
    ("limit", "shown"),
    [
        (limits.MAX_DEPTH, "8 levels"),
        (limits.MAX_CLAUSES, "100 clauses"),
        (limits.MAX_INLINED_CLAUSES, "(300 with"),
        (limits.MAX_CHAIN, "8 segments inside"),
        (limits.MAX_CONDITIONS, "20 conditions"),
        (limits.MAX_STEPS, "10 steps"),
        (limits.MAX_VALUES, "1,000 values"),
        (limits.MAX_USERS, "5,000 users"),
        (language.MAX_NAME, "names of 255"),
        (language.MAX_PATH, "253 names"),
        (language.MAX_TEXT, "values of 1,000"),
        (MAX_PATTERN, "regular expressions of 500"),
        (language.MAX_DAYS, "36,525 days"),
    ],
)
def test_every_limit_is_stated(limit: int, shown: str) -> None:
    assert f"{limit:,}" in shown
    assert shown in " ".join(PAGE.split("## Limits")[1].split())
