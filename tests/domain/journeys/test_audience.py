"""Whom an item is for: the values of the item in a rule, and what becomes of those that it does not have."""

from typing import Any

import pytest

from regulars.domain.errors import InvalidJourneyError
from regulars.domain.journeys.audience import Audience, read_audience
from regulars.domain.language import Problems, Value
from regulars.domain.segments.parse import parse_rule
from regulars.domain.segments.rule import Rule

ITEM = {"id": "1", "title": "Rain", "author": "Ada", "tags": ["weather", "uk"], "published": "2026-11-21T10:00:00.000Z"}
FOLLOWS = {"trait": "follows[]", "eq": {"content": "author"}}
READ = {"event": "Article Read", "where": [{"property": "category", "in": {"content": "tags"}}], "within": "90d", "count": {"gte": 3}}


def audience(document: Any) -> tuple[Audience, list[tuple[str, str]]]:
    problems = Problems()
    found = read_audience(Value(document, InvalidJourneyError, "entry.if"), problems)
    return found, [(problem.path, problem.message) for problem in problems.found]


def bound(document: Any, item: dict[str, Any] = ITEM) -> Rule:
    found, problems = audience(document)
    assert not problems
    return found.rule(item)


@pytest.mark.parametrize(
    ("document", "same"),
    [
        (FOLLOWS, {"trait": "follows[]", "eq": "Ada"}),
        (READ, {**READ, "where": [{"property": "category", "in": ["weather", "uk"]}]}),
        ({"trait": "city", "in": {"content": "author"}}, {"trait": "city", "in": ["Ada"]}),
        ({"trait": "likes[]", "in": {"content": "tags"}}, {"trait": "likes[]", "in": ["weather", "uk"]}),
        ({"all": [FOLLOWS, {"segment": "readers"}]}, {"all": [{"trait": "follows[]", "eq": "Ada"}, {"segment": "readers"}]}),
        ({"trait": "since", "before": {"content": "published"}}, {"trait": "since", "before": "2026-11-21T10:00:00.000Z"}),
    ],
)
def test_the_values_of_the_item_stand_where_the_rule_names_them(document: Any, same: Any) -> None:
    assert bound(document) == parse_rule(same)


@pytest.mark.parametrize("lacking", [{"author": ""}, {"author": None}])
def test_what_the_item_does_not_say_selects_nobody_whichever_way_it_is_asked(lacking: dict[str, Any]) -> None:
    item = {**ITEM, **lacking}
    nobody, other = {"not": {"everyone": True}}, {"trait": "vip", "eq": True}
    assert bound(FOLLOWS, item) == parse_rule(nobody)
    assert bound({"not": FOLLOWS}, item) == parse_rule({"not": {"everyone": True}})
    assert bound({"any": [FOLLOWS, other]}, item) == parse_rule({"any": [nobody, other]})
    assert bound({"not": {"not": FOLLOWS}}, item) == parse_rule({"not": {"not": nobody}})


@pytest.mark.parametrize(
    ("document", "path", "said"),
    [
        ({"trait": "follows", "contains": {"content": "autor"}}, "entry.if.contains.content", "author"),
        ({"all": [FOLLOWS, {"trait": "follows", "holds": {"content": "author"}}]}, "entry.if.all[1].holds", "holds"),
        ({"entry": "tags", "eq": "a"}, "entry.if.entry", "entry"),
        ({"trait": "age", "gte": {"content": "title"}}, "entry.if.gte", "a number"),
        ({"trait": "likes", "contains": {"content": "tags"}}, "entry.if.contains", "text"),
    ],
)
def test_what_can_be_no_rule_whatever_the_item_is_refused_with_its_path(document: Any, path: str, said: str) -> None:
    _, problems = audience(document)
    assert problems and problems[0][0].startswith(path) and said in problems[0][1]


def test_a_trait_may_be_called_content() -> None:
    assert bound({"trait": "content", "eq": "x"}) == parse_rule({"trait": "content", "eq": "x"})
