"""The handlers of the state machine's Lambdas over what the state machine gives them."""

import gzip
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.conclude.handler import lambda_handler as conclude
from functions.deliver.handler import lambda_handler as deliver
from functions.plan.handler import lambda_handler as plan
from functions.shard.handler import lambda_handler as shard
from functions.sweep.handler import lambda_handler as sweep
from regulars import wiring
from regulars.config import Config
from regulars.domain.campaigns.pause import Pause
from regulars.domain.campaigns.run import RunError
from regulars.domain.campaigns.shards import Shard, shard_manifest
from regulars.domain.delivery.progress import Progress
from regulars.domain.delivery.recipients import fingerprint
from regulars.domain.errors import InfrastructureError, RunnerUnavailableError
from tests.examples import campaign_run, person, phone
from tests.fakes.clock import MovableClock
from tests.fakes.services import MemoryRunner, MemoryScheduler, ScriptedQueries, ScriptedSender
from tests.fakes.stores import (
    MemoryClaims,
    MemoryContacts,
    MemoryDefinitions,
    MemoryDevices,
    MemoryObjects,
    MemoryProfiles,
    MemoryProgress,
    MemoryRuns,
)
from tests.fakes.tables import lake_tables

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
        self.runner, self.claims, self.clock = MemoryRunner(), MemoryClaims(), MovableClock()
        self.progress, self.definitions = MemoryProgress(), MemoryDefinitions()
        self.runs.create(campaign_run(RUN, CAMPAIGN, segments=[ALL]))
        self.install()

    def install(self, **others: Any) -> None:
        """None is the real one."""
        rows = [
            {"arm": "control", "outcome": None, "reason": None, "people": "1", "pushes": None},
            {"arm": "treated", "outcome": "sent", "reason": "", "people": "9", "pushes": "9"},
        ]
        fakes = {
            "runs": self.runs,
            "claims": self.claims,
            "progress": self.progress,
            "lake": self.lake,
            "profiles": MemoryProfiles([person("h1")]),
            "devices": MemoryDevices([phone("d1", "h1", "t1")]),
            "contacts": MemoryContacts(),
            "push_sender": self.sender,
            "queries": ScriptedQueries({"assignments": rows}),
            "table_catalog": lake_tables(people="7"),
            "campaign_runner": self.runner,
            "campaign_scheduler": MemoryScheduler(),
            "definitions": self.definitions,
            "clock": self.clock,
            "config": Config({"LAKE_BUCKET": "lake"}),
            **others,
        }
        wiring.install(**{name: fake for name, fake in fakes.items() if fake is not None})

    def unloaded(self) -> None:
        self.lake.content |= {"a.gz": SHARD, "manifest.json": shard_manifest(RUN, [Shard(0, ["a.gz"])])}
        self.runs.put(self.runs.get(RUN).value.sharded("manifest.json", 1), expected=1)


@pytest.fixture
def world() -> Iterator[World]:
    yield World()
    wiring.install()


