"""What every Heartbeat does, real or fake; and what the real one asks EventBridge Scheduler and Lambda for."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from regulars.adapters import journey_heartbeat
from regulars.adapters.journey_heartbeat import NAME, JourneyHeartbeat
from regulars.domain.errors import RunnerUnavailableError
from regulars.ports import Heartbeat
from tests.contracts.suite import suite
from tests.fakes.journeys import MemoryHeartbeat

ARNS = {"function": "arn:aws:lambda:us-east-1:123456789012:function:wake", "role": "arn:aws:iam::123456789012:role/wake"}


class Mappings:
    """Lambda's, of which the first may be busy being switched: it is told nothing then."""

    def __init__(self) -> None:
        self.states = {"one": "Disabled", "two": "Disabled"}
        self.busy, self.refuses, self.updates = False, "", 0

    def get_event_source_mapping(self, *, UUID: str) -> dict[str, Any]:  # noqa: N803
        if self.refuses:
            raise ClientError({"Error": {"Code": self.refuses, "Message": "it is a test"}}, "GetEventSourceMapping")
        return {"State": self.states[UUID]}

    def update_event_source_mapping(self, *, UUID: str, Enabled: bool) -> None:  # noqa: N803
        if self.busy and UUID == "one":
            raise ClientError({"Error": {"Code": "ResourceInUseException", "Message": "it is a test"}}, "UpdateEventSourceMapping")
        self.states[UUID] = "Enabling" if Enabled else "Disabling"
        self.updates += 1


@pytest.fixture
def mappings(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mappings]:
    made = Mappings()
    boto3.client("scheduler").create_schedule_group(Name="journeys")
    monkeypatch.setattr(journey_heartbeat, "client", lambda service: made if service == "lambda" else boto3.client(service))
    return made


@pytest.fixture
def aws_heartbeat(mappings: Mappings) -> Heartbeat:
    return JourneyHeartbeat(group="journeys", mappings=("one", "two"), **ARNS)


heartbeat = suite(Heartbeat, adapter="aws_heartbeat", fake=MemoryHeartbeat)


def schedules() -> list[str]:
    return [each["Name"] for each in boto3.client("scheduler").list_schedules(GroupName="journeys")["Schedules"]]


def test_beginning_and_ending_may_be_repeated(heartbeat: Heartbeat) -> None:
    for _ in range(2):
        heartbeat.begin()
    for _ in range(2):
        heartbeat.end()
    heartbeat.begin()


def test_while_it_beats_a_sweep_is_made_each_minute_and_both_queues_are_looked_into(aws_heartbeat: Heartbeat, mappings: Mappings) -> None:
    aws_heartbeat.begin()
    made = boto3.client("scheduler").get_schedule(Name=NAME, GroupName="journeys")
    assert (made["ScheduleExpression"], made["Target"]["Arn"], made["Target"]["RoleArn"]) == ("rate(1 minute)", *ARNS.values())
    assert mappings.states == {"one": "Enabling", "two": "Enabling"}
    aws_heartbeat.begin()
    assert mappings.updates == 2
    aws_heartbeat.end()
    assert (schedules(), mappings.states) == ([], {"one": "Disabling", "two": "Disabling"})


def test_a_queue_that_is_being_switched_is_left_to_the_next_sweep(aws_heartbeat: Heartbeat, mappings: Mappings) -> None:
    mappings.busy = True
    aws_heartbeat.begin()
    assert mappings.states == {"one": "Disabled", "two": "Enabling"}
    mappings.busy = False
    aws_heartbeat.begin()
    assert mappings.states == {"one": "Enabling", "two": "Enabling"}
    mappings.busy = True
    aws_heartbeat.end()
    assert schedules() == [NAME]  # for it has to come again
    mappings.busy = False
    aws_heartbeat.end()
    assert schedules() == []


def test_a_service_that_refuses_is_told_in_our_words(aws_heartbeat: Heartbeat, mappings: Mappings) -> None:
    mappings.refuses = "TooManyRequestsException"
    with pytest.raises(RunnerUnavailableError):
        aws_heartbeat.begin()
