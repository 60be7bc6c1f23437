"""What `deliver` keeps: how far it is, what is taken once, and what people were sent."""

from __future__ import annotations  # a function imports the types that it uses, not those of every port

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from regulars.domain.delivery.caps import Contacts
    from regulars.domain.delivery.progress import Progress
    from regulars.ports.stores import Stored


class ClaimStore(Protocol):
    """Names that are taken once, for a month: longer than anything that claims can be repeated. Raises StoreUnavailableError."""

    def hold(self, name: str, *, holder: str) -> bool:
        """True for whoever was the first holder of this name, also when they ask again."""
        ...


class ProgressStore(Protocol):
    """How far each shard of a run has come. Raises StoreUnavailableError."""

    def get(self, run_id: str, shard: int) -> Stored[Progress]:
        """That of a shard to which nobody sent yet, at version 0, where there is none."""
        ...

    def get_many(self, run_id: str, shards: Sequence[int]) -> Sequence[Progress]:
        """Those of the shards to which somebody sent, in any order; a shard is named once."""
        ...

    def put(self, progress: Progress, *, expected: int) -> None:
        """Writes version `expected + 1`. Raises ConflictError if another write came first."""
        ...


class ContactStore(Protocol):
    """The latest pushes to each person. Raises StoreUnavailableError."""

    def get_many(self, user_ids: Sequence[str]) -> Mapping[str, Contacts]:
        """What is kept of them, as of the last write; nothing for those of whom nothing is."""
        ...

    def put_many(self, changes: Sequence[tuple[Contacts | None, Contacts]]) -> Collection[str]:
        """Writes each of them in the place of what was read before (None: nothing was), and gives the users of whom something else stood there, which
        stays. The users differ."""
        ...
