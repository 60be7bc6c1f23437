"""What sends push messages."""

from __future__ import annotations  # a function imports the types that it uses, not those of every port

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from regulars.domain.errors import InfrastructureError


@dataclass(frozen=True, slots=True)
class Push:
    """One FCM message: `body` is the JSON of `{"message": {...}}`, `key` says whose it is."""

    key: int
    body: bytes


@dataclass(frozen=True, slots=True)
class PushResult:
    """What became of one push. `reason` is empty when sent, else one of `domain.reasons`."""

    key: int
    outcome: Literal["sent", "failed", "unknown"]
    reason: str = ""
    provider_id: str = ""
    dead_token: bool = False


class PushSession(Protocol):
    """One stretch of sending, in one thread. Each push that was taken gives one result, in the order they finish, unless the session
    ends before its turn: because of the deadline, or of a `failure`."""

    @property
    def hungry(self) -> bool:
        """It could send more than it was given. False for good once the deadline has come or something failed."""
        ...

    @property
    def busy(self) -> bool:
        """More results may come."""
        ...

    @property
    def failure(self) -> InfrastructureError | None:
        """Why nothing more is sent: PushConfigurationError when FCM refuses our credentials, PushUnavailableError when it can't be reached at all."""
        ...

    def take(self, pushes: Iterable[Push]) -> None:
        """Sends each of them once, as soon as the pace allows."""
        ...

    def results(self) -> Sequence[PushResult]:
        """What has ended since the last call; waits a moment where nothing has."""
        ...


class PushSender(Protocol):
    def open(self, *, per_second: float, deadline: datetime | None = None) -> AbstractContextManager[PushSession]:
        """A session that starts no push after `deadline`. Leaving it drops what is still under way."""
        ...
