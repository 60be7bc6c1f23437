"""The tracking plans that are in force, for whoever holds many events against them."""

from __future__ import annotations  # Plan is imported where there is one

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from regulars.domain.definitions import Definition
from regulars.domain.errors import InvalidPlanError, StoreUnavailableError
from regulars.ports import Clock, DefinitionStore

if TYPE_CHECKING:
    from regulars.domain.tracking.plan import Plan

MAX_AGE: Final = timedelta(seconds=10)
"""How long what was read is believed. One read in this time and process costs next to nothing, and whoever puts a plan sees it work at once."""


class CurrentPlans:
    """Kept by a process. Plans are compiled anew only where they changed; where there is none, nothing that could read one is imported."""

    def __init__(self, definitions: DefinitionStore, clock: Clock) -> None:
        self._definitions, self._clock = definitions, clock
        self._read_at: datetime | None = None
        self._known: Sequence[Definition] = ()
        self._plans: Sequence[Plan] = ()

    def __call__(self) -> Sequence[Plan]:
        """Those that nobody archived. A store that fails leaves those of before in force; raises StoreUnavailableError where none were ever read."""
        now = self._clock.now()
        if self._read_at is None or now - self._read_at >= MAX_AGE:
            self._read(now)
        return self._plans

    def _read(self, now: datetime) -> None:
        try:
            found = [each for each in self._definitions.all("plan") if not each.archived]
        except StoreUnavailableError:
            if self._read_at is None:
                raise
            return
        if found != self._known:
            self._plans = _parsed(found)
        self._known, self._read_at = found, now


def _parsed(definitions: Sequence[Definition]) -> Sequence[Plan]:
    """What could be put but cannot be read any more (by a later version's library) is left out: events pass rather than wait for somebody."""
    from regulars.domain.tracking.parse import parse_plan

    plans = []
    for each in definitions:
        with suppress(InvalidPlanError):
            plans.append(parse_plan(each.document))
    return plans
