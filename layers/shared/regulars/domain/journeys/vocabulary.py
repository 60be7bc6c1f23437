"""The language of a journey's rules, for whoever builds an editor of them: a segment's, and what is asked of what the run began with."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from regulars.domain.journeys.rules import MORE
from regulars.domain.segments.vocabulary import HeadWord, Vocabulary, vocabulary

_WORDS: Final[Mapping[str, HeadWord]] = MappingProxyType(
    {"entry": HeadWord("entry", "the event's", "it is not so that the event's", "property", tests="value")}
)


def journey_vocabulary() -> Vocabulary:
    known = vocabulary()
    return replace(known, heads=[*known.heads, *(_WORDS[head] for head in MORE)])
