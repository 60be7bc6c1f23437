"""The folder of `--keep`: one SQLite file, held by one platform at a time, and changed as a whole or not at all.

SQLite brings what that takes: a lock that ends with the process that holds it (https://www.sqlite.org/pragma.html#pragma_locking_mode), transactions
that outlive a crash (https://www.sqlite.org/atomiccommit.html), and numbers in the file's head that say whose it is and in which form
(https://www.sqlite.org/pragma.html#pragma_application_id).
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final, Self

from local.kept.records import Record, packed, unpacked

FILE: Final = "regulars.sqlite"
APPLICATION: Final = int.from_bytes(b"Rglr", "big")
FORMAT: Final = 1
"""Raised whenever `services` keeps something in another form."""

_SCHEMA: Final = (
    "CREATE TABLE record (owner TEXT, name TEXT, document TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (owner, name)) WITHOUT ROWID",
    f"PRAGMA application_id = {APPLICATION}",
    f"PRAGMA user_version = {FORMAT}",
)


class KeptFolderError(RuntimeError):
    """The folder cannot be used; the text says why, and what to do."""


class KeptFolder:
    """Records by owner. An owner is a resource's logical id, or a name that no resource can have."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    @classmethod
    def open(cls, path: Path) -> Self:
        """The folder at `path`, made if there is none, and held until it is closed. Raises KeptFolderError."""
        file = path / FILE
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not file.exists() and any(path.iterdir()):
                raise KeptFolderError(f"{path} holds other things than a kept platform: name a folder that is empty, or that is not there yet")
            file.touch(mode=0o600)
            is_new = not file.stat().st_size
            connection = sqlite3.connect(file, timeout=0, isolation_level=None, check_same_thread=False)
        except (OSError, sqlite3.Error) as error:
            raise KeptFolderError(f"cannot keep anything in {path}: {error}") from error
        try:
            with _told(path):
                _hold(connection, _SCHEMA if is_new else ())
                _check(connection, path)
        except BaseException:
            connection.close()
            raise
        return cls(path, connection)

    def close(self) -> None:
        self._connection.close()

    def owners(self) -> set[str]:
        with _told(self.path):
            return {owner for (owner,) in self._connection.execute("SELECT DISTINCT owner FROM record")}

    def records(self, owner: str) -> Iterator[Record]:
        """In the order of their names."""
        with _told(self.path):
            for name, document, body in self._connection.execute("SELECT name, document, body FROM record WHERE owner = ? ORDER BY name", (owner,)):
                yield Record(name, unpacked(document), partial(bytes, body))

    def replace(self, content: Iterable[tuple[str, Iterable[Record]]]) -> None:
        """Keep this and nothing else: each owner with its records, read one owner after the other. After an error all is as it was.

        A record whose document is the same as before is taken to have the same body.
        """
        with _told(self.path), self._transaction():
            gone = self.owners()
            for owner, records in content:
                gone.discard(owner)
                self._replace(owner, records)
            self._connection.executemany("DELETE FROM record WHERE owner = ?", ((owner,) for owner in gone))

    def _replace(self, owner: str, records: Iterable[Record]) -> None:
        before = dict(self._connection.execute("SELECT name, document FROM record WHERE owner = ?", (owner,)))
        for record in records:
            document = packed(record.document)
            if before.pop(record.name, None) != document:
                self._connection.execute("REPLACE INTO record VALUES (?, ?, ?, ?)", (owner, record.name, document, record.body()))
        self._connection.executemany("DELETE FROM record WHERE owner = ? AND name = ?", ((owner, name) for name in before))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")


def _hold(connection: sqlite3.Connection, statements: Iterable[str]) -> None:
    """With this mode the lock of the first transaction, which is that of `statements`, stays until the connection is closed."""
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("BEGIN EXCLUSIVE")
    for statement in statements:
        connection.execute(statement)
    connection.execute("COMMIT")


def _check(connection: sqlite3.Connection, path: Path) -> None:
    ((application,),) = connection.execute("PRAGMA application_id")
    ((form,),) = connection.execute("PRAGMA user_version")
    if application != APPLICATION:
        raise KeptFolderError(f"{path / FILE} was not made by `regulars up --keep`: name another folder")
    if form != FORMAT:
        raise KeptFolderError(
            f"{path} was kept in format {form} by another version of Regulars, and this one reads format {FORMAT} only: "
            "start that version to look at it, or name another folder and send the events again"
        )
    problems = [problem for (problem,) in connection.execute("PRAGMA quick_check(1)")]
    if problems != ["ok"]:
        raise sqlite3.DatabaseError(problems[0].splitlines()[-1])


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """SQLite's errors in words for whoever named the folder."""
    try:
        yield
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
            raise KeptFolderError(f"{path} is in use by another `regulars up`: stop that one first, or name another folder") from error
        if isinstance(error, sqlite3.OperationalError):
            raise KeptFolderError(f"{path} cannot be read or written now: {error}") from error
        raise KeptFolderError(f"{path / FILE} is damaged ({error}): move it away, or name another folder") from error
