"""Whether a person wants what a message is sent for, by what their traits say now. A segment's clause `consent` says the same in SQL
(`segments.lowering`); a test draws traits and compares both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from regulars.domain.collection.consents import EVERYTHING, consent_traits, global_traits, said
from regulars.domain.language import Path


@dataclass(frozen=True)
class ConsentTo:
    """What is looked for in somebody's traits to know whether they agree to a purpose, or with EVERYTHING whether they said no to all."""

    purpose: str

    def of(self, traits: Mapping[str, Any]) -> bool | None:
        """True of whoever said yes to it and no to nothing, False of whoever said no, None of all others."""
        if self._words.keys().isdisjoint(traits):  # nearly always, and every person's message waits for it
            return None
        names = self._words.keys() & traits.keys()
        spoken = [(path, refusal, word) for name in names for path, refusal in self._words[name] if (word := said(traits, path)) is not None]
        if any(word is refusal for _, refusal, word in spoken):
            return False
        return True if any(path in self._yes for path, _, _ in spoken) else None

    @cached_property
    def _yes(self) -> frozenset[Path]:
        """What says yes to it, where it does not say no."""
        return frozenset(consent_traits(self.purpose).yes if self.purpose != EVERYTHING else ())

    @cached_property
    def _words(self) -> Mapping[str, Sequence[tuple[Path, bool]]]:
        """By the name of a trait, what is looked for in it: a path, and the word that is a no."""
        spoken = [global_traits(), *([consent_traits(self.purpose)] if self.purpose != EVERYTHING else [])]
        paths = [(path, word) for each in spoken for word, some in ((True, each.no), (False, each.yes)) for path in some]
        return {name: [(path, word) for path, word in paths if path[0] == name] for name in {path[0] for path, _ in paths}}
