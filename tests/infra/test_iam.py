"""Least privilege, tested on the translated template: explicit statements, a Sid that says what for, and a short list of wildcards with reasons.

That they suffice, and that each is needed, tests/e2e shows.
"""

import re
from collections.abc import Iterator
from typing import Any

from local.iam import aws_managed
from regulars.domain.analysis import readable

WILDCARD_RESOURCES = {
    "LookAround": "athena:ListDataCatalogs and athena:ListWorkGroups have none (Service Authorization Reference, Amazon Athena)",
    "SeeHowLongMessagesWait": "cloudwatch:GetMetricData has none (Service Authorization Reference, Amazon CloudWatch)",
    "SeeTheAlarms": "cloudwatch:DescribeAlarms is judged by all alarms unless it names each (CloudWatch API Reference, DescribeAlarms)",
    "ListSchedules": "scheduler:ListSchedules has none (Service Authorization Reference, Amazon EventBridge Scheduler)",
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
    ("MeasureFunctionEveryNightRole", "lambda:InvokeFunction"): "the schedule's own role",
    ("RefreshFunctionEveryQuarterHourRole", "lambda:InvokeFunction"): "the schedule's own role",
    ("SweepFunctionEveryQuarterHourRole", "lambda:InvokeFunction"): "the schedule's own role",
    ("WakeFunctionEveryMinuteRole", "lambda:InvokeFunction"): "the schedule's own role",
    ("UpkeepStateMachineEveryNightRole", "states:StartExecution"): "the schedule's own role",
    ("CurateFunctionRole", "sqs:SendMessage"): "the destination of failed asynchronous invocations",
    ("StartOccurrenceFunctionRole", "sqs:SendMessage"): "the destination of failed asynchronous invocations",
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


def test_only_what_sends_may_read_the_service_account(resources: dict[str, Any]) -> None:
    readers = {role for role, statement in statements(resources) if "secretsmanager:GetSecretValue" in as_list(statement["Action"])}
    assert readers == {"AdvanceFunctionRole", "CheckMessageFunctionRole", "DeliverFunctionRole"}


def test_collect_may_do_nothing_but_send_to_queues_look_a_key_up_and_know_what_plans_say(resources: dict[str, Any]) -> None:
    """Beside KnowJourneysPolicy, which is that of all who have to know what journeys wait for."""
    found = {statement["Sid"]: statement for role, statement in statements(resources) if role == "CollectFunctionRole"}
    assert {name: as_list(statement["Action"]) for name, statement in found.items()} == {
        "HandEventsOver": ["sqs:SendMessage"],
        "HandOverWhatJourneysWaitFor": ["sqs:SendMessage"],
        "ReadTrackingPlans": ["dynamodb:Query"],
        "LookKeysUp": ["dynamodb:GetItem"],
    }
    assert found["LookKeysUp"]["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["key#*"]}}
    assert found["ReadTrackingPlans"]["Condition"] == {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["plan#latest"]}}


def test_who_has_to_know_what_journeys_wait_for_sees_nobody_who_is_in_them(resources: dict[str, Any]) -> None:
    found = {statement["Sid"]: statement for role, statement in statements(resources) if role == "KnowJourneysPolicy"}
    assert found["SeeWhichJourneysRun"]["Condition"] == {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["!registry"]}}


