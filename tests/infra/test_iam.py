"""Least privilege, tested on the translated template: explicit statements, a Sid that says what for, and a short list of wildcards with reasons.

That they suffice, and that each is needed, tests/e2e shows.
"""

from collections.abc import Iterator
from typing import Any

from local.iam import aws_managed

WILDCARD_RESOURCES = {
    "DeliverLogs": "log delivery of Step Functions has no resource-level permissions (Step Functions Developer Guide, CloudWatch Logs)",
}
MANAGED = {
    "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole": "writing its own log; SAM adds it to every function",
    "service-role/AWSLambdaSQSQueueExecutionRole": "SAM adds it to consumers of a queue",
}


def statements(resources: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, resource in resources.items():
        if resource["Type"] == "AWS::IAM::Role":
            for policy in resource["Properties"].get("Policies", []):
                for statement in policy["PolicyDocument"]["Statement"]:
                    yield name, statement
        elif resource["Type"] == "AWS::IAM::ManagedPolicy":
            for statement in resource["Properties"]["PolicyDocument"]["Statement"]:
                yield name, statement


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


ADDED_BY_SAM = {
    ("CurateFunctionEveryQuarterHourRole", "lambda:InvokeFunction"): "the schedule's own role",
    ("CurateFunctionRole", "sqs:SendMessage"): "the destination of failed asynchronous invocations",
}


def test_every_statement_says_what_for(resources: dict[str, Any]) -> None:
    for role, statement in statements(resources):
        assert statement.get("Sid") or (role, statement["Action"]) in ADDED_BY_SAM, f"{role}: {statement}"


def test_no_action_is_a_wildcard(resources: dict[str, Any]) -> None:
    for role, statement in statements(resources):
        assert not any("*" in action for action in as_list(statement["Action"])), f"{role}: {statement['Action']}"


def test_a_wildcard_resource_has_a_reason_on_the_list(resources: dict[str, Any]) -> None:
    for role, statement in statements(resources):
        if "*" in as_list(statement["Resource"]):
            assert statement.get("Sid") in WILDCARD_RESOURCES, f"{role}: {statement}"


def test_only_known_managed_policies_of_aws_are_attached(resources: dict[str, Any]) -> None:
    for name, resource in resources.items():
        if resource["Type"] == "AWS::IAM::Role":
            for arn in resource["Properties"].get("ManagedPolicyArns", []):
                if isinstance(arn, str):
                    assert any(arn.endswith(known) for known in MANAGED), f"{name}: {arn}"
                else:
                    assert "Ref" in arn or "Fn::If" in arn, f"{name}: {arn}"


def test_the_local_cloud_knows_the_managed_policies_that_are_on_the_list() -> None:
    assert {arn.rsplit("/", 1)[-1] for arn in MANAGED} == set(aws_managed.DOCUMENTS)


def test_only_deliver_may_read_the_service_account(resources: dict[str, Any]) -> None:
    readers = {role for role, statement in statements(resources) if "secretsmanager:GetSecretValue" in as_list(statement["Action"])}
    assert readers == {"DeliverFunctionRole"}


def test_collect_may_do_nothing_but_send_to_its_queue(resources: dict[str, Any]) -> None:
    allowed = [as_list(statement["Action"]) for role, statement in statements(resources) if role == "CollectFunctionRole"]
    assert allowed == [["sqs:SendMessage"]]


def test_nobody_can_pass_roles_or_change_policies(resources: dict[str, Any]) -> None:
    for role, statement in statements(resources):
        assert not any(action.startswith("iam:") for action in as_list(statement["Action"])), role
