"""What sends push messages."""

from __future__ import annotations  # a function imports the types that it uses, not those of every port

from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from regulars.domain.errors import InfrastructureError


class Push(NamedTuple):
    """One FCM message: `body` is the JSON of `{"message": {...}}`, `key` says whose it is, and `content` of which message it is a rendering: those
    of one are refused alike where what it says is at fault. `delays` is how often it was put off."""

    key: int
    body: bytes
    content: str = ""
    delays: int = 0


class PushResult(NamedTuple):
    """What became of one push. `reason` is empty when sent, else one of `domain.reasons`. Later: it was surely not sent, and may be given again
    after so many seconds (`delay`); without a `reason` it was not even tried. How improbable it was that
    FCM could not take it is `surprise` (`delivery.availability`)."""

    key: int
    outcome: Literal["sent", "failed", "unknown", "later"]
    reason: str = ""
    delay: float = 0.0
    surprise: float = 0.0
    dead_token: bool = False


class PushSession(Protocol):
    """One stretch of sending, in one thread. Each push that was taken gives one result, in the order they finish; whose turn has not come when the
    session ends, because of the deadline or of a `failure`, is put off."""

    @property
    def hungry(self) -> bool:
        """It could send more than it was given. False while it rests, and for good once the deadline has come or something failed."""
        ...

    @property
    def rest(self) -> float:
        """Seconds in which nothing goes out, because FCM asked for it or cannot be reached; 0 where something may."""
        ...

    @property
    def waits_for(self) -> str:
        """The last trouble that put something off, for people to read. Empty where there was none."""
        ...

    @property
    def refused(self) -> float:
        """The share of what FCM could not take of late, from 0 to 1."""
        ...

    @property
    def busy(self) -> bool:
        """More results may come."""
        ...

    @property
    def failure(self) -> InfrastructureError | None:
        """Why nothing more is sent: PushConfigurationError when FCM refuses our credentials, MessageRefusedError when it refuses the content of a
        message to whomever it is sent."""
        ...

    def take(self, pushes: Iterable[Push]) -> None:
        """Sends each of them once, as soon as the pace allows."""
        ...

    def halt(self) -> None:
        """Begins nothing more: what was taken and not begun is put off, and what is under way ends."""
        ...

    def results(self) -> Sequence[PushResult]:
        """What has ended since the last call; waits a moment where nothing has."""
        ...


class PushSender(Protocol):
    def open(self, *, per_second: float, deadline: datetime | None = None, refused: float = 1.0) -> AbstractContextManager[PushSession]:
        """A session that starts no push after `deadline`; `refused` is what the one before it said, if there was one. Leaving it drops what is still
        under way."""
        ...
