"""What a message should not make happen, and which events tell of it: the guard-rails.

    unsubscribed    a call that says no to everything, to push or to the campaign's purpose (`collection.consents`), in the window and not before
    uninstalled     Application Uninstalled: https://segment.com/docs/connections/spec/mobile/#application-uninstalled
    complained      Email Marked as Spam: https://segment.com/docs/connections/spec/email/#email-marked-as-spam

and what the campaign names for each (`guardrails` in docs/campaigns.md).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from sqlglot import exp

from regulars.domain.campaigns.campaign import GUARDRAILS, Guardrail
from regulars.domain.collection.consents import CHANNEL, EVERYTHING, TRANSACTIONAL, ConsentTraits, consent_traits, global_traits
from regulars.domain.lake.sql import text
from regulars.domain.segments.compile.values import JsonValue
from regulars.domain.segments.functions import call

_KNOWN: Final[Mapping[Guardrail, Sequence[str]]] = {
    "unsubscribed": (),
    "uninstalled": ("Application Uninstalled",),
    "complained": ("Email Marked as Spam",),
}


def watched(named: Mapping[Guardrail, Sequence[str]] = MappingProxyType({})) -> Mapping[Guardrail, Sequence[str]]:
    """The names of events that tell of each guard-rail, each name once: the known ones, and those that a campaign names."""
    return {name: tuple(dict.fromkeys((*_KNOWN[name], *named.get(name, ())))) for name in GUARDRAILS}


def refused(traits: exp.Expr, purpose: str) -> exp.Expr:
    """Whether the traits of a call, a JSON text, say no to what a message for this purpose is sent by. Looked for as a text first, which nearly
    every call fails, since to read each of thirty traits in each call would take longer than all else."""
    spoken = [*_spoken_of(purpose)]
    said = [exp.EQ(this=JsonValue(traits, path).text(), expression=text(word)) for words in spoken for path, word in _words(words)]
    return exp.and_(call("regexp_like", traits.copy(), text(_pattern(spoken))), exp.or_(*said), copy=False)


def _spoken_of(purpose: str) -> Iterator[ConsentTraits]:
    yield global_traits()
    yield consent_traits(CHANNEL)
    if purpose not in (EVERYTHING, TRANSACTIONAL, CHANNEL):
        yield consent_traits(purpose)


def _words(traits: ConsentTraits) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each path with the word that is a no there."""
    yield from ((path, "true") for path in traits.no)
    yield from ((path, "false") for path in traits.yes)


def _pattern(spoken: Sequence[ConsentTraits]) -> str:
    """Finds each text with a no in it, and few others."""
    found = []
    for word in ("true", "false"):
        names = dict.fromkeys(re.escape(path[-1]) for traits in spoken for path, said in _words(traits) if said == word)
        found.append(f'"({"|".join(names)})"\\s*:\\s*"?{word}')
    return "|".join(found)
