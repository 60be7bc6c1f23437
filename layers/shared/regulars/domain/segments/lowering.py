"""Sugar: clauses that say in a word what a longer rule says, each of which is replaced by it. What is left is the core that every reading knows."""

from functools import partial
from typing import assert_never

from regulars.domain.collection.consents import consent_traits, global_traits
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
        case "opened":
            return _told(PUSH_TAPPED, message, message.test)
        case "received":
            return _received(message, message.test)
        case "converted":
            if message.campaign_id is None or message.goal is None:
                raise InvalidRuleError(f"the goal of the campaign `{message.campaign_id}` is not known any more", field="rule")
            return Converted(message.campaign_id, message.goal, message.period)
        case _:
            assert_never(message.kind)


def _told(name: str, message: Message, test: Test) -> Rule:
    """How often the app told of it."""
    of = () if message.campaign_id is None else (Condition(("campaign_id",), Test("eq", message.campaign_id)),)
    return EventClause(name, of, message.period, Count(test))


def _received(message: Message, test: Test) -> Rule:
    """Who taps a push has received it, though the app may have told of the one and not of the other: what is tested is the greater of both counts."""
    received, tapped = (partial(_told, name, message) for name in (PUSH_RECEIVED, PUSH_TAPPED))
    match test:
        case Test("gte" | "gt"):
            return AnyOf((received(test), tapped(test)))
        case Test("lte" | "lt"):
            return AllOf((received(test), tapped(test)))
        case Test("between", (low, high)):
            return AllOf((_received(message, Test("gte", low)), _received(message, Test("lte", high))))
        case Test("eq", count):
            return AllOf((_received(message, Test("gte", count)), _received(message, Test("lte", count))))
        case Test("in", tuple(counts)):
            return AnyOf(tuple(_received(message, Test("eq", count)) for count in counts))
        case Test("ne", operand):
            return Not(_received(message, Test("eq", operand)))
        case Test("nin", operand):
            return Not(_received(message, Test("in", operand)))
    raise AssertionError(f"a count is not tested by {test.operator}")


def _consent(purpose: str) -> Rule:
    """True of whoever said yes to the purpose and no to nothing; false of whoever said no; unknown of all others (`collection.consents`)."""
    own, of_all = consent_traits(purpose), global_traits()
    no, yes = (*own.no, *of_all.no), (*own.yes, *of_all.yes)
    refused = AnyOf((*(_said(path, "true") for path in no), *(_said(path, "false") for path in yes)))
    return AllOf((Not(refused), AnyOf(tuple(Trait(path, Test("eq", "true")) for path in own.yes))))


def _said(path: Path, word: str) -> Rule:
    """Never unknown where the trait is absent."""
    return AllOf((Trait(path, Test("exists", True)), Trait(path, Test("eq", word))))
