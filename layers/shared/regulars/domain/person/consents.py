"""What a person agreed to, by their own word: traits of such a name that are true or false. Nothing is enforced by it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from regulars.domain.people.traits import KnownTrait

_YES: Final = re.compile(r"(\w+_)?opt(ed)?_in|accepts_marketing|newsletter|(is_)?subscribed")
_NO: Final = re.compile(r"(\w+_)?opt(ed)?_out|unsubscribed")
"""In snake_case; the `*_opted_out` are what an import of Pinpoint's endpoints makes (docs/import.md)."""

_WORDS: Final = re.compile(r"opt(ed)?_(in|out)|accepts(?=_)|(is_)?subscribed|unsubscribed")

EVERYTHING: Final = "everything"

_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Consent:
    """Whether they agreed, to what, and when they said so."""

    agreed: bool
    at: str
    purpose: str
    """`push` of `push_opted_out`; EVERYTHING where the trait names nothing."""


def consents_of(traits: Mapping[str, KnownTrait]) -> Mapping[str, Consent]:
    """By the name of the trait. `push_opted_out: true` is no consent, `false` is one; what is neither true nor false says nothing."""
    said: dict[str, Consent] = {}
    for name, trait in traits.items():
        plain = _HUMP.sub("_", name).lower()
        if not isinstance(trait.value, bool):
            continue
        if _YES.fullmatch(plain):
            said[name] = Consent(trait.value, trait.at, _purpose(plain))
        elif _NO.fullmatch(plain):
            said[name] = Consent(not trait.value, trait.at, _purpose(plain))
    return said


def _purpose(trait: str) -> str:
    return _WORDS.sub("", trait).strip("_") or EVERYTHING
