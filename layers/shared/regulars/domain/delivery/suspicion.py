"""Whether a refusal is the device's alone, or everybody's: the project's set-up, or the content of a message.

One answer can't tell. What comes back to many different pushes in a row, while none goes out, is everybody's. Until that is decided
the refusals are held back: should all be refused alike, nobody has failed, and whoever mends the fault sends to them after all.

    refused once, something is sent meanwhile       the device's: its result is given out
    refused so often in a row                       everybody's: nothing more is sent, and what was held was surely not sent
    nothing more is to be heard                     everybody's if nothing was ever sent and REPEATED were refused alike, else the devices'

How often is "so often" follows from what was seen: as many as devices alone would bring about once in a million times, if the share of
them that is refused is what it was until then (by Laplace's rule of succession, (refused + 1) / (all + 2): 20 where nothing is known).
"""

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from regulars.domain.delivery.answers import Blame, Verdict

SAMPLE = 20
"""At least so many pushes are tried before everybody is judged by them, and so many at once before one has been sent."""

REPEATED = 2
"""So many are enough where there are no others."""

COINCIDENCE = 1e-6
"""How improbable it has to be that it is the devices' alone."""

WARY = 5
"""After so many alike, no more than SAMPLE are under way at once."""

T = TypeVar("T")


@dataclass(frozen=True)
class Guilt:
    """Everybody is refused: `verdict` is what the first of `refused` different pushes was told. `content` is the message's where that is to blame."""

    verdict: Verdict
    content: str
    refused: int


class _Cause(NamedTuple):
    """What refusals have in common that may have one reason; without `content` it concerns all messages."""

    reason: str
    status: int
    content: str


@dataclass
class _Suspect(Generic[T]):
    verdict: Verdict
    held: list[T] = field(default_factory=list)


class Suspicion(Generic[T]):
    """Of one session. What is handed in with a refusal comes out again once: when it is the device's, or as `unjudged` where there is `guilt`.
    Where it is not the `first` of its recipients, few of them left say nothing of all."""

    def __init__(self, *, first: bool = True) -> None:
        self._few = REPEATED if first else SAMPLE
        self.guilt: Guilt | None = None
        self._suspects: dict[_Cause, _Suspect[T]] = {}
        self._sent: Counter[str] = Counter()
        self._acquitted: Counter[_Cause] = Counter()

    @property
    def holds(self) -> bool:
        """Something is held back."""
        return bool(self._suspects)

    @property
    def wary(self) -> bool:
        """Little should be under way: nothing has been sent yet, or the last few were refused alike."""
        return not self._sent or any(len(suspect.held) >= WARY for suspect in self._suspects.values())

    def sent(self, content: str) -> list[T]:
        """A push of the message `content` went out. Gives what was held and is the devices' therefore."""
        self._sent[content] += 1
        return self._acquit(lambda cause: cause.content in ("", content)) if self._suspects and self.guilt is None else []

    def refused(self, verdict: Verdict, content: str, held: T) -> None:
        """Another push was refused, in a way that has a `blame`."""
        cause = _Cause(verdict.reason, verdict.status, content if verdict.blame is Blame.MESSAGE else "")
        suspect = self._suspects.setdefault(cause, _Suspect(verdict))
        suspect.held.append(held)
        if self.guilt is None and len(suspect.held) >= too_many(self._acquitted[cause], self._sent_of(cause)):
            self._convict(cause)

    def ended(self) -> list[T]:
        """Nothing more is to be heard. Gives what was held, if that is the devices'."""
        for cause, suspect in self._suspects.items():
            if self.guilt is not None or (len(suspect.held) >= self._few and not self._sent_of(cause)):
                self._convict(cause)
                return []
        return self._acquit(lambda _: True)

    def _sent_of(self, cause: _Cause) -> int:
        """How many went out that would not have, if it were everybody's."""
        return self._sent[cause.content] if cause.content else self._sent.total()

    def _acquit(self, of: Callable[[_Cause], bool]) -> list[T]:
        released: list[T] = []
        for cause in [cause for cause in self._suspects if of(cause)]:
            held = self._suspects.pop(cause).held
            self._acquitted[cause] += len(held)
            released += held
        return released

    def _convict(self, cause: _Cause) -> None:
        suspect = self._suspects[cause]
        self.guilt = self.guilt or Guilt(suspect.verdict, cause.content, len(suspect.held))

    def unjudged(self) -> list[T]:
        """What was held, and is nobody's fault but everybody's. Gives it once."""
        held = [each for suspect in self._suspects.values() for each in suspect.held]
        self._suspects.clear()
        return held


def too_many(refused: int, sent: int) -> int:
    """How many refusals in a row are no coincidence, after `refused` that were devices' and `sent` that went out."""
    share = (refused + 1) / (refused + sent + 2)
    return max(SAMPLE, math.ceil(math.log(COINCIDENCE) / math.log(share)))
