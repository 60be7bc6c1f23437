"""An execution that is stopped is stopped, and says why."""

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

WAITS = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 3, "Next": "Done"}, "Done": {"Type": "Succeed"}}}


@pytest.fixture
def stopped(cloud: None) -> Any:
    """A client, and the ARN of an execution that was stopped in the middle of a state."""
    client = boto3.client("stepfunctions")
    role = "arn:aws:iam::123456789012:role/machine"
    machine = client.create_state_machine(name="waits", definition=json.dumps(WAITS), roleArn=role)["stateMachineArn"]
    execution = client.start_execution(stateMachineArn=machine, name="one")["executionArn"]
    client.stop_execution(executionArn=execution, error="Why", cause="in words")
    return client, execution


def test_it_is_aborted_at_once_with_error_and_cause(stopped: Any) -> None:
    client, execution = stopped
    found = client.describe_execution(executionArn=execution)
    assert (found["status"], found["error"], found["cause"]) == ("ABORTED", "Why", "in words")
    assert found["stopDate"] >= found["startDate"]


def test_it_cannot_be_redriven_here(stopped: Any) -> None:
    client, execution = stopped
    with pytest.raises(ClientError, match="the local cloud redrives no executions") as refused:
        client.redrive_execution(executionArn=execution)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
