"""Each kind of value: what is read as it, and in which words everything else is refused."""

import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from regulars.domain.errors import InvalidCampaignError, InvalidRuleError
from regulars.domain.language import (
    CAMPAIGN_ID,
    MAX_LEVELS,
    SEGMENT_ID,
    Fields,
    Value,
    all_different,
    read_id,
    read_moment,
    read_span,
    read_tree,
    shown,
)
from tests.domain.language.documents import nested


def value(raw: object) -> Value:
    return Value(raw, InvalidRuleError, "rule.all[1]")


def refusal(read: Any) -> str:
    with pytest.raises(InvalidRuleError) as caught:
        read()
    assert caught.value.field.startswith("rule.all[1]")
    return str(caught.value)


def test_the_error_is_the_documents_own_and_carries_the_path() -> None:
    with pytest.raises(InvalidCampaignError) as caught:
        Fields(Value({"goal": {"event": 7}}, InvalidCampaignError)).section("goal")["event"].text()
    assert caught.value.field == "goal.event"
    assert str(caught.value) == "goal.event: a text is needed, not a number"


def test_an_entry_of_a_list_has_its_number_in_the_path() -> None:
    assert [entry.path for entry in value(["a", "b"]).items()] == ["rule.all[1][0]", "rule.all[1][1]"]


@pytest.mark.parametrize(
    ("read", "says"),
    [
        (lambda: value(True).number(), "a number is needed, not true or false"),
        (lambda: value(True).whole(), "a whole number is needed, not true or false"),
        (lambda: value(1.0).whole(), "a whole number is needed, not a number"),
        (lambda: value("1").number(), "a number is needed, not a text"),
        (lambda: value(None).text(), "a text is needed, not null"),
        (lambda: value(float("nan")).number(), "not finite"),
        (lambda: value(float("inf")).number(0, 100), "not finite"),
        (lambda: value(10**400).number(), "too large"),
        (lambda: value(-(10**400)).number(0, 1), "too large"),
        (lambda: value(101).number(0, 100), "a number from 0 to 100 is needed, not 101"),
        (lambda: value(10**400).whole(), "a whole number from 0 to 9007199254740992"),
        (lambda: value("a\0").text(), "NUL or half of a surrogate pair"),
        (lambda: value("\udfff").text(), "NUL or half of a surrogate pair"),
        (lambda: value("").text(), "this one is empty"),
        (lambda: value("abc").text(2), "3 characters; at most 2"),
        (lambda: value({}).items(), "a list is needed, not an object"),
        (lambda: value(("a",)).items(), "a list is needed, not a tuple, which is no JSON"),
        (lambda: value([]).items(), "nothing in it"),
        (lambda: value([1, 2]).items(1), "2 entries; at most 1"),
        (lambda: value(1).boolean(), "true or false is needed, not a number"),
        (lambda: value("skp").choice(("skip", "resend")), "`skp` is not known here (did you mean `skip`?); known: `skip`, `resend`"),
        (lambda: value(None).choice(("skip", "resend")), "one of skip, resend is needed, not null"),
        (lambda: value(7).refuse_kind("a span"), "a span is needed, not a number"),
        (lambda: all_different(value(["a", "b", "a"]).items()), "rule.all[1][2]: `a` is named twice"),
        (lambda: Fields(value([])), "an object is needed, not a list"),
        (lambda: Fields(value({7: 1})), "keys are texts, not a number"),
        (lambda: Fields(value({}))["to"].text(), "rule.all[1].to: a text is needed, and it is missing"),
        (lambda: Fields(value({"evnt": 1})).only(["event"]), "rule.all[1].evnt: `evnt` is not known here (did you mean `event`?); known: `event`"),
        (lambda: Fields(value({"first": 1})).only(["event"], {"first": "is not built yet"}), "first: `first` is not built yet; known: `event`"),
        (lambda: Fields(value({"\ud800\n": 1})).only(["event"]), r"rule.all[1].\ud800\n: `\ud800\n` is not known here"),
        (lambda: Fields(value({"x" * 5000: 1})).only(["event"]), f"rule.all[1].{'x' * 60}...: "),
        (lambda: read_id(value("a.b"), CAMPAIGN_ID), "1 to 48 letters, digits, `_`, `-`"),
        (lambda: read_id(value("é"), SEGMENT_ID), "1 to 100 letters, digits, `_`, `.`, `-`"),
        (lambda: read_id(value("-a"), SEGMENT_ID), "begins with a letter or a digit"),
        (lambda: read_id(value("a\n"), SEGMENT_ID), "letters, digits"),
        (
            lambda: read_moment(value(20171001)),
            "a moment, as in 2017-10-01 or 2017-10-01T08:30:00Z (years 1000 to 2999, at most microseconds), is needed, not",
        ),
        (lambda: read_moment(value("2017-13-01")), "no such moment"),
        (lambda: read_span(value(30)), "a span, as in 90m, 12h, 30d or 2w, is needed, not a number"),
        (lambda: read_span(value("٣d")), "a span, as in"),
    ],
)
def test_what_is_refused_and_in_which_words(read: Any, says: str) -> None:
    assert says in refusal(read)


