"""How far a shard has come: what the calls of `deliver` hand on to each other, as far as it is in none of the shard's objects yet.

A recipient goes by the place in the shard, whose order never changes:

    at risk     the push may be on its way; if the call dies, nobody knows
    doubtful    it may have arrived once, and is sent again all the same: so often was it lost
    put off     FCM could not take it: how improbable that was, if it was not the push's own trouble (`availability`)
    known       its outcome, not written into an object yet
    none        in an object, or nothing happened

And a shard is one call's at a time: the `holder`'s until `until`, unless that one says before then that it lives or has ended.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from regulars.domain.delivery.outcomes import Fate
from regulars.domain.delivery.tally import Tally

LEASE: Final = timedelta(seconds=30)
"""So long nobody else touches a shard after its holder's last word: longer than an answer of FCM and a slow store take, with some seconds for clocks
that differ."""

WAITS: Final = (1, 2, 5, 10, 20, 40, 60)
"""Seconds until a shard is tried again, at least, after so many calls in a row that sent nothing."""

LONG_AFTER: Final = 240
LONG_WAIT: Final = 180
"""And after four hours of it: 72 hours are some 15,000 of the 25,000 events that Step Functions keeps of a child
(https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html)."""

MAX_DEATHS: Final = 8
"""After so many a shard is given up: what kills its calls would kill the next one."""


@dataclass(frozen=True)
class Progress:
    """Of one shard of a run. `setbacks` counts the calls in a row in which nothing was sent, `deaths` those that ended without a word and had written
    down nothing new; `refused` is the share of what FCM could not take of late. `tally` is for people to read: no call goes by it."""

    run_id: str
    shard: int
    holder: str = ""
    until: datetime | None = None
    at_risk: frozenset[int] = frozenset()
    doubtful: Mapping[int, int] = field(default_factory=dict)
    known: Mapping[int, Fate] = field(default_factory=dict)
    put_off: Mapping[int, int] = field(default_factory=dict)
    setbacks: int = 0
    deaths: int = 0
    refused: float = 1.0
    tally: Tally = field(default_factory=Tally)

    def held(self, by: str, now: datetime) -> timedelta:
        """How long the shard is still somebody else's, as far as one knows; nothing where it can be taken."""
        if self.holder in ("", by) or self.until is None:
            return timedelta(0)
        return max(self.until - now, timedelta(0))

    def is_at_work(self, now: datetime) -> bool:
        """Whether a call has the shard, as far as one knows."""
        return self.held("", now) > timedelta(0)

    @property
    def is_settled(self) -> bool:
        """Whether everything that ever happened is in the objects."""
        return not (self.at_risk or self.doubtful or self.known)


def wait_seconds(setbacks: int) -> int:
    """Until a shard is tried again."""
    return LONG_WAIT if setbacks >= LONG_AFTER else WAITS[min(setbacks, len(WAITS) - 1)]