def event(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    return found


def test_plan_answers_what_athena_is_to_be_asked(world: World) -> None:
    answer = plan(event("plan/run"), Context())  # type: ignore[arg-type]
    assert set(answer) == {"run_id", "assign_sql", "unload_before", "unload_after", "record_sql", "manifest", "shards", "workers"}
    assert "FROM assignments" in answer["assign_sql"]
    planned = world.runs.get(RUN).value.plan
    assert planned is not None and planned.snapshots == {"identities": "1", "people": "7"}
    assert answer["unload_before"].endswith(f"'s3://lake/runs/{RUN}/recipients/")


def test_shard_reads_the_manifest_that_athena_names(world: World) -> None:
    world.lake.content["query-results/3d0f6a7e-manifest.csv"] = b"s3://lake/runs/x/recipients/1/shard=0/a.gz\n"
    assert shard(event("shard/unloaded"), Context())["shards"] == 1  # type: ignore[arg-type]


def test_shard_takes_no_manifest_for_nobody(world: World) -> None:
    assert shard(event("shard/nobody"), Context())["shards"] == 0  # type: ignore[arg-type]


def test_deliver_answers_what_the_next_call_needs(world: World) -> None:
    given = event("deliver/shard")
    world.unloaded()
    answer = deliver(given, Context())  # type: ignore[arg-type]
    assert {name: answer[name] for name in given} == given
    assert (answer["done"], answer["sent"]) == (True, 1)
    json.dumps(answer)


def test_an_execution_that_a_version_before_began_is_the_runs_newest(world: World) -> None:
    world.unloaded()
    given = {name: value for name, value in event("deliver/shard").items() if name != "execution"}
    assert deliver(given, Context())["done"]  # type: ignore[arg-type]
    ended = {name: value for name, value in event("conclude/succeeded").items() if name != "execution"}
    assert conclude(ended, Context())["state"] in ("succeeded", "failed")  # type: ignore[arg-type]


def test_a_secret_that_is_no_service_account_is_an_error_of_the_run(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regulars.adapters.fcm_of_secret.secret_text", lambda name: "not json")
    world.unloaded()
    environment = {"FCM_SECRET": "s", "FCM_BASE_URL": "https://x", "FCM_CA_BUNDLE": "", "STATE_TABLE": "t", "PUSHES_PER_SECOND": "9"}
    world.install(config=Config(environment), push_sender=None)
    assert deliver(event("deliver/shard"), Context())["left"]  # type: ignore[arg-type]
    error = world.runs.get(RUN).value.error
    assert error is not None and (error.code, "is not JSON" in error.message) == ("push_configuration", True)


def test_deliver_stops_twenty_seconds_before_lambda_does(world: World) -> None:
    given = event("deliver/shard")
    world.unloaded()
    assert not deliver(given, Context(20_000))["done"]  # type: ignore[arg-type]
    assert world.sender.sent == []
    assert deliver(given, Context(20_001))["done"]  # type: ignore[arg-type]


def test_deliver_settles_a_shard_that_was_given_up(world: World) -> None:
    given = event("deliver/settle")
    world.unloaded()
    world.progress.put(Progress(RUN, 0, at_risk=frozenset({0})), expected=0)
    assert deliver(given, Context()) == {"run_id": RUN, "shard": 0, "unknown": 1}  # type: ignore[arg-type]
    assert world.sender.sent == []


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
    answer = conclude({"run_id": RUN, "execution": 1, "failure": {"Error": "States.Timeout", "Cause": cause}}, Context())  # type: ignore[arg-type]
    assert answer["error"] == {"code": "States.Timeout", "message": cause}


def test_conclude_says_how_many_shards_could_not_be_delivered(world: World) -> None:
    left: list[dict[str, str | None]] = [{"arm": "treated", "outcome": None, "reason": None, "people": "4", "pushes": None}]
    wiring.install(runs=world.runs, queries=ScriptedQueries({"assignments": left}), clock=world.clock)
    given = event("conclude/succeeded") | {"delivered": [{"shard": 0}, {"shard": 1, "error": "Lambda.Unknown"}]}
    answer = conclude(given, Context())  # type: ignore[arg-type]
    assert answer["state"] == "failed"
    assert "4 people were not reached: 1 of " in answer["error"]["message"] and "(Lambda.Unknown)" in answer["error"]["message"]


def test_conclude_ends_the_execution_of_a_paused_run_and_not_the_run(world: World) -> None:
    stored = world.runs.get(RUN)
    world.runs.put(stored.value.paused(Pause(world.clock.now(), "ina")), expected=stored.version)
    answer = conclude(event("conclude/paused"), Context())  # type: ignore[arg-type]
    assert (answer["state"], answer["error"]) == ("paused", None)
    run = world.runs.get(RUN).value
    assert (run.pause is not None, run.bytes_scanned) == (True, {"record": 90112})


def test_conclude_of_an_execution_that_is_not_the_newest_leaves_the_run_to_that(world: World) -> None:
    assert conclude(event("conclude/succeeded") | {"execution": 7}, Context())["state"] == "planned"  # type: ignore[arg-type]
    assert not world.runs.get(RUN).value.has_ended


def test_the_execution_of_a_run_that_was_aborted_before_it_had_shards_ends_well(world: World) -> None:
    stored = world.runs.get(RUN)
    world.runs.put(stored.value.aborted(RunError("aborted", "by ann"), "ann", stored.value.launched_at), expected=stored.version)
    assert conclude(event("conclude/succeeded") | {"execution": 7}, Context())["state"] == "aborted"  # type: ignore[arg-type]


def test_sweep_says_what_it_did(world: World) -> None:
    nothing = {"made": [], "removed": [], "missed": [], "failed": {}}
    told = {"going_on": [RUN], "stopping": [], "concluded": [], "failed": {}, "schedules": nothing}
    assert sweep(event("sweep/schedule"), Context()) == told  # type: ignore[arg-type]
    world.clock.advance(timedelta(hours=1))
    assert sweep(event("sweep/schedule"), Context())["concluded"] == [RUN]  # type: ignore[arg-type]


def test_a_run_that_could_not_be_swept_is_an_error_that_somebody_hears_of(world: World) -> None:
    world.clock.advance(timedelta(hours=1))
    world.runner.refuses = RunnerUnavailableError("Step Functions is away")
    with pytest.raises(InfrastructureError, match="Step Functions is away"):
        sweep(event("sweep/schedule"), Context())  # type: ignore[arg-type]
