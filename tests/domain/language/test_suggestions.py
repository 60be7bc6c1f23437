"""The word that was meant: for each way in which people misspell one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.language import nearest, unknown
from regulars.domain.messages.parse import PUSH_FIELDS
from regulars.domain.segments.clauses import EVENT_KEYS
from regulars.domain.segments.operators import OPERATORS
from regulars.domain.segments.parse import HEADS

WORDS = [*HEADS, *EVENT_KEYS, *OPERATORS, *PUSH_FIELDS]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("whitin", "within"),  # two letters swapped
        ("wihtin", "within"),
        ("withn", "within"),  # one left out
        ("betweeen", "between"),  # one too many
        ("tittle", "title"),
        ("bidy", "body"),  # one wrong
        ("events", "event"),  # one is many
        ("properties", "property"),
        ("startsWith", "starts_with"),  # other habits of writing
        ("STARTS-WITH", "starts_with"),
        ("collapseKey", "collapse_key"),
        ("Within", "within"),
        ("equals", "eq"),  # spelled out
        ("not_equals", "ne"),
        ("greaterThan", "gt"),
        ("greater_than_or_equal", "gte"),
        ("lessThanOrEqualTo", "lte"),
        ("notIn", "nin"),
        ("older", "older_than"),  # begun
        ("within_days", "within"),  # gone on
        (">=", "gte"),  # of other languages
        ("and", "all"),
        ("like", "contains"),
    ],
)
def test_a_misspelt_word_is_recognised(word: str, meant: str) -> None:
    assert nearest(word, [*WORDS, "property"]) == meant


@pytest.mark.parametrize("word", ["", "x", "zzz", "weather2", "having", "🙂", "\ud800", "within" * 1000])
def test_a_word_that_is_like_none_suggests_none(word: str) -> None:
    assert nearest(word, WORDS) == ""


def test_a_short_word_is_not_taken_for_another_short_word() -> None:
    assert nearest("and", ["any", "not"]) == ""
    assert nearest("max", ["min", "avg"]) == ""


def test_the_first_of_two_that_are_as_near_is_suggested() -> None:
    assert nearest("gtt", ["gte", "gt"]) == "gt"
    assert nearest("abcd", ["abce", "abcf"]) == "abce"


def test_of_two_that_differ_in_capitals_alone_the_one_in_the_same_is_suggested() -> None:
    assert nearest("proo", ["Pro", "pro"]) == "pro"


@given(word=st.text(st.characters(), max_size=80), known=st.lists(st.text(max_size=12), max_size=6))
def test_only_a_known_word_is_ever_suggested(word: str, known: list[str]) -> None:
    assert nearest(word, known) in {"", *known}
    unknown(word, WORDS).encode()


@given(word=st.sampled_from(WORDS))
def test_a_known_word_is_nearest_to_itself(word: str) -> None:
    assert nearest(word, WORDS) == word


def test_the_refusal_names_the_word_the_one_that_was_meant_and_all_that_there_are() -> None:
    assert unknown("equals", ["eq", "ne"]) == "`equals` is not known here (did you mean `eq`?); known: `eq`, `ne`"
    assert unknown("zzz", ["eq", "ne"]) == "`zzz` is not known here; known: `eq`, `ne`"
