"""A template deployed under an authority: policies that can't be judged by, and services that lack what they will need."""

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local.iam.authority import Authority
from local.resources.stack import Stack
from local.template.errors import TemplateError

ACCOUNT = "123456789012"
LOGS = ["logs:CreateLogStream", "logs:PutLogEvents"]
POLL = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
DELIVERY = [
    "logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery", "logs:ListLogDeliveries",
    "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups",
]  # fmt: skip

Resources = dict[str, Any]
Deploy = Callable[[Resources], Authority]


@pytest.fixture
def deployed(cloud: None, tmp_path: Path) -> Deploy:
    """Deploys resources whose code lies in a folder of its own, and gives the authority that judged."""
    (tmp_path / "code").mkdir()
    numbers = itertools.count(1)

    def run(resources: Resources) -> Authority:
        authority = Authority()
        Stack(f"s{next(numbers)}", checkout=tmp_path, invoke=lambda function, event: None, authority=authority).deploy({"Resources": resources}, {})
        return authority

    return run


def role(*actions: str, **more: Any) -> Resources:
    statement = {"Sid": "May", "Effect": "Allow", "Action": list(actions), "Resource": "*", **more}
    policy = {"PolicyName": "p", "PolicyDocument": {"Statement": [statement]}}
    return {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}, "Policies": [policy]}}


def got(name: str) -> Resources:
    return {"Fn::GetAtt": [name, "Arn"]}


def function() -> Resources:
    code = {"S3Bucket": "local", "S3Key": "code"}
    return {"Type": "AWS::Lambda::Function", "Properties": {"Handler": "h.h", "Runtime": "python3.13", "Code": code, "Role": got("Role")}}


def test_a_condition_that_nobody_understands_is_refused_with_its_place(deployed: Deploy) -> None:
    with pytest.raises(
        TemplateError, match=r"Resources\.Role\.Properties\.Policies: statement May: the condition StringLike s3:prefix is not understood"
    ):
        deployed({"Role": role("s3:ListBucket", Condition={"StringLike": {"s3:prefix": "raw/*"}})})


def test_a_machine_that_logs_must_be_allowed_to(deployed: Deploy) -> None:
    logging = {"Level": "ERROR", "Destinations": [{"CloudWatchLogsLogGroup": {"LogGroupArn": got("Group")}}]}
    definition = json.dumps({"StartAt": "S", "States": {"S": {"Type": "Succeed"}}})
    machine = {"DefinitionString": definition, "RoleArn": got("Role"), "LoggingConfiguration": logging}
    rest = {"Group": {"Type": "AWS::Logs::LogGroup"}, "Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": machine}}
    with pytest.raises(
        TemplateError, match=r"Resources\.Machine: User: .*role/s1-Role/s1-Machine is not authorized to perform: logs:CreateLogDelivery"
    ):
        deployed({"Role": role("lambda:InvokeFunction"), **rest})
    deployed({"Role": role(*DELIVERY), **rest})


def test_a_schedule_must_be_allowed_to_call_its_target_and_to_give_up(deployed: Deploy) -> None:
    target = {"Arn": got("Queue"), "RoleArn": got("Role"), "DeadLetterConfig": {"Arn": got("Dead")}}
    schedule = {"ScheduleExpression": "rate(1 hour)", "FlexibleTimeWindow": {"Mode": "OFF"}, "Target": target}
    queues = {name: {"Type": "AWS::SQS::Queue"} for name in ("Queue", "Dead")}
    rest = {**queues, "Hourly": {"Type": "AWS::Scheduler::Schedule", "Properties": schedule}}
    only_the_first = {"Sid": "May", "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": got("Queue")}
    with pytest.raises(TemplateError, match=rf"Resources\.Hourly: .* sqs:SendMessage on resource: arn:aws:sqs:us-east-1:{ACCOUNT}:s1-Dead"):
        deployed({"Role": role("sqs:SendMessage", **only_the_first), **rest})
    deployed({"Role": role("sqs:SendMessage"), **rest})


def test_a_function_must_be_allowed_to_write_its_log(deployed: Deploy) -> None:
    with pytest.raises(
        TemplateError, match=r"Resources\.Function: .* logs:PutLogEvents on resource: arn:aws:logs:.*:log-group:/aws/lambda/s1-Function"
    ):
        deployed({"Role": role("logs:CreateLogStream"), "Function": function()})


@pytest.mark.parametrize("missing", POLL)
def test_a_mapping_must_be_allowed_to_poll_its_queue(deployed: Deploy, missing: str) -> None:
    mapping = {"EventSourceArn": got("Queue"), "FunctionName": {"Ref": "Function"}}
    rest = {"Queue": {"Type": "AWS::SQS::Queue"}, "Function": function(), "Poll": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": mapping}}
    with pytest.raises(TemplateError, match=rf"Resources\.Poll: .*role/s1-Role/s1-Function is not authorized to perform: {missing} on"):
        deployed({"Role": role(*LOGS, *(action for action in POLL if action != missing)), **rest})


def test_a_function_without_a_role_is_refused(deployed: Deploy) -> None:
    bare = function()
    del bare["Properties"]["Role"]
    with pytest.raises(TemplateError, match="s1-Function: it has no role, and needs one for logs:CreateLogStream"):
        deployed({"Function": bare})


def test_a_failure_destination_must_be_reachable_with_the_functions_role(deployed: Deploy) -> None:
    destinations = {"OnFailure": {"Destination": got("Queue")}}
    config = {"FunctionName": {"Ref": "Function"}, "Qualifier": "$LATEST", "DestinationConfig": destinations}
    rest = {"Queue": {"Type": "AWS::SQS::Queue"}, "Function": function(), "Later": {"Type": "AWS::Lambda::EventInvokeConfig", "Properties": config}}
    with pytest.raises(TemplateError, match=r"Resources\.Later: .* sqs:SendMessage on"):
        deployed({"Role": role(*LOGS), **rest})
    authority = deployed({"Role": role(*LOGS, "sqs:SendMessage"), **rest})
    assert {use.request.action for use in authority.uses()} == {*LOGS, "sqs:SendMessage"}
