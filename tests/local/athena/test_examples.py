"""examples/ run as somebody runs them: each in a process of its own, with no more than what examples/README.md has in the environment."""

import gzip
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest

from regulars.domain.lake.migration_files import migrations
from tests.local.athena.conftest import BUCKET

if TYPE_CHECKING:
    from tests.local.athena.conftest import Athena

ROOT = Path(__file__).parents[3]
ENVIRONMENT = re.findall(r"(\w+)=(\S+)", (ROOT / "examples/README.md").read_text().partition("\nexport ")[2].partition("```")[0])
READ = re.compile(r"TABLE (IF NOT EXISTS )?(events|identities|assignments|deliveries|results)\b")
"""Which of the migrations' statements the examples need."""

GROUP = "regulars-local-analysts"
EVENTS = [  # message, person, browser, name, moment, properties
    ("o1", "ada", None, "Order Completed", "2026-11-03 10:00:00", {"revenue": 20.5}),
    ("o2", None, "browser", "Order Completed", "2026-11-04 10:00:00", {"revenue": "30"}),
    ("o3", "bob", None, "Order Completed", "2026-11-05 10:00:00", {"revenue": 40}),
    ("o4", "cy", None, "Order Completed", "2026-11-20 10:00:00", {}),
    ("o5", "ada", None, "Order Completed", "2026-10-01 10:00:00", {"revenue": 1000}),
    ("o6", None, "nobody", "Order Completed", "2026-11-04 10:00:00", {"revenue": 500}),
    ("r1", "ada", None, "Push Notification Received", "2026-11-02 10:00:00", {"message_id": "p-ada"}),
    ("t1", "ada", None, "Push Notification Tapped", "2026-11-02 10:01:00", {"message_id": "p-ada"}),
    ("r2", "bob", None, "Push Notification Received", "2026-11-02 10:00:00", {"message_id": "another"}),
]
ARMS = {"ada": "treated", "bob": "treated", "eve": "treated", "cy": "control", "dan": "control", "fay": "global control"}
DELIVERIES = [("ada", "p-ada", "sent"), ("ada", "p-tablet", "failed"), ("bob", "p-bob", "unknown"), ("eve", "p-eve", "skipped")]


def literal(value: str | None) -> str:
    return "NULL" if value is None else f"'{value}'"


@pytest.fixture(scope="module")
def lake(shared: "Athena") -> "Athena":
    """A run of five people of 2026-11-02, beside one who is held out of everything, and what they bought."""
    for migration in migrations({path.name: path.read_text() for path in (ROOT / "infra/migrations").glob("*.sql")}):
        for statement in migration.statements:
            if READ.search(statement.text):
                shared.run(statement.text.replace("${LakeBucket}", BUCKET))
    rows = [(literal(m), literal(u), literal(a), literal(n), f"TIMESTAMP '{t}'", literal(json.dumps(p))) for m, u, a, n, t, p in EVENTS]
    values = ", ".join(f"({', '.join(row)})" for row in rows)
    shared.run(f"INSERT INTO events (message_id, user_id, anonymous_id, event_name, event_ts, properties) VALUES {values}")
    claim = "('anonymous', 'browser', 'ada', TIMESTAMP '2026-11-05 00:00:00'), ('anonymous', 'nobody', 'bob', NULL)"
    shared.run(f"INSERT INTO identities (kind, id, user_id, since_ts) VALUES {claim}")
    people = ", ".join(f"('r1', 'spring', '{user}', '{arm}', TIMESTAMP '2026-11-02 09:00:00')" for user, arm in ARMS.items())
    shared.run(f"INSERT INTO assignments (run_id, campaign_id, user_id, arm, planned_ts) VALUES {people}")
    pushes = ", ".join(f"('r1', '{user}', '{message}', '{outcome}')" for user, message, outcome in DELIVERIES)
    shared.run(f"INSERT INTO deliveries (run_id, user_id, message_id, outcome) VALUES {pushes}")
    place = {"ResultConfiguration": {"OutputLocation": "s3://lake/query-results/analysts/"}, "EnforceWorkGroupConfiguration": True}
    boto3.client("athena").create_work_group(Name=GROUP, Configuration=place)
    return shared


