"""What an operator sees of the running platform: logs, alarms, and what they say to do; and the faults that one may ask for."""

import json
import time
import urllib.request
from typing import Any

import boto3

from tests.e2e.conftest import Installation


def test_what_a_function_logs_can_be_read(installation: Installation) -> None:
    event = {"type": "track", "event": "Logged", "userId": "ada", "messageId": "logged"}
    assert installation.post("/v1/batch", {"batch": [event]})[0] == 200
    assert "METRIC EventsAccepted=1" in installation.cli("logs", "collect", "--since", "10m")
    refused = installation.run("logs", "nobody", "--json")
    assert (refused.returncode, json.loads(refused.stderr)["code"]) == (1, "invalid_request")


def test_a_dead_letter_makes_an_alarm_ring_and_the_doctor_says_what_to_do(installation: Installation) -> None:
    own: dict[str, Any] = {
        "endpoint_url": installation.info["aws"],
        "region_name": "us-east-1",
        "aws_access_key_id": "a",
        "aws_secret_access_key": "a",
    }
    sqs = boto3.client("sqs", **own)
    queue = sqs.get_queue_url(QueueName="regulars-local-EventDeadLetterQueue")["QueueUrl"]
    sqs.send_message(QueueUrl=queue, MessageBody="a batch that could not be loaded")
    end = time.monotonic() + 20
    while not ringing(installation) and time.monotonic() < end:
        time.sleep(0.2)
    assert ringing(installation) == ["regulars-local-EventDeadLetterAlarm"]
    doctor = installation.run("doctor")
    assert doctor.returncode == 1
    assert "docs/operations.md says how to bring them back" in doctor.stderr
    assert "`regulars dlq list events` says why" in doctor.stderr
    assert [each["cause"] for each in installation.json("dlq", "list", "events")["causes"]] == ["unreadable_request"]
    refused = installation.run("dlq", "forget", "events", "--all", "--json")
    assert (refused.returncode, json.loads(refused.stderr)["code"]) == (3, "needs_yes")
    assert installation.cli("dlq", "forget", "events", "--all", "--yes") == "1 dead letter forgotten, 0 are left.\n"
    assert "dead_letters" not in {each["code"] for each in health(installation)["concerns"]}


def health(installation: Installation) -> Any:
    return json.loads(installation.run("doctor", "--json").stdout)


def ringing(installation: Installation) -> list[str]:
    return [each["name"] for each in health(installation)["alarms"] if each["state"] == "alarm" and "Dead" in each["name"]]


def test_faults_can_be_asked_for_while_it_runs(installation: Installation) -> None:
    def asked(body: dict[str, Any]) -> Any:
        request = urllib.request.Request(installation.info["api"] + "/__admin/faults", json.dumps(body).encode(), method="POST")
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())

    assert asked({"throttle": {"sqs": 1}})["throttle"] == {"sqs": 1}
    try:
        event = {"type": "track", "event": "Throttled", "userId": "ada", "messageId": "throttled"}
        assert installation.post("/v1/batch", {"batch": [event]})[0] == 429
    finally:
        asked({"throttle": None})
    assert installation.post("/v1/batch", {"batch": [event]})[0] == 200