def test_numbers_are_read_to_the_edge_of_what_a_double_holds() -> None:
    largest = sys.float_info.max
    assert [value(number).number() for number in (largest, -largest, int(largest), -0.0)] == [largest, -largest, largest, 0.0]
    assert str(value(-0.0).number()) == "0.0"


def test_ids_are_read_within_the_rule_of_their_kind() -> None:
    assert read_id(value("a" * 48), CAMPAIGN_ID) == "a" * 48
    assert read_id(value("7.b_c-" + "d" * 94), SEGMENT_ID) == "7.b_c-" + "d" * 94


def test_moments_are_read_in_utc_and_shown_as_short_as_is_exact() -> None:
    assert read_moment(value("2017-10-01T02:00:00.250+02:00")) == datetime(2017, 10, 1, microsecond=250_000, tzinfo=UTC)
    assert [shown(read_moment(value(text))) for text in ("2017-10-01", "1000-01-01T00:00:00+23:59", "2999-12-31T23:59:59.000001-23:59")] == [
        "2017-10-01T00:00:00Z",
        "0999-12-31T00:01:00Z",
        "3000-01-01T23:58:59.000001Z",
    ]


def test_spans_reach_a_hundred_years() -> None:
    assert read_span(value("36525d")) == timedelta(days=36_525) == read_span(value("52596000m"))


def test_a_tree_comes_back_as_it_went_in() -> None:
    tree = {"a": [1, 2.5, None, True, "", {"b": "x" * 5000}], "": {}}
    assert read_tree(value(tree)) is tree


@pytest.mark.parametrize(
    ("tree", "place"),
    [
        ({"a": [1, {"b": float("nan")}]}, "rule.all[1].a[1].b"),
        ({"a": 2**64}, "rule.all[1].a"),
        ({"a": -(2**63) - 1}, "rule.all[1].a"),
        ({"a": "\ud800"}, "rule.all[1].a"),
        ({"\ud800": 1}, r"rule.all[1].\ud800"),
        ({"a": {7: 1}}, "rule.all[1].a"),
        ({"a": {1, 2}}, "rule.all[1].a"),
        (nested(MAX_LEVELS + 1), "rule.all[1]" + "[0]" * MAX_LEVELS),
    ],
)
def test_a_tree_that_cannot_be_passed_on_is_refused_where_it_cannot(tree: Any, place: str) -> None:
    with pytest.raises(InvalidRuleError) as caught:
        read_tree(value(tree))
    assert caught.value.field == place


def test_a_tree_of_a_hundred_levels_is_read() -> None:
    read_tree(value(nested(MAX_LEVELS)))