@pytest.fixture(scope="module")
def example(lake: "Athena") -> Iterator[Callable[..., list[str]]]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCOUNT_ID_ENDPOINT_MODE", "disabled")
        server.start()
        endpoint = f"http://127.0.0.1:{server.get_host_and_port()[1]}"
        values = {"AWS_ENDPOINT_URL": endpoint, "PYICEBERG_CATALOG__LAKE__S3__ENDPOINT": endpoint}
        theirs = {name: values.get(name, value) for name, value in ENVIRONMENT}
        bare = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYTHON"))}

        def run(name: str, *arguments: str) -> list[str]:
            command = [sys.executable, str(ROOT / "examples" / f"{name}.py"), *arguments]
            done = subprocess.run(command, env=bare | theirs, capture_output=True, text=True, timeout=100, check=False)
            assert done.returncode == 0, done.stderr
            return done.stdout.splitlines()

        yield run
        server.stop()


def test_effects_by_month_adds_up_what_closed_runs_caused(lake: "Athena", example: Callable[..., list[str]]) -> None:
    said = {"rehearsal": False, "final": True, "planned_ts": "2026-11-02 09:00:00.000000", "currency": "EUR", "cost_usd": 0.5}
    control = {**said, "run_id": "r1", "arm": "control", "people": 300}
    runs = {
        "r1": [control, *({**said, "run_id": "r1", "arm": arm, "people": 900, "caused": 20.5, "caused_value": 100.25} for arm in "ab")],
        "r2": [{**said, "run_id": "r2", "arm": "treated", "people": 10}],
        "open": [{**said, "run_id": "open", "arm": "treated", "people": 7, "caused": 7, "final": False}],
        "tried": [{**said, "run_id": "tried", "arm": "treated", "people": 7, "caused": 7, "rehearsal": True}],
    }
    for run_id, arms in runs.items():
        lake.put(f"lake/results/{run_id}.json", "".join(json.dumps(arm) + "\n" for arm in arms).encode())
    assert example("effects_by_month", lake.database, GROUP) == ["2026-11  2 runs  1,810 treated  +41.0 people, +200.5 EUR caused  for $1.00"]


def test_top_customers_counts_what_was_bought_before_signing_in(lake: "Athena", example: Callable[..., list[str]]) -> None:
    assert example("top_customers", lake.database, "--since", "2026-11-01") == [
        "  1  ada  2 orders  50.50",
        "  2  bob  1 orders  40.00",
        "  3  cy  1 orders  unknown",
    ]


def test_arriving_now_reads_raw_objects_and_counts_copies_once(lake: "Athena", example: Callable[..., list[str]]) -> None:
    moment = {"source": "shop", "event_name": "Order Completed", "received_ts": "2026-11-21 09:03:00.000", "properties": '{"x": 1}'}
    rows = [
        {**moment, "message_id": "m1"},
        {**moment, "message_id": "m1"},
        {**moment, "message_id": "m2", "event_name": "_other", "other_name": "Rare"},
    ]
    lake.put("raw/events/dt=2026-11-21/hh=09/mm=00/1.json.gz", gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode()))
    assert example("arriving_now", "lake", "--hour", "2026-11-21T09") == [
        "       1  shop  Order Completed  latest 09:03:00",
        "       1  shop  Rare  latest 09:03:00",
    ]


def test_the_funnel_of_a_run_is_that_of_people_and_of_any_snapshot(lake: "Athena", example: Callable[..., list[str]]) -> None:
    moment = datetime.now(UTC).isoformat()
    lake.run("INSERT INTO deliveries (run_id, user_id, message_id, outcome) VALUES ('r1', 'eve', 'p-later', 'sent')")
    assert [line.split() for line in example("funnel_of_a_run", lake.database, "r1", "--as-of", moment)] == [
        ["audience", "5"],
        ["treated", "3"],
        ["sent", "1"],
        ["received", "1"],
        ["opened", "1"],
    ]
