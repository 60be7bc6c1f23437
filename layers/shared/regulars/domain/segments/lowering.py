"""Sugar: clauses that say in a word what a longer rule says, each of which is replaced by it. What is left is the core that every reading knows."""

from collections.abc import Sequence
from typing import Final, assert_never

from regulars.domain.errors import InvalidRuleError
from regulars.domain.lake.event_names import PUSH_RECEIVED, PUSH_TAPPED
from regulars.domain.language import Path
from regulars.domain.segments.judgement import Condition, Test
from regulars.domain.segments.measure import Count
from regulars.domain.segments.rule import (
    AllOf,
    AnyOf,
    Clause,
    Consent,
    Converted,
    Delivered,
    EventClause,
    Message,
    Not,
    Reference,
    Rule,
    Sugar,
    Trait,
    mapped,
)

_YES: Final = ("{}_opt_in", "{}_opted_in")
_NO: Final = ("{}_opt_out", "{}_opted_out")
_GLOBAL_NO: Final = ("unsubscribed", "opted_out", "opt_out")
"""Traits that say no to everything."""


def lowered(rule: Rule) -> Rule:
    """The rule without sugar; references are in their place already (`references.inlined`)."""
    return mapped(rule, _of_core)


def _of_core(part: Clause | Sugar) -> Rule:
    match part:
        case Message():
            return _message(part)
        case Consent(purpose):
            return _consent(purpose)
        case Reference():
            raise AssertionError("references are inlined first")
        case _:
            return part


def _message(message: Message) -> Rule:
    """What an app reports names the campaign among its properties (docs/campaigns.md)."""
    match message.kind:
        case "sent" | "failed" as fate:
            return Delivered(fate, message.campaign_id, message.period, message.test)
        case "received" | "opened" as told:
            name = PUSH_RECEIVED if told == "received" else PUSH_TAPPED
            of = () if message.campaign_id is None else (Condition(("campaign_id",), Test("eq", message.campaign_id)),)
            return EventClause(name, of, message.period, Count(message.test))
        case "converted":
            if message.campaign_id is None or message.goal is None:
                raise InvalidRuleError(f"the goal of the campaign `{message.campaign_id}` is not known any more", field="rule")
            return Converted(message.campaign_id, message.goal, message.period)
        case _:
            assert_never(message.kind)


def consent_traits(purpose: str) -> tuple[Sequence[Path], Sequence[Path]]:
    """The traits that say yes to a purpose, and those that say no to it alone."""
    return [("consent", purpose), *((name.format(purpose),) for name in _YES)], [(name.format(purpose),) for name in _NO]


def _consent(purpose: str) -> Rule:
    """True of whoever said yes to the purpose and no to nothing; false of whoever said no; unknown of all others."""
    yes, no_to_it = consent_traits(purpose)
    no = [*no_to_it, *((name,) for name in _GLOBAL_NO)]
    refused = AnyOf((*(_said(path, "true") for path in no), *(_said(path, "false") for path in yes)))
    return AllOf((Not(refused), AnyOf(tuple(Trait(path, Test("eq", "true")) for path in yes))))


def _said(path: Path, word: str) -> Rule:
    """Never unknown where the trait is absent."""
    return AllOf((Trait(path, Test("exists", True)), Trait(path, Test("eq", word))))
