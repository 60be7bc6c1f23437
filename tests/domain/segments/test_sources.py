"""What a rule has to read, and what it asks there."""

from regulars.domain.segments import parse_rule
from regulars.domain.segments.compile.sources import EventsOf, TraitNamed, Traits, questions
from regulars.domain.segments.rule import EventClause

BOUGHT = {"event": "Order Completed"}


def test_clauses_about_events_of_one_name_share_a_source() -> None:
    asked = questions(parse_rule({"all": [BOUGHT, {"event": "Product Viewed"}, {**BOUGHT, "within": "7d"}, BOUGHT]}))
    assert list(asked) == [EventsOf("Order Completed"), EventsOf("Product Viewed")]
    assert [len(these) for these in asked.values()] == [2, 1], "the same clause twice is one question"


def test_clauses_about_one_trait_share_a_question_and_all_traits_a_source() -> None:
    rule = {"any": [{"trait": "plan", "eq": "pro"}, {"not": {"trait": "age", "gte": 18}}, {"trait": "plan", "eq": "free"}]}
    assert questions(parse_rule(rule)) == {Traits(): [TraitNamed("plan"), TraitNamed("age")]}


def test_an_event_called_identify_is_no_trait() -> None:
    (source,) = questions(parse_rule({"event": "identify"}))
    assert source == EventsOf("identify")


def test_a_rule_that_needs_only_ids_reads_nothing() -> None:
    assert questions(parse_rule({"any": [{"users": ["ann"]}, {"bucket": {"salt": "s", "from": 0, "to": 9}}, {"everyone": True}]})) == {}


def test_an_event_clause_is_its_own_question() -> None:
    ((clause,),) = questions(parse_rule(BOUGHT)).values()
    assert isinstance(clause, EventClause)
