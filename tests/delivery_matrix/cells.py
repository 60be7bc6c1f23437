"""One cell of the matrix: a fault, a policy and an event, played, and what the double counted."""

import time
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Final, Literal

from local.fcm import FcmDouble
from tests.delivery_matrix.events import EVENTS
from tests.delivery_matrix.faults import FAULTS
from tests.delivery_matrix.platform import Look, Platform, token

Policy = Literal["skip", "resend"]
POLICIES: Final[Sequence[Policy]] = ("skip", "resend")


@dataclass(frozen=True)
class Cell:
    """The keys of FAULTS and EVENTS, and what the campaign says in `when_unsure`."""

    fault: str
    policy: Policy
    event: str

    def __str__(self) -> str:
        return f"{self.fault}, {self.policy}, {self.event}"


@dataclass(frozen=True)
class Played:
    """By person: how often the double took a push, and what is recorded in the end. `missed` are those who could have got one and did not, `wrong`
    sentences on what was recorded and not so."""

    accepted: Mapping[str, int]
    fates: Mapping[str, str]
    missed: Set[str]
    wrong: Sequence[str]
    seconds: float

    @property
    def once(self) -> int:
        return sum(times == 1 for times in self.accepted.values())

    @property
    def twice(self) -> int:
        """Or oftener."""
        return sum(times > 1 for times in self.accepted.values())

    def count(self, outcome: str) -> int:
        return sum(fate == outcome for fate in self.fates.values())


def play(cell: Cell, double: FcmDouble, people: int) -> Played:
    """Raises AssertionError where the run did not end as the event has it."""
    double.reset()
    fault = FAULTS[cell.fault]
    platform = Platform(people, cell.policy, double, answer_seconds=fault.answer_seconds)
    tokens, began = [token(user) for user in platform.users], time.monotonic()
    with fault.upon(double, tokens):
        EVENTS[cell.event](platform, Random(str(cell)))
    seconds = time.monotonic() - began
    platform.look()
    arrivals, dead = platform.arrivals(), {one.split(":")[0] for one in fault.dead(tokens)}
    missed = {user for user in platform.users if user not in arrivals and user not in dead}
    accepted = {user: len(moments) for user, moments in arrivals.items()}
    return Played(accepted, platform.fates(), missed, list(_wrong(platform.looks, arrivals)), seconds)


def _wrong(looks: Sequence[Look], arrivals: Mapping[str, Sequence[datetime]]) -> Iterator[str]:
    """What a look found recorded that was not so."""
    for look in looks:
        for user, outcome in look.fates.items():
            had = user in arrivals and arrivals[user][0] <= look.at
            if outcome == "sent" and not had:
                yield f"{user} is said to be sent to, and had nothing"
            if outcome in ("failed", "skipped") and had:
                yield f"{user} is said to have {outcome}, and had it"
