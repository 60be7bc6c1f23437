"""The handlers of the state machine's Lambdas over what the state machine gives them."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from functions.conclude.handler import lambda_handler as conclude
from functions.deliver.handler import lambda_handler as deliver
from functions.plan.handler import lambda_handler as plan
from functions.shard.handler import lambda_handler as shard
from regulars import wiring
from regulars.config import Config
from regulars.domain.delivery.recipients import fingerprint
from tests.examples import campaign_run, person
from tests.fakes.clock import MovableClock
from tests.fakes.services import ScriptedQueries, ScriptedSender
from tests.fakes.stores import MemoryClaims, MemoryObjects, MemoryProfiles, MemoryRuns

EVENTS = Path(__file__).parents[2] / "events"
RUN = "spring-20261121T221500-4f0c2a"
CAMPAIGN = {"id": "spring", "audience": {"include": ["all"]}, "message": {"push": {"title": "Hi"}}}
ALL = {"id": "all", "name": "All", "rule": {"everyone": True}}
SHARD = gzip.compress(json.dumps({"user_id": "h1", "arm": "treated", "device_id": "d1", "fingerprint": fingerprint("t1")}).encode())


class Context:
    aws_request_id = "request-1"

    def __init__(self, milliseconds: int = 900_000) -> None:
        self._milliseconds = milliseconds

    def get_remaining_time_in_millis(self) -> int:
        return self._milliseconds


class World:
    def __init__(self) -> None:
        self.runs, self.lake, self.sender = MemoryRuns(), MemoryObjects(), ScriptedSender()
        self.runs.create(campaign_run(RUN, CAMPAIGN, segments=[ALL]))
        rows = [
            {"arm": "control", "outcome": None, "reason": None, "people": "1", "pushes": None},
            {"arm": "treated", "outcome": "sent", "reason": "", "people": "9", "pushes": "9"},
        ]
        wiring.install(
            runs=self.runs,
            claims=MemoryClaims(),
            lake=self.lake,
            profiles=MemoryProfiles([person("h1", {"d1": "t1"})]),
            push_sender=self.sender,
            queries=ScriptedQueries({"assignments": rows, r"events\$snapshots": [{"snapshot_id": "7"}]}),
            clock=MovableClock(),
            config=Config({"LAKE_BUCKET": "lake"}),
        )


@pytest.fixture
def world() -> Iterator[World]:
    yield World()
    wiring.install()


def event(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    return found


def test_plan_answers_what_athena_is_to_be_asked(world: World) -> None:
    answer = plan(event("plan/run"), Context())  # type: ignore[arg-type]
    assert set(answer) == {"run_id", "assign_sql", "unload_sql", "record_sql", "recipients"}
    assert "FROM assignments" in answer["assign_sql"]
    planned = world.runs.get(RUN).value.plan
    assert planned is not None and planned.snapshot == "7"
    assert answer["recipients"] == f"s3://lake/runs/{RUN}/recipients/"


def test_shard_reads_the_manifest_that_athena_names(world: World) -> None:
    world.lake.content["query-results/3d0f6a7e-manifest.csv"] = b"s3://lake/runs/x/recipients/a.gz\n"
    assert shard(event("shard/unloaded"), Context())["shards"] == 1  # type: ignore[arg-type]


def test_shard_takes_no_manifest_for_nobody(world: World) -> None:
    assert shard(event("shard/nobody"), Context())["shards"] == 0  # type: ignore[arg-type]


def test_deliver_answers_what_the_next_call_needs(world: World) -> None:
    given = event("deliver/shard")
    world.lake.content[given["key"]] = SHARD
    answer = deliver(given, Context())  # type: ignore[arg-type]
    assert {name: answer[name] for name in given} == given
    assert (answer["done"], answer["sent"]) == (True, 1)
    json.dumps(answer)


def test_deliver_stops_twenty_seconds_before_lambda_does(world: World) -> None:
    given = event("deliver/shard")
    world.lake.content[given["key"]] = SHARD
    assert not deliver(given, Context(20_000))["done"]  # type: ignore[arg-type]
    assert world.sender.sent == []
    assert deliver(given, Context(20_001))["done"]  # type: ignore[arg-type]


def test_conclude_ends_a_run_that_went_well(world: World) -> None:
    answer = conclude(event("conclude/succeeded"), Context())  # type: ignore[arg-type]
    assert (answer["run_id"], answer["state"], answer["counts"]["sent"]) == (RUN, "succeeded", 9)


@pytest.mark.parametrize(
    ("case", "error"),
    [
        ("failed_query", {"code": "States.TaskFailed", "message": "Query exhausted resources at this scale factor"}),
        ("failed_function", {"code": "InvalidRuleError", "message": "audience: compiles to 200,000 bytes of SQL"}),
    ],
)
def test_conclude_says_why_a_run_failed(world: World, case: str, error: dict[str, str]) -> None:
    answer = conclude(event(f"conclude/{case}"), Context())  # type: ignore[arg-type]
    assert (answer["state"], answer["error"]) == ("failed", error)


@pytest.mark.parametrize("cause", ["", "a sentence", "[1, 2]", '{"Status": {}}'])
def test_conclude_takes_any_cause(world: World, cause: str) -> None:
    answer = conclude({"run_id": RUN, "failure": {"Error": "States.Timeout", "Cause": cause}}, Context())  # type: ignore[arg-type]
    assert answer["error"] == {"code": "States.Timeout", "message": cause}
