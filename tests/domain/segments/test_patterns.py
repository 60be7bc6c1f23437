"""Regular expressions: what is read, what is refused and where, and that DuckDB's RE2, Velox's RE2 and Python find the same."""

import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from regulars.domain.errors import InvalidRuleError
from regulars.domain.lake.sql import printed, text
from regulars.domain.language import Value
from regulars.domain.segments.functions import call
from regulars.domain.segments.patterns import Pattern, read_pattern
from tests.domain.segments.lake import Lake
from tests.drawn import drawn


def pattern(written: Any) -> Pattern:
    return read_pattern(Value(written, InvalidRuleError, "matches"))


@pytest.mark.parametrize(
    ("written", "sql"),
    [
        ("plain", "plain"),
        (r"^\d+\s\w$", r"\A[0-9]+[\x09-\x0a\x0c-\x0d ][0-9A-Z_a-z]\z"),
        (r"^a|b$", r"(?:\Aa|b\z)"),
        (".", r"[^\x0a]"),
        (r"\D\W\S", r"[^0-9][^0-9A-Z_a-z][^\x09-\x0a\x0c-\x0d ]"),
        (r"[^\d.]", r"[^\.0-9]"),
        (r"[a-c-]x", r"[\-a-c]x"),
        (r"(a)(?:bc)?", "a(?:bc)?"),
        ("a+?b*?c??d{2}e{2,}f{2,5}?", "a+b*c?d{2}e{2,}f{2,5}"),
        ("it's #1 &&", r"it\'s \#1 \&\&"),
        ("[é-ü]🍷", "[é-ü]🍷"),
    ],
)
def test_a_pattern_is_written_anew_without_what_engines_differ_in(written: str, sql: str) -> None:
    assert pattern(written).sql == sql
    assert pattern(written).shown == written


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("(?=a)", "at character 1: of groups there are `(...)` and `(?:...)`: no flags, names, look-ahead or look-behind"),
        ("a(?i)b", "at character 2: of groups"),
        ("(?P<n>a)", "at character 1: of groups"),
        (r"(a)\1", r"at character 4: `\1`: back-references are not known; known: `\d`"),
        (r"\bfoo", r"at character 1: `\b`: it is not known"),
        (r"a\é", "at character 2"),
        ("a\\", "at character 2"),
        ("a++", "at character 3: a quantifier of a quantifier: none is possessive"),
        ("a**", "a quantifier of a quantifier"),
        ("*a", r"at character 1: `*` has nothing to repeat; for the character itself: `\*`"),
        ("a{,3}", "at character 2: a repeat is `{2}`, `{2,}` or `{2,5}`"),
        ("a{3,2}", "at character 2: a repeat goes from a number up to another"),
        ("a{0}", "at least 1"),
        ("a{1001}", "at most 1000"),
        ("(a{100}){11}", "with its repeats written out it has 1100 characters; at most 1000"),
        ("a^b", "at character 2: `^` and `$` stand at the ends"),
        ("(^a)", "at character 2: `^` and `$` stand at the ends"),
        ("a$b", "at character 2"),
        ("(a", "at character 1: a `(` without its `)`"),
        ("a)", "at character 2: a `)` that closes nothing"),
        ("a]", "at character 2: a `]` that closes nothing"),
        ("[a", "at character 1: a `[` without its `]`"),
        ("[]a]", "at character 1: a class with nothing in it"),
        ("[[:alpha:]]", "at character 2: no class is inside another"),
        (r"[\D]", "at character 2"),
        ("[z-a]", "at character 2: a range goes from one character up to another"),
        (r"[\d-z]", "at character 2: a range"),
        ("a|", "at character 3: nothing to look for"),
        ("()", "at character 2: nothing to look for"),
        ("(" * 30 + "a" + ")" * 30, "at character 21: more than 20 groups inside each other"),
        ("a" * 501, "501 characters; at most 500"),
        ("", "empty"),
        (7, "a text is needed, not a number"),
    ],
)
def test_what_is_not_in_the_subset_is_refused_with_its_place(written: Any, says: str) -> None:
    with pytest.raises(InvalidRuleError) as caught:
        pattern(written)
    assert says in str(caught.value)
    assert caught.value.field == "matches"


@pytest.mark.parametrize(
    "written", ["(a+)+b", "(a*)*b", "(a|ab)*c", "(a|a)+b", "(a?b?)*c", "(.*,){11}P", "((ab)+a?)+c", r"(\w+\s?)+$", "(a+){2}b", "(x|a+y|a+z)*b"]
)
def test_what_could_take_for_ever_is_refused(written: str) -> None:
    with pytest.raises(InvalidRuleError, match="inside a repeat the next character must decide how it goes on"):
        pattern(written)


@pytest.mark.parametrize("written", ["a?" * 25 + "a" * 25, ".*a.*b.*c.*d", "(a|a)" * 25, r"\w+\w+\w+\w+!"])
def test_what_could_take_too_long_is_refused(written: str) -> None:
    with pytest.raises(InvalidRuleError, match="too many ways to read it"):
        pattern(written)


@pytest.mark.parametrize(
    "written",
    [
        r"^(\w+\.)+com$",
        r"(\d{1,3}\.){3}\d{1,3}",
        r"^[^@]+@[^@]+\.[a-z]+$",
        "(a|b)*c",
        "(-[a-z]+)?$",
        ".*wine.*tea",
        r"^https?://(www\.)?shop\.(com|de)/",
        "(a*b)*c",
    ],
)
def test_what_the_next_character_decides_may_be_repeated(written: str) -> None:
    pattern(written)


LETTERS = "ab1_ .-\n\té🍷\\'"
_atoms = st.one_of(
    st.sampled_from(LETTERS).map(re.escape),
    st.sampled_from([r"\d", r"\w", r"\s", r"\D", r"\W", r"\S", ".", "[ab]", "[^a]", "[a-z]", r"[\s\w]", "[^\\n]", "[-.]", "[à-ü]", r"[\d\]\\^&&|]"]),
)
_quantifiers = st.sampled_from(["", "", "", "*", "+", "?", "+?", "{2}", "{1,}", "{0,2}"])
_patterns = st.recursive(
    st.tuples(_atoms, _quantifiers).map("".join),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=3).map("|".join).map("({})".format),
        st.tuples(inner, _quantifiers).map(lambda both: f"(?:{both[0]}){both[1]}"),
    ),
    max_leaves=6,
)
_anchored = st.tuples(st.sampled_from(["", "", "^"]), _patterns, st.sampled_from(["", "", "$"])).map("".join)
_texts = st.text(LETTERS, max_size=12)


def velox(expression: str) -> Any:
    engine = pytest.importorskip("pyvelox.legacy", reason="pyvelox has wheels for Python 3.11 only")
    return engine.Expression.from_string(expression).evaluate(["unused"], [engine.from_list([1])])[0]


def test_three_engines_find_the_same() -> None:
    lake = Lake()

    @drawn(150)
    @given(_anchored, _texts)
    @example("a$", "a\n")
    @example("^b", "a\nb")
    @example("[^a]", "\n")
    @example(r"\d", "٣")
    @example(r"\s", "\v")
    @example(".", "\r")
    @example(r"[\d\]\\^&&|]", "&")
    def same(written: str, value: str) -> None:
        try:
            read = pattern(written)
        except InvalidRuleError:
            return
        found = printed(call("regexp_like", text(value), text(read.sql)))
        assert lake.column(f"SELECT {found} AS v") == [read.found_in(value)]
        assert velox(found) == read.found_in(value)

    same()
