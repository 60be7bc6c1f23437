"""A night's upkeep on the running platform: fewer files, the same answers."""

import time
from typing import Any

import boto3

from tests.e2e.conftest import Installation

NAME = "Kept Tidy"
ANSWER = f"SELECT user_id, event_ts FROM events WHERE event_name = '{NAME}' ORDER BY 1"


def files(installation: Installation) -> int:
    return int(installation.sql(f"SELECT sum(file_count) FROM \"events$partitions\" WHERE partition.event_name = '{NAME}'")[0][0])


def night(installation: Installation) -> dict[str, Any]:
    """Starts the state machine, as the schedule does, and waits for its end."""
    own: dict[str, Any] = {"region_name": "us-east-1", "aws_access_key_id": "any", "aws_secret_access_key": "any"}
    machines = boto3.client("stepfunctions", endpoint_url=installation.info["aws"], **own)
    (arn,) = [found["stateMachineArn"] for found in machines.list_state_machines()["stateMachines"] if found["name"].endswith("-upkeep")]
    execution = machines.start_execution(stateMachineArn=arn)["executionArn"]
    while (found := machines.describe_execution(executionArn=execution))["status"] == "RUNNING":
        time.sleep(0.05)
    return dict(found)


def test_a_night_joins_small_files_and_changes_no_answer(installation: Installation) -> None:
    for n in range(6):
        installation.sql(f"INSERT INTO events (user_id, event_name, event_ts) VALUES ('u{n}', '{NAME}', TIMESTAMP '2026-03-01 10:00:00')")
    before = installation.sql(ANSWER)
    assert files(installation) == len(before) == 6
    assert night(installation)["status"] == "SUCCEEDED"
    assert (files(installation), installation.sql(ANSWER)) == (1, before)
