"""What says how fast the whole project may send."""

from __future__ import annotations  # a function imports the types that it uses, not those of every port

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from regulars.domain.delivery.rate import Lease, ProjectLimit


class PushRate(Protocol):
    """The one rate of all who send, in whatever process. Moments are seconds of UTC by the caller's clock."""

    @property
    def limit(self) -> ProjectLimit: ...

    def lease(self, now: float, per_second: float) -> Lease:
        """The next block for a worker that would send `per_second`. Raises StoreUnavailableError."""
        ...

    def pause(self, now: float, until: float) -> None:
        """Nobody is leased anything before `until`. What was leased before is not taken back. Raises StoreUnavailableError."""
        ...
