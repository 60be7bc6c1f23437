"""What breaks on the way of a run, seen from outside: the command fails, the run's record says why, and the next run works."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest

from tests.e2e.conftest import Installation

PEOPLE = [f"trouble-{n}" for n in range(5)]
CAMPAIGN = {
    "id": "trouble",
    "name": "Trouble",
    "audience": {"include": ["troubled"]},
    "control": {"percent": 0},
    "message": {"push": {"title": "Hello", "body": "again"}},
}


@pytest.fixture(scope="module")
def audience(installation: Installation) -> Installation:
    """Five people with a device each, a segment of them, and a campaign to them."""
    batch: list[dict[str, Any]] = [
        {
            "type": "track",
            "event": "Trouble Order",
            "userId": person,
            "messageId": f"order-{person}",
            "context": {"device": {"id": f"phone-{person}", "type": "android", "token": f"{person}:APA91b{'t' * 100}"}},
        }
        for person in PEOPLE
    ]
    assert installation.post("/v1/batch", {"batch": batch})[0] == 200
    installation.cli("flush")
    segment = {"id": "troubled", "name": "Troubled", "rule": {"event": "Trouble Order"}}
    assert installation.put("segment", segment).returncode == 0
    assert installation.put("campaign", CAMPAIGN).returncode == 0
    return installation


@pytest.fixture
def double(audience: Installation) -> Iterator[Installation]:
    """The installation, whose FCM double is as new after the test."""
    yield audience
    audience.double("/__admin/reset", {})


def launch(installation: Installation) -> tuple[int, dict[str, Any], str]:
    """Exit status, the run, and what was said on stderr."""
    done = installation.run("campaign", "launch", "trouble", "--yes", "--wait", "--json")
    return done.returncode, json.loads(done.stdout), done.stderr


class Executions:
    """The campaign's state machine, as an operator has it."""

    def __init__(self, installation: Installation) -> None:
        own: dict[str, Any] = {"aws_access_key_id": "outside", "aws_secret_access_key": "outside", "region_name": "us-east-1"}
        self.client = boto3.client("stepfunctions", endpoint_url=installation.info["aws"], **own)
        machines = self.client.list_state_machines()["stateMachines"]
        (self.machine,) = [each["stateMachineArn"] for each in machines if each["name"].endswith("-campaign")]

    def start(self, name: str, run_id: str) -> str:
        """How it ended."""
        arn = self.client.start_execution(stateMachineArn=self.machine, name=name, input=json.dumps({"run_id": run_id, "execution": 1}))[
            "executionArn"
        ]
        return str(eventually(lambda: self.client.describe_execution(executionArn=arn)["status"], lambda status: status != "RUNNING"))

    def stop(self, name: str) -> None:
        self.client.stop_execution(executionArn=self.arn(name), error="Why", cause="in words")

    def arn(self, name: str) -> str:
        return f"{self.machine.replace(':stateMachine:', ':execution:')}:{name}"


def eventually(look: Callable[[], Any], good: Callable[[Any], bool]) -> Any:
    end = time.monotonic() + 60
    while not good(found := look()):
        assert time.monotonic() < end, f"still {found}"
        time.sleep(0.05)
    return found


def states_of(installation: Installation, run_id: str) -> list[str]:
    """The states that a run's execution entered, in order, and at last its status."""
    executions = Executions(installation)
    execution = executions.arn(run_id)
    events = executions.client.get_execution_history(executionArn=execution)["events"]
    entered = [event["stateEnteredEventDetails"]["name"] for event in events if "stateEnteredEventDetails" in event]
    return [*entered, executions.client.describe_execution(executionArn=execution)["status"]]


def abort(installation: Installation, run_id: str) -> dict[str, Any]:
    """The run, counted."""
    assert installation.json("campaign", "abort", run_id)["state"] == "aborted"
    run: dict[str, Any] = eventually(lambda: installation.json("campaign", "status", run_id), lambda found: found["concluded_at"] is not None)
    return run


def test_a_run_with_refused_credentials_is_paused_and_says_what_to_mend(double: Installation) -> None:
    double.double("/__admin/faults", {"rates": {"403": 1.0}})
    code, run, told = launch(double)
    assert code != 0
    assert (run["state"], run["error"]["code"]) == ("paused", "push_configuration")
    assert "FCM refuses" in run["error"]["message"]
    assert run["error"]["message"] in told
    counted = abort(double, run["run_id"])["counts"]
    assert (counted["sent"], counted["pushes"], counted["audience"]) == (0, 0, len(PEOPLE))


