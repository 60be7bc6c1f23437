"""A preflight of a hundred thousand people: everybody looked up, decided on, rendered and counted, from the result of Athena's query on. What Athena
takes for that query is not in it."""

import resource
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Final, cast

from bench import people_store
from bench.delivery_world import CAMPAIGN, world
from bench.table import BenchRow
from regulars.adapters.dynamo_contacts import DynamoContacts
from regulars.adapters.dynamo_devices import DynamoDevices
from regulars.adapters.dynamo_profiles import DynamoProfiles
from regulars.adapters.s3_objects import S3Objects
from regulars.domain.campaigns.run import RunsPage
from regulars.domain.definitions import Definition, DefinitionKind
from regulars.domain.delivery.rate import ProjectLimit
from regulars.domain.errors import NotFoundError
from regulars.domain.queries import Query
from regulars.ports import DefinitionStore, QueryEngine, RunStore
from regulars.usecases.preflight import preflight

PEOPLE: Final = 100_000
SECONDS: Final = 60
"""That it may take on two cores."""
MEMORY: Final = 300
"""Megabytes that it may have."""


class _Athena:
    """Has the rows ready."""

    def __init__(self, result: str) -> None:
        self._result = result

    def run(self, sql: str) -> Query:
        return Query("bench", "succeeded", bytes_scanned=10**8, result=self._result)


class _Definitions:
    """One campaign, to everybody."""

    def get(self, kind: DefinitionKind, identity: str) -> Definition:
        if kind == "settings":
            raise NotFoundError("nobody put any")
        document = {**CAMPAIGN, "id": identity} if kind == "campaign" else {"id": identity, "name": "Everyone", "rule": {"everyone": True}}
        return Definition(kind, identity, 1, document, datetime.now(UTC), "bench")


class _NoRuns:
    def listed(self, **_: object) -> RunsPage:
        return RunsPage([], "")


class _Clock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def rows(people: int = PEOPLE) -> list[BenchRow]:
    with world(latency=0):
        S3Objects("lake").put("query-results/bench.csv", _result(people))
        peaks = [_foreseen(people, part) for part in (people // 10, people)]
    (small, _), (peak, seconds) = peaks
    note = "profiles and devices in another process; what Athena takes is not in it"
    return [
        BenchRow(f"preflight of {people:,}: time", seconds, SECONDS, seconds / SECONDS, "s at most", note),
        BenchRow(f"preflight of {people:,}: memory", peak, MEMORY, peak / MEMORY, "MB at most", f"after a tenth of them it is {small:.0f}"),
    ]


def _foreseen(people: int, wanted: int) -> tuple[float, float]:
    """Of so many: megabytes at most, and seconds."""
    now = datetime.now(UTC)
    key = "query-results/bench.csv" if wanted == people else "query-results/small.csv"
    if wanted != people:
        S3Objects("lake").put(key, _result(wanted))
    began, cpu = time.monotonic(), time.process_time()
    found = preflight(
        "bench",
        "bench",
        as_of=None,
        deadline=now + timedelta(minutes=14),
        limit=ProjectLimit(9_000),
        definitions=cast(DefinitionStore, _Definitions()),
        runs=cast(RunStore, _NoRuns()),
        queries=cast(QueryEngine, _Athena(f"s3://lake/{key}")),
        profiles=DynamoProfiles(people_store.PROFILES),
        devices=DynamoDevices(people_store.DEVICES),
        contacts=DynamoContacts(people_store.CONTACTS),
        lake=S3Objects("lake"),
        clock=_Clock(),
    )
    seconds = time.monotonic() - began
    if found.eligible != wanted:
        raise RuntimeError(f"{found.eligible} of {wanted} would be sent to: {found.reasons}")
    print(f"  {wanted:,}: {seconds:.1f} s, {time.process_time() - cpu:.1f} s of CPU", file=sys.stderr)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, seconds


def _result(people: int) -> bytes:
    """As Athena writes it."""
    lines = [b'"user_id","arm","device_id","fingerprint","skip_reason"\n']
    for number in range(people):
        row = people_store.shard_row(number)
        lines.append(f'"{row["user_id"]}","treated","{row["device_id"]}","{row["fingerprint"]}",\n'.encode())
    return b"".join(lines)
