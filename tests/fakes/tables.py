"""The tables of the lake, in memory. Passes the same contract suite as the adapter (tests/contracts)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from regulars.domain.analysis.bound import LakeFile
from regulars.domain.errors import NotFoundError, StoreUnavailableError
from regulars.domain.lake.snapshots import Snapshot
from tests.fakes.clock import MOMENT

LONG_AGO = MOMENT.replace(year=2000)


class MemoryTables:
    """`columns` of each table, and the `snapshots` of those of Iceberg; `fails`: Glue is out of reach. `views` have their text, `held` the files."""

    def __init__(self, tables: Mapping[str, Mapping[str, str]] | None = None, *, snapshots: Mapping[str, Sequence[str]] | None = None) -> None:
        self.tables = dict(tables or {})
        self.views: dict[str, str] = {}
        self.held: dict[str, Sequence[LakeFile]] = {}
        self.fails = False
        self._snapshots: dict[str, list[Snapshot]] = {}
        for table, ids in (snapshots or {}).items():
            self._snapshots[table] = [Snapshot(each, LONG_AGO) for each in ids]

    def commit(self, table: str, snapshot: str, at: datetime = LONG_AGO) -> None:
        self._snapshots.setdefault(table, []).append(Snapshot(snapshot, at))

    def expire(self, table: str) -> None:
        """All but the newest."""
        del self._snapshots[table][:-1]

    def columns(self, table: str) -> Mapping[str, str]:
        return self.tables.get(table, {})

    def view(self, name: str) -> str:
        return self.views.get(name, "")

    def files(self, table: str) -> Iterable[LakeFile]:
        if table not in self.held and table not in self.tables:
            raise NotFoundError(f"there is no table {table}")
        return self.held.get(table, ())

    def snapshots(self, table: str) -> Sequence[Snapshot]:
        if self.fails:
            raise StoreUnavailableError("Glue cannot be reached: it is a test")
        if table not in self._snapshots:
            raise NotFoundError(f"there is no Iceberg table {table}")
        return list(self._snapshots[table])


def lake_tables(**snapshots: str) -> MemoryTables:
    """The tables that segments read, each with one snapshot of long ago (1, unless said otherwise)."""
    names = ("events", "people", "identities", "devices", "deliveries", "assignments")
    return MemoryTables(snapshots={name: [snapshots.get(name, "1")] for name in names})
