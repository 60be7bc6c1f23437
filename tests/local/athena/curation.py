"""curate over the local Athena: a lake of its own in a bucket of its own, with whatever a test wants to go wrong."""

import gzip
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from local.athena.engine import settled
from local.athena.iceberg_write import COMMIT
from regulars.adapters.athena_queries import AthenaQueries
from regulars.adapters.s3_objects import S3Objects
from regulars.domain.curation.landing import folder
from regulars.domain.lake import migration_files
from regulars.domain.queries import Query
from regulars.usecases.curate import CurateResult, curate
from tests.fakes.clock import MovableClock
from tests.fakes.stores import MemoryCurateState, MemoryProfiles
from tests.local.athena.kept import KeptLake, keep

if TYPE_CHECKING:
    from tests.local.athena.conftest import Athena

MIGRATIONS = sorted((Path(__file__).parents[3] / "infra" / "migrations").glob("*.sql"))
KNOWN = migration_files.migrations({path.name: path.read_text() for path in MIGRATIONS})
NOW = datetime(2026, 11, 21, 22, 17, tzinfo=UTC)
Event = dict[str, Any]
LOOK_SECONDS = 0.05
"""Of a query that a test holds, and that therefore does not end."""


class WatchedQueries(AthenaQueries):
    """`on_wait` is called before each wait, with the number of waits before it; what was started is in `started`."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings, sleep=lambda _: settled(LOOK_SECONDS))
        self.started: list[str] = []
        self.waits = 0
        self.on_start: Callable[[str], None] = lambda sql: None
        self.on_wait: Callable[[int], None] = lambda waits: None

    def start(self, sql: str, *, token: str = "") -> str:
        query_id = super().start(sql, token=token)
        self.started.append(sql)
        self.on_start(sql)
        return query_id

    def wait(self, query_id: str, *, within: timedelta) -> Query:
        self.waits += 1
        self.on_wait(self.waits - 1)
        return super().wait(query_id, within=within)


@dataclass
class CuratedLake:
    """The tables of infra/migrations, raw objects as `load` names them, curate's state, and profiles."""

    athena: "Athena"
    bucket: str
    queries: WatchedQueries
    clock: MovableClock = field(default_factory=lambda: MovableClock(NOW))
    state: MemoryCurateState = field(default_factory=MemoryCurateState)
    profiles: MemoryProfiles = field(default_factory=MemoryProfiles)

    def land(self, *events: Event, key: str = "") -> None:
        """One raw object, of now unless its key says otherwise. Events are what they have beyond the usual."""
        rows = b"".join(orjson.dumps(self._usual() | event) + b"\n" for event in events)
        self.athena.s3.put_object(Bucket=self.bucket, Key=key or f"{folder(self.clock.moment)}{uuid.uuid4().hex}.json.gz", Body=gzip.compress(rows))

    def _usual(self) -> Event:
        moment = f"{self.clock.moment:%Y-%m-%d %H:%M:%S}.000"
        return {"type": "track", "event_name": "Viewed", "user_id": "ada", "event_ts": moment, "received_ts": moment}

    def curate(self, **more: Any) -> CurateResult:
        self.clock.advance(timedelta(minutes=15))
        settings = {"rows_per_statement": 100_000, **more}
        objects = S3Objects(self.bucket)
        return curate(queries=self.queries, objects=objects, profiles=self.profiles, state=self.state, clock=self.clock, **settings)

    def messages(self) -> list[str]:
        return [str(row[0]) for row in self.athena.rows("SELECT message_id FROM events ORDER BY message_id")]

    def known(self) -> int:
        return int(self.athena.value("SELECT count(*) AS n FROM known_messages") or 0)


_made: dict[tuple[Path, ...], KeptLake] = {}
"""Lakes as the first test of this process that wanted one made it: all others get a copy, in an eighth of the time."""


def curated_lake(athena: "Athena", migrations: Sequence[Path] = tuple(MIGRATIONS)) -> CuratedLake:
    bucket = athena.database.replace("_", "-")
    athena.s3.create_bucket(Bucket=bucket)
    found = CuratedLake(athena, bucket, WatchedQueries(database=athena.database, work_group="primary", client=_Athena(athena.client, bucket)))
    if made := _made.get(tuple(migrations)):
        made.put(bucket, athena.database)
    else:
        migrate(found, migrations)
        _made[tuple(migrations)] = keep(bucket, athena.database)
    return found


def migrate(lake: CuratedLake, migrations: Sequence[Path]) -> None:
    """But for views, which nothing here reads, and which take longer to make than all tables."""
    wanted = {path.name for path in migrations}
    for statement in (statement for migration in KNOWN if migration.name in wanted for statement in migration.statements):
        if not statement.text.startswith("CREATE OR REPLACE VIEW "):
            lake.athena.run(statement.text.replace("${LakeBucket}", lake.bucket))


class _Athena:
    """The client, with a place for results: the primary work group has none."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client, self._bucket = client, bucket

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def start_query_execution(self, **arguments: Any) -> Any:
        return self._client.start_query_execution(ResultConfiguration={"OutputLocation": f"s3://{self._bucket}/query-results/"}, **arguments)


@contextmanager
def commits_held() -> Iterator[Callable[[], None]]:
    """No INSERT or MERGE ends before what this gives is called: it has read what it needs, and waits to commit."""
    held = threading.Event()
    COMMIT.acquire()
    held.set()

    def release() -> None:
        if held.is_set():
            held.clear()
            COMMIT.release()

    try:
        yield release
    finally:
        release()