def test_nobody_can_change_policies_or_pass_a_role_but_those_of_schedules_to_the_scheduler(resources: dict[str, Any]) -> None:
    found = [(role, statement) for role, statement in statements(resources) if any(each.startswith("iam:") for each in as_list(statement["Action"]))]
    assert {(owner, statement["Action"], statement["Resource"]["Fn::GetAtt"][0]) for owner, statement in found} == {
        ("ManageSchedulesPolicy", "iam:PassRole", "ScheduleRole"),
        ("PollFeedsFunctionRole", "iam:PassRole", "FeedScheduleRole"),
        ("WakeFunctionRole", "iam:PassRole", "WakeScheduleRole"),
    }
    assert all(statement["Condition"] == {"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}} for _, statement in found)


def test_schedules_of_feeds_can_do_nothing_but_have_them_polled(resources: dict[str, Any]) -> None:
    ((action, resource),) = [(each["Action"], each["Resource"]["Fn::Sub"]) for role, each in statements(resources) if role == "FeedScheduleRole"]
    assert action == "lambda:InvokeFunction" and resource.endswith(":function:regulars-${Stage}-poll-feeds")


def test_the_schedule_of_journeys_can_do_nothing_but_have_sweeps_made(resources: dict[str, Any]) -> None:
    ((action, resource),) = [(each["Action"], each["Resource"]["Fn::Sub"]) for role, each in statements(resources) if role == "WakeScheduleRole"]
    assert action == "lambda:InvokeFunction" and resource.endswith(":function:regulars-${Stage}-wake")


def test_only_admin_and_sweep_make_schedules_and_those_can_do_nothing_but_start_occurrences(resources: dict[str, Any]) -> None:
    holders = {
        name
        for name, each in resources.items()
        if each["Type"] == "AWS::IAM::Role" and {"Ref": "ManageSchedulesPolicy"} in each["Properties"].get("ManagedPolicyArns", [])
    }
    assert holders == {"AdminFunctionRole", "SweepFunctionRole"}
    may = [(statement["Action"], statement["Resource"]["Fn::GetAtt"][0]) for role, statement in statements(resources) if role == "ScheduleRole"]
    assert may == [("lambda:InvokeFunction", "StartOccurrenceFunction"), ("sqs:SendMessage", "OccurrenceDeadLetterQueue")]
    trust = resources["ScheduleRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]
    assert trust["Condition"]["StringEquals"]["aws:SourceArn"] == {"Fn::GetAtt": ["ScheduleGroup", "Arn"]}


def test_sql_of_ones_own_reads_what_a_reader_of_the_lake_may_and_writes_nothing_but_its_results(resources: dict[str, Any]) -> None:
    query, reader = (granted(resources, name) for name in ("QueryFunctionRole", "LakeReaderPolicy"))
    assert set(query) <= set(reader)
    star = [each for name, each in statements(resources) if name == "QueryFunctionRole" and each["Sid"] == "ReadTheStar"]
    assert {re.findall(r"/lake/(\w+)/", str(each))[0] for each in star[0]["Resource"]} == {table.name for table in readable.TABLES}
    writes = [each for each in query if "Put" in each or "Update" in each or "Delete" in each or "Create" in each]
    assert writes == ["s3:PutObject"] and "query-results/analysts/" in query["s3:PutObject"]


ATHENA_ASKS_FOR = {
    "athena:StartQueryExecution",
    "athena:StopQueryExecution",
    "athena:GetQueryExecution",
    "athena:GetDataCatalog",
    "s3:GetBucketLocation",
    "s3:GetObject",
    "s3:ListBucket",
    "s3:ListBucketMultipartUploads",
    "s3:ListMultipartUploadParts",
    "s3:AbortMultipartUpload",
    "s3:PutObject",
    "glue:GetDatabase",
    "glue:GetDatabases",
    "glue:GetTable",
    "glue:GetTables",
    "glue:GetPartition",
    "glue:GetPartitions",
    "glue:BatchGetPartition",
}
"""The guide's example for StartQueryExecution.sync, without what makes and deletes databases, tables and partitions (each statement's own
permissions are granted where it is run), without s3:CreateBucket, and without lakeformation:GetDataAccess, which only a lake that Lake Formation
governs wants: https://docs.aws.amazon.com/step-functions/latest/dg/athena-iam.html"""


def granted(resources: dict[str, Any], of: str) -> dict[str, str]:
    """Each action of a role or policy with its resources, as text."""
    return {action: str(statement["Resource"]) for name, statement in statements(resources) if name == of for action in as_list(statement["Action"])}


def test_whoever_queries_has_what_athenas_own_example_lists(resources: dict[str, Any]) -> None:
    assert set(granted(resources, "QueryLakePolicy")) >= ATHENA_ASKS_FOR


def test_whoever_queries_finds_the_default_database_too(resources: dict[str, Any]) -> None:
    """Mandatory: https://docs.aws.amazon.com/athena/latest/ug/fine-grained-access-to-glue-resources.html"""
    found = granted(resources, "QueryLakePolicy")
    assert "database/default" in found["glue:GetDatabase"]
    assert ":catalog" in found["glue:GetDatabases"]


def test_whoever_writes_objects_through_athena_may_write_them_in_parts(resources: dict[str, Any]) -> None:
    """A large result is a multipart upload, which may have to be looked at and given up: https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuAndPermissions.html"""
    for name in ("QueryLakePolicy", "WriteLakePolicy", "CampaignStateMachineRole"):
        parts = [set(as_list(each["Action"])) for role, each in statements(resources) if role == name and "s3:PutObject" in as_list(each["Action"])]
        assert parts and all({"s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"} <= actions for actions in parts), name


def test_the_distributed_map_may_follow_its_children_by_the_guides_form_of_arn_and_by_their_own(resources: dict[str, Any]) -> None:
    """StartExecution takes the state machine, the others the executions: https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html;
    a child's ARN is execution:NAME/LABEL:ID. RedriveExecution, of the second form, is nobody's: a run is launched again instead.
    """
    found = granted(resources, "CampaignStateMachineRole")
    assert ":stateMachine:regulars-${Stage}-campaign'" in found["states:StartExecution"]
    for action in ("states:DescribeExecution", "states:StopExecution"):
        assert ":execution:regulars-${Stage}-campaign:*" in found[action]
        assert ":execution:regulars-${Stage}-campaign/*" in found[action]
    assert not [action for _, statement in statements(resources) for action in as_list(statement["Action"]) if action == "states:RedriveExecution"]
