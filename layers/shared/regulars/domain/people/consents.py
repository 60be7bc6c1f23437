"""Whether a person wants what a message is sent for, by what their traits say now. A segment's clause `consent` says the same in SQL
(`segments.lowering`); a test draws traits and compares both."""

from collections.abc import Mapping
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
        if self._names.isdisjoint(traits):
            return None
        if any(said(traits, path) is refusal for path, refusal in self._refusals.items()):
            return False
        return True if any(said(traits, path) for path in self._yes) else None

    @cached_property
    def _yes(self) -> tuple[Path, ...]:
        return consent_traits(self.purpose).yes if self.purpose != EVERYTHING else ()

    @cached_property
    def _refusals(self) -> Mapping[Path, bool]:
        """By path, the word that is a no."""
        spoken = [global_traits(), *([consent_traits(self.purpose)] if self.purpose != EVERYTHING else [])]
        return {path: word for each in spoken for word, paths in ((True, each.no), (False, each.yes)) for path in paths}

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(path[0] for path in (*self._refusals, *self._yes))
