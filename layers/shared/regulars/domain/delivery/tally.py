"""People by what became of them, counted as the outcomes of their addresses come."""

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from regulars.domain.delivery.outcomes import BETTER_FIRST, Fate, Outcome

SPELL: Final = timedelta(seconds=10)
"""How long the past is by which one says how fast it goes."""


@dataclass(frozen=True)
class Tally:
    """Of one shard, as of some moment. `people` each have the best that any of their addresses had; `pushes` are those that were sent; `per_second`
    is how many people's fates became known a second of late, 0 where nobody is at work."""

    people: Mapping[Fate, int] = field(default_factory=dict)
    pushes: int = 0
    per_second: float = 0.0

    @property
    def known(self) -> int:
        """Of whom something is known."""
        return sum(self.people.values())


class Tallying:
    """A tally that grows, and looks back over a SPELL."""

    def __init__(self) -> None:
        self._fates: dict[str, Fate] = {}
        self._people: Counter[Fate] = Counter()
        self._sent: set[str] = set()
        self._past: deque[tuple[datetime, int]] = deque()

    def note(self, message_id: str, user_id: str, outcome: Outcome, reason: str) -> None:
        """Told twice of a message, the better outcome counts."""
        fate = (outcome, reason)
        if outcome == "sent":
            self._sent.add(message_id)
        if before := self._fates.get(user_id):
            if _place(before) <= _place(fate):
                return
            self._people[before] -= 1
        self._people[fate] += 1
        self._fates[user_id] = fate

    def as_of(self, now: datetime) -> Tally:
        total = len(self._fates)
        self._past.append((now, total))
        while len(self._past) > 1 and now - self._past[0][0] > SPELL:
            self._past.popleft()
        begun, earlier = self._past[0]
        seconds = (now - begun).total_seconds()
        people = {fate: number for fate, number in self._people.items() if number}
        return Tally(people, len(self._sent), (total - earlier) / seconds if seconds else 0.0)


def _place(fate: Fate) -> tuple[int, str]:
    """The order in which `campaigns.audience` chooses: the better outcome, then the reason that comes first."""
    outcome, reason = fate
    return BETTER_FIRST.index(outcome), reason
