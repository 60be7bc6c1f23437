"""Segments inside segments."""

from typing import Any

import pytest

from regulars.domain.errors import InvalidRuleError
from regulars.domain.segments import AllOf, AnyOf, EventClause, Not, inlined, parse_rule, parse_segment, reachable_segments, rule_references
from regulars.domain.segments.limits import MAX_CHAIN, MAX_INLINED_CLAUSES

EVENT: dict[str, Any] = {"event": "Order Completed"}


def document(segment_id: str, rule: Any) -> dict[str, Any]:
    return {"id": segment_id, "name": segment_id, "rule": rule}


def segments(**rules: Any) -> Any:
    return {segment_id: parse_segment(document(segment_id, rule)) for segment_id, rule in rules.items()}


def refusal(rule: Any, within: str = "", **rules: Any) -> InvalidRuleError:
    with pytest.raises(InvalidRuleError) as caught:
        inlined(parse_rule(rule), segments(**rules), within=within)
    return caught.value


def test_the_references_of_a_rule_are_those_it_names_itself() -> None:
    rule = parse_rule({"all": [{"segment": "a"}, {"not": {"any": [{"segment": "b"}, EVENT]}}]})
    assert rule_references(rule) == {"a", "b"}


def test_each_reference_becomes_the_rule_it_names_however_deep() -> None:
    known = segments(a={"not": {"segment": "b"}}, b={"any": [EVENT]})
    event = parse_rule(EVENT)
    assert isinstance(event, EventClause)
    assert inlined(parse_rule({"all": [{"segment": "a"}, {"segment": "b"}]}), known) == AllOf((Not(AnyOf((event,))), AnyOf((event,))))


def test_an_unknown_segment_is_named_with_its_place() -> None:
    error = refusal({"all": [EVENT, {"not": {"segment": "ghost"}}]})
    assert error.field == "rule.all[1].not"
    assert "there is no segment `ghost`" in str(error)


def test_an_unknown_segment_inside_another_is_named_with_that_segment() -> None:
    refused = refusal({"all": [{"everyone": True}, {"segment": "a"}]}, a={"any": [{"segment": "ghost"}]})
    assert (refused.field, str(refused)) == ("rule.all[1]", "rule.all[1]: there is no segment `ghost`, which `a` names: put it first")


def test_a_cycle_is_shown_as_its_chain() -> None:
    error = refusal({"segment": "b"}, within="a", b={"not": {"segment": "c"}}, c={"all": [{"segment": "a"}]})
    assert "a segment cannot contain itself: a -> b -> c -> a" in str(error)


def test_a_segment_that_names_itself_is_a_cycle() -> None:
    assert "a -> a" in str(refusal({"segment": "a"}, within="a"))


def test_a_cycle_further_in_is_found_too() -> None:
    assert "b -> c -> b" in str(refusal({"segment": "b"}, b={"segment": "c"}, c={"segment": "b"}))


def test_the_same_segment_twice_is_no_cycle() -> None:
    inlined(parse_rule({"any": [{"segment": "b"}, {"segment": "c"}]}), segments(b={"segment": "c"}, c=EVENT))


def test_a_rule_that_doubles_at_every_level_is_refused_before_it_is_built() -> None:
    doubling = {f"s{n}": {"all": [{"segment": f"s{n + 1}"}] * 50} for n in range(MAX_CHAIN - 2)}
    error = refusal({"segment": "s0"}, **doubling, **{f"s{MAX_CHAIN - 2}": EVENT})
    assert f"more than {MAX_INLINED_CLAUSES} clauses" in str(error)


def test_a_long_chain_of_segments_is_refused() -> None:
    chain = {f"s{n}": {"segment": f"s{n + 1}"} for n in range(100)}
    assert f"more than {MAX_CHAIN} segments inside each other" in str(refusal({"segment": "s0"}, **chain, s100=EVENT))


def test_only_what_is_reached_is_parsed() -> None:
    documents = {"a": document("a", {"segment": "b"}), "b": document("b", EVENT), "old": {"rule": "of another age"}}
    assert sorted(reachable_segments(["a", "ghost"], documents)) == ["a", "b"]


def test_reaching_round_a_cycle_ends() -> None:
    documents = {"a": document("a", {"segment": "b"}), "b": document("b", {"segment": "a"})}
    assert sorted(reachable_segments(["a"], documents)) == ["a", "b"]
