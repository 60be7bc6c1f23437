"""Clauses about conversion need the goals of campaigns, which are in no segment: they are put into the rules that ask for them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from regulars.domain.errors import InvalidRuleError
from regulars.domain.segments.rule import Clause, ConversionGoal, Message, Rule, Segment, Sugar, mapped, walk

Goals = Mapping[str, ConversionGoal | None]
"""By campaign; None of one that has no goal."""


def converting_campaigns(rule: Rule) -> set[str]:
    """The campaigns whose conversions the rule asks about."""
    return {message.campaign_id for _, message in _conversions(rule) if message.campaign_id is not None}


def check_goals(rule: Rule, goals: Goals) -> None:
    """Raises InvalidRuleError, naming the clause, for a campaign that is not there or has no goal."""
    for path, message in _conversions(rule):
        campaign = message.campaign_id or ""
        if campaign not in goals:
            raise InvalidRuleError(f"there is no campaign `{campaign}`: put it first", field=f"{path}.campaign")
        if goals[campaign] is None:
            raise InvalidRuleError(f"the campaign `{campaign}` has no `goal`, so that nobody converts", field=f"{path}.campaign")


def segments_with_goals(segments: Mapping[str, Segment], goals: Goals) -> Mapping[str, Segment]:
    """The same segments, each of which knows the goals that it asks about."""
    return {name: replace(segment, rule=with_goals(segment.rule, goals)) for name, segment in segments.items()}


def with_goals(rule: Rule, goals: Goals) -> Rule:
    """The rule, which knows the goals that it asks about."""

    def known(part: Clause | Sugar) -> Rule:
        match part:
            case Message(kind="converted", campaign_id=str(campaign_id)):
                return replace(part, goal=goals.get(campaign_id))
            case _:
                return part

    return mapped(rule, known)


def _conversions(rule: Rule) -> Iterator[tuple[str, Message]]:
    return ((path, node) for path, node in walk(rule) if isinstance(node, Message) and node.kind == "converted")
