"""What an editor is told of the rule language is what the parser reads."""

import pytest

from regulars.domain.segments.clauses import EVENT_KEYS, MEASURE_KEYS, PERIOD_KEYS
from regulars.domain.segments.operators import COUNT_OPERATORS, NUMBER_OPERATORS, OPERATORS, RANK_OPERATORS
from regulars.domain.segments.parse import HEADS, parse_rule
from regulars.domain.segments.vocabulary import OperatorWord, vocabulary

SAID = vocabulary()

EXAMPLES = {
    "scalar": "a",
    "scalars": ["a", "b"],
    "text": "a",
    "number": 1,
    "range": [1, 2],
    "whole": 1,
    "wholes": [1, 2],
    "whole_range": [1, 2],
    "boolean": True,
    "anniversary": "7d",
    "share": "20%",
    "pattern": "a.*",
    "moment": "2026-01-01T00:00:00Z",
    "clock": "2026-01-01T00:00:00",
    "span": "30d",
    "version": "1.2.3",
}
"""A value of each kind that the parser takes."""


def test_every_head_operator_period_and_measure_of_the_parser_is_described() -> None:
    assert [word.head for word in SAID.heads] == list(HEADS)
    assert all(word.label and (word.negated or word.head == "not") for word in SAID.heads)
    assert [word.key for word in SAID.measures] == list(MEASURE_KEYS)
    assert [word.key for word in SAID.periods] == list(PERIOD_KEYS)
    tables = {"value": OPERATORS, "number": NUMBER_OPERATORS, "count": COUNT_OPERATORS, "rank": RANK_OPERATORS}
    assert {name: [word.name for word in words] for name, words in SAID.operators.items()} == {name: list(table) for name, table in tables.items()}
    event = next(word for word in SAID.heads if word.head == "event")
    assert ["event", *event.keys] == list(EVENT_KEYS)


@pytest.mark.parametrize("word", SAID.operators["value"], ids=lambda word: word.name)
def test_a_value_of_the_kind_that_an_operator_is_said_to_take_is_taken(word: OperatorWord) -> None:
    parse_rule({"trait": "plan", word.name: EXAMPLES[word.value]})


@pytest.mark.parametrize("word", [*SAID.operators["count"], *SAID.operators["rank"]], ids=lambda word: word.name)
def test_a_count_takes_the_kind_that_is_said(word: OperatorWord) -> None:
    parse_rule({"event": "Order Completed", "count": {word.name: EXAMPLES[word.value]}})


@pytest.mark.parametrize("word", SAID.own_time, ids=lambda word: word.name)
def test_by_a_persons_own_clock_the_kind_is_another(word: OperatorWord) -> None:
    parse_rule({"trait": "born", word.name: EXAMPLES[word.value], "timezone": "user"})


def test_every_label_has_one_place_for_its_value_or_two_for_a_range() -> None:
    for words in SAID.operators.values():
        for word in words:
            assert word.label.count("{}") == (2 if "range" in word.value else 1), word