def test_what_went_out_before_a_run_was_paused_is_in_the_lake_and_once_mended_it_reaches_everybody_else(double: Installation) -> None:
    double.double("/__admin/faults", {"rates": {"401": 0.5}, "seed": 3})  # three are sent, and two are refused with the renewed token too
    since = double.double("/__admin/messages?since=0")["next"]
    _, run, _ = launch(double)
    run_id, state = run["run_id"], run["state"]
    path = eventually(lambda: states_of(double, run_id), lambda found: found[-1] != "RUNNING")
    assert (state, path[path.index("DeliverAll") + 1 :]) == ("paused", ["Record", "Conclude", "Concluded", "Failed", "FAILED"])
    accepted = [message for message in double.double(f"/__admin/messages?since={since}")["messages"] if message["answer"] == 200]
    ((kept,),) = double.sql(f"SELECT count(*) FROM deliveries WHERE outcome = 'sent' AND run_id = '{run_id}'")
    assert double.json("campaign", "status", run_id)["counts"]["sent"] == kept == len(accepted) >= 2
    double.double("/__admin/faults", {"rates": {}})
    mended = double.json("campaign", "resume", run_id, "--wait")
    assert (mended["run_id"], mended["state"], mended["counts"]["sent"]) == (run_id, "succeeded", len(PEOPLE))
    took = pushes(double, run_id)
    assert (len(took), set(took.values())) == (len(PEOPLE), {1})
    assert states_of(double, f"{run_id}-2")[:3] == ["Plan", "HasItsShards", "GoOn"]


def test_a_run_names_the_snapshots_that_its_audience_is_from(double: Installation) -> None:
    _, run, _ = launch(double)
    ((newest,),) = double.sql('SELECT snapshot_id FROM "events$snapshots" ORDER BY committed_at DESC LIMIT 1')
    assert run["snapshots"]["events"] == str(newest)


def test_one_device_that_is_refused_without_a_reason_stops_nobody(double: Installation) -> None:
    double.double("/__admin/faults", {"tokens": {f"{PEOPLE[0]}:APA91b{'t' * 100}": "PERMISSION_DENIED"}})
    code, run, _ = launch(double)
    assert (code, run["state"]) == (0, "succeeded")
    assert (run["counts"]["sent"], run["counts"]["failed"]) == (len(PEOPLE) - 1, {"refused": 1})


def halfway(installation: Installation, campaign: str, *, per_second: int) -> str:
    """A run of its own campaign, when its first push has gone out."""
    slow = {**CAMPAIGN, "id": campaign, "name": campaign, "delivery": {"per_second": per_second}}
    assert installation.put("campaign", slow).returncode == 0
    run_id: str = installation.json("campaign", "launch", campaign, "--yes")["run_id"]
    eventually(lambda: pushes(installation, run_id), lambda found: sum(found.values()) > 0)
    return run_id


def pushes(installation: Installation, run_id: str) -> Counter[str]:
    """How many the double took of a run, by token."""
    messages = [each["body"]["message"] for each in installation.double("/__admin/messages?since=0")["messages"] if each["answer"] == 200]
    return Counter(message["token"] for message in messages if message["data"]["run_id"] == run_id)


def test_a_run_that_is_stopped_half_way_and_resumed_reaches_everybody_once(double: Installation) -> None:
    run_id = halfway(double, "stopped", per_second=3)
    Executions(double).stop(run_id)
    run = double.json("campaign", "resume", run_id, "--wait")
    took = pushes(double, run_id)
    assert (run["run_id"], run["state"], run["counts"]["sent"], run["counts"]["unknown"]) == (run_id, "succeeded", len(PEOPLE), 0)
    assert (len(took), set(took.values())) == (len(PEOPLE), {1})
    assert states_of(double, f"{run_id}-2")[-1] == "SUCCEEDED"


def test_a_run_that_is_started_twice_and_again_after_its_end_reaches_everybody_once(double: Installation) -> None:
    run_id = halfway(double, "twice", per_second=20)
    executions = Executions(double)
    assert executions.start("beside", run_id) == "SUCCEEDED"
    run = eventually(lambda: double.json("campaign", "status", run_id), lambda found: found["state"] == "succeeded")
    assert run["counts"]["sent"] == len(PEOPLE)
    assert executions.start("afterwards", run_id) == "SUCCEEDED"
    assert states_of(double, "afterwards") == ["Plan", "HadEnded", "Concluded", "Done", "SUCCEEDED"]
    assert double.json("campaign", "status", run_id) == run
    took = pushes(double, run_id)
    assert (len(took), set(took.values())) == (len(PEOPLE), {1})
    refused = double.run("campaign", "resume", run_id)
    assert (refused.returncode, "nobody is left to send to" in refused.stderr) == (1, True)
