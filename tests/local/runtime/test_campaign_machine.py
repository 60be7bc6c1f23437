"""The campaign's own state machine, run by the local interpreter over steps that are told what to do: how an execution ends."""

import json
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from local.resources.model import Function
from local.runtime import stepfunctions
from local.runtime.lambdas import Lambdas

DEFINITION = (Path(__file__).parents[3] / "infra/statemachines/campaign.asl.json").read_text()
ROLE = "arn:aws:iam::123456789012:role/r"
STEPS = {
    "Plan": 'return {"assign_sql": "ASSIGN", "unload_before": "UNLOAD {} ", "unload_after": " END", "record_sql": "RECORD", **SHARDS}',
    "Shard": 'return {"manifest": "runs/r/manifest.json", "shards": 4, "workers": 4}',
    "Conclude": "note(event); return concluded(event)",
}
DELIVER = """
    note(event)
    if event["shard"] == 1 and {fails}:
        raise PushConfigurationError("it is a test")
    if {waits} and event["shard"] == 2 and not CALLED.exists():
        CALLED.write_text(str(time.time()))
        return {{**event, "done": False, "wait_seconds": {waits}}}
    if {waits} and event["shard"] == 2:
        note({{"waited": time.time() - float(CALLED.read_text())}})
    time.sleep(0.3)
    note({{"ended": event["shard"]}})
    return {{**event, "done": True}}
"""
HANDLER = """
    import json, time, pathlib
    SHARDS = {shards}
    ENDS = {ends}
    CALLED = pathlib.Path({log!r} + ".called")
    class PushConfigurationError(Exception):
        pass
    def note(line):
        with open({log!r}, "a") as log:
            log.write(json.dumps(line) + "\\n")
    def concluded(event):
        if ENDS:
            return {{"state": ENDS, "error": None}}
        failed = "failure" in event or any("error" in one for one in event["delivered"])
        return {{"state": "failed" if failed else "succeeded", "error": None}}
    def lambda_handler(event, context):
        {body}
"""


class Machine:
    def __init__(self, log: Path, definition: str) -> None:
        self._log, self.client = log, boto3.client("stepfunctions")
        boto3.client("s3").create_bucket(Bucket="lake")
        listed = [{"run_id": "r", "execution": 1, "shard": number, "keys": ["a" * 500] * 90} for number in range(4)]
        boto3.client("s3").put_object(Bucket="lake", Key="runs/r/manifest.json", Body=json.dumps(listed))
        self.arn = self.client.create_state_machine(name=f"m{uuid.uuid4().hex}", definition=definition, roleArn=ROLE)["stateMachineArn"]

    def run(self) -> str:
        execution = self.client.start_execution(stateMachineArn=self.arn, name="r", input='{"run_id": "r", "execution": 1}')["executionArn"]
        end = time.monotonic() + 30
        while (status := self.client.describe_execution(executionArn=execution)["status"]) == "RUNNING":
            assert time.monotonic() < end, "still running"
            time.sleep(0.02)
        return str(status)

    @property
    def noted(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._log.read_text().splitlines()]


@pytest.fixture
def queries(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What Athena was asked, all of which it did at once."""
    from moto.athena.models import Execution

    asked: list[str] = []
    monkeypatch.setattr(Execution, "status", property(lambda self: asked.append(self.query) or "SUCCEEDED", lambda self, value: None))
    monkeypatch.setattr(Execution, "advance", lambda self: None)
    return asked


@pytest.fixture
def machine(
    cloud: None, queries: list[str], make_function: Callable[..., Function], run_lambdas: Callable[..., Lambdas], tmp_path: Path
) -> Iterator[Callable[..., Machine]]:
    def make(*, fails: bool = False, waits: int = 0, ends: str = "", sharded: bool = False) -> Machine:
        log = tmp_path / "log"
        shards = {"manifest": "runs/r/manifest.json" if sharded else "", "shards": 4 if sharded else 0, "workers": 4}
        steps = {**STEPS, "Deliver": DELIVER.format(fails=fails, waits=waits).strip().replace("\n", "\n    ")}
        functions = [make_function(name, HANDLER.format(log=str(log), shards=shards, ends=repr(ends), body=body)) for name, body in steps.items()]
        run_lambdas(*functions)
        definition = DEFINITION.replace("${WorkGroup}", "primary").replace("${Database}", "regulars").replace("${LakeBucket}", "lake")
        for name in steps:
            definition = definition.replace(f"${{{name}FunctionArn}}", name)
        return Machine(log, definition)

    yield make
    stepfunctions.stop_executions()


def test_a_run_that_goes_well_is_recorded_and_concluded_with_every_shard(machine: Callable[..., Machine]) -> None:
    made = machine()
    assert made.run() == "SUCCEEDED"
    concluded = made.noted[-1]
    assert sorted(one["shard"] for one in concluded["delivered"]) == [0, 1, 2, 3]
    assert {"run_id": "r", "execution": 1, "shard": 0} in made.noted


def test_a_shard_that_fails_beside_slow_ones_ends_none_of_them_and_what_went_out_is_recorded_after_all(
    machine: Callable[..., Machine], queries: list[str]
) -> None:
    made = machine(fails=True)
    assert made.run() == "FAILED"
    *before, concluded = made.noted
    assert sorted(line["ended"] for line in before if "ended" in line) == [0, 2, 3]
    assert {"shard": 1, "error": "PushConfigurationError"} in concluded["delivered"]
    assert len(concluded["delivered"]) == 4
    assert queries[-1] == "RECORD"


def test_a_shard_that_waits_for_fcm_is_called_again_after_as_long_as_it_said(machine: Callable[..., Machine]) -> None:
    made = machine(waits=2)
    assert made.run() == "SUCCEEDED"
    assert made.noted.count({"run_id": "r", "execution": 1, "shard": 2}) == 2, "only what names the shard is handed on"
    (waited,) = [line["waited"] for line in made.noted if "waited" in line]
    assert waited >= 2


def test_each_execution_unloads_into_a_folder_of_its_own(machine: Callable[..., Machine], queries: list[str]) -> None:
    made = machine()
    made.run()
    made.arn = made.client.create_state_machine(
        name="again", definition=made.client.describe_state_machine(stateMachineArn=made.arn)["definition"], roleArn=ROLE
    )["stateMachineArn"]
    made.run()
    unloads = {query for query in queries if query.startswith("UNLOAD")}
    assert len(unloads) == 2
    assert all(query.startswith("UNLOAD {} ") and query.endswith(" END") for query in unloads)


@pytest.mark.parametrize("ends", ["paused", "running", "aborted"])
def test_an_execution_ends_well_with_a_run_that_is_paused_aborted_or_goes_on_in_another(
    machine: Callable[..., Machine], queries: list[str], ends: str
) -> None:
    made = machine(ends=ends)
    assert made.run() == "SUCCEEDED"
    assert (made.noted[-1]["execution"], queries[-1]) == (1, "RECORD")


def test_another_execution_of_a_run_that_has_its_shards_asks_athena_to_record_and_no_more(
    machine: Callable[..., Machine], queries: list[str]
) -> None:
    made = machine(sharded=True)
    assert made.run() == "SUCCEEDED"
    assert set(queries) == {"RECORD"}
    assert made.noted[-1]["statistics"]["assign"] == made.noted[-1]["statistics"]["unload"] == {}
