"""The in-memory port of migrate. It passes the same contract suite as the adapter (tests/contracts)."""

from collections.abc import Sequence

from regulars.domain.errors import ConflictError, StoreUnavailableError
from regulars.domain.lake.migrations import AppliedStatement


class MemoryMigrationLog:
    """`fails_after` records, the store is out of reach: what was done then is not remembered."""

    def __init__(self, *, fails_after: int | None = None) -> None:
        self.fails_after = fails_after
        self._recorded: dict[tuple[int, int], AppliedStatement] = {}

    def applied(self) -> Sequence[AppliedStatement]:
        return [self._recorded[key] for key in sorted(self._recorded)]

    def record(self, statement: AppliedStatement) -> None:
        if self.fails_after is not None and len(self._recorded) >= self.fails_after:
            raise StoreUnavailableError("the table of states failed: it is a test")
        there = self._recorded.setdefault((statement.number, statement.place), statement)
        if there.digest != statement.digest:
            raise ConflictError(f"{statement.name}, statement {statement.place}: another version of it was applied in the meantime")
