"""Which statements a lake still needs: the files of this version against what the lake remembers.

Applied statements are never changed and never repeated; a file that stopped half-way goes on at the statement where it stopped, which may
have been mended meanwhile.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.errors import InvalidMigrationError
from regulars.domain.lake.migration_files import Migration, Statement


@dataclass(frozen=True)
class AppliedStatement:
    """One statement that the lake has: the `place`-th (from 1) of the `of` that its file had then. `at` is when it was recorded, in UTC."""

    number: int
    name: str
    place: int
    of: int
    digest: str
    at: datetime


@dataclass(frozen=True)
class Step:
    """One statement that the lake needs. Its `str` says which: `0008_channel.sql, statement 2 of 3`."""

    migration: Migration
    place: int

    @property
    def statement(self) -> Statement:
        return self.migration.statements[self.place - 1]

    def applied(self, at: datetime) -> AppliedStatement:
        migration = self.migration
        return AppliedStatement(migration.number, migration.name, self.place, len(migration.statements), self.statement.digest, at)

    def __str__(self) -> str:
        return f"{self.migration.name}, statement {self.place} of {len(self.migration.statements)}"


def pending(known: Sequence[Migration], applied: Sequence[AppliedStatement]) -> tuple[Step, ...]:
    """The steps still to do, in order. Raises InvalidMigrationError if what was applied is not what the files say."""
    return tuple(
        Step(migration, place)
        for migration in known
        for place in range(_unchanged(migration, _of(migration.number, applied)) + 1, len(migration.statements) + 1)
    )


def ahead(known: Sequence[Migration], applied: Sequence[AppliedStatement]) -> tuple[str, ...]:
    """The names of applied migrations that this version has no file for: a newer one was deployed before, and rolled back.

    That is no error: what a migration may do takes nothing away from an older version (and an error would stop the rollback itself).
    """
    return tuple(sorted({done.name for done in applied if done.number > len(known)}))


def _of(number: int, applied: Sequence[AppliedStatement]) -> list[AppliedStatement]:
    return sorted((done for done in applied if done.number == number), key=lambda done: done.place)


def _unchanged(migration: Migration, applied: Sequence[AppliedStatement]) -> int:
    """How many statements of the file are applied. Raises InvalidMigrationError."""
    for place, done in enumerate(applied, 1):
        if done.place != place:
            raise InvalidMigrationError(f"statement {done.place} is recorded as applied and statement {place} is not", field=migration.name)
        if place > len(migration.statements):
            raise _changed(migration, f"statement {place} is gone", done)
        if done.digest != migration.statements[place - 1].digest:
            raise _changed(migration, f"statement {place} has changed", done)
    if applied and len(applied) == applied[-1].of < len(migration.statements):
        raise _changed(migration, f"statement {len(applied) + 1} is new", applied[-1])
    return len(applied)


def _changed(migration: Migration, what: str, done: AppliedStatement) -> InvalidMigrationError:
    was = f"{done.name} was applied at {done.at:%Y-%m-%d %H:%M} UTC"
    return InvalidMigrationError(f"{what} since {was}; put the file back as it was, and write a new migration", field=migration.name)
