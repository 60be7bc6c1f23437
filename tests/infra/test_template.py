"""What must hold of the template whatever is added to it."""

import ast
from pathlib import Path
from typing import Any

import pytest

from tests.infra.stems import pascal

ROOT = Path(__file__).parents[2]
FUNCTIONS = sorted(path.parent.name for path in (ROOT / "functions").glob("*/handler.py"))


def of_type(resources: dict[str, Any], kind: str) -> dict[str, Any]:
    return {name: resource for name, resource in resources.items() if resource["Type"] == kind}


def test_every_function_has_one_stem_from_folder_to_environment(source: dict[str, Any]) -> None:
    declared = {name: r for name, r in source["Resources"].items() if r["Type"] == "AWS::Serverless::Function"}
    assert sorted(declared) == sorted(f"{pascal(stem)}Function" for stem in FUNCTIONS)
    for stem in FUNCTIONS:
        properties = declared[f"{pascal(stem)}Function"]["Properties"]
        assert (properties["CodeUri"], properties["Handler"]) == ("functions", f"{stem}.handler.lambda_handler")
        assert properties["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"] == stem
        assert properties["LoggingConfig"]["LogGroup"] == {"Ref": f"{pascal(stem)}LogGroup"}


@pytest.mark.parametrize("stem", FUNCTIONS)
def test_every_function_has_real_payloads_a_use_case_and_a_test(stem: str) -> None:
    assert list((ROOT / "events" / stem).glob("*.json")), f"events/{stem}/ has no payload"
    assert any(name.startswith("regulars.usecases.") for name in imported(ROOT / "functions" / stem)), f"functions/{stem} calls no use case"
    assert f"functions.{stem}.handler" in imported(ROOT / "tests/functions"), f"no test of functions/{stem}"


def imported(folder: Path) -> set[str]:
    """Every name that the folder's modules import, as `module.name`, and the modules themselves."""
    found: set[str] = set()
    for node in (node for path in folder.rglob("*.py") for node in ast.walk(ast.parse(path.read_text()))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_every_event_folder_belongs_to_a_function() -> None:
    assert {path.name for path in (ROOT / "events").iterdir()} <= set(FUNCTIONS)


def test_every_log_group_expires(resources: dict[str, Any]) -> None:
    assert all("RetentionInDays" in group["Properties"] for group in of_type(resources, "AWS::Logs::LogGroup").values())


def test_every_queue_is_encrypted_and_every_consumed_queue_has_a_dead_letter_queue(resources: dict[str, Any]) -> None:
    queues = of_type(resources, "AWS::SQS::Queue")
    assert all(queue["Properties"].get("SqsManagedSseEnabled") for queue in queues.values())
    consumed = {m["Properties"]["EventSourceArn"]["Fn::GetAtt"][0] for m in of_type(resources, "AWS::Lambda::EventSourceMapping").values()}
    assert all("RedrivePolicy" in queues[name]["Properties"] for name in consumed - {"JourneyTimerQueue"})


def test_nothing_looks_into_the_queues_of_journeys_before_one_is_launched(resources: dict[str, Any]) -> None:
    """And what is in the queue of timers is found by the sweep as well: it needs no dead letters, for it is kept no longer than a timer lasts."""
    mappings = {
        m["Properties"]["EventSourceArn"]["Fn::GetAtt"][0]: m["Properties"] for m in of_type(resources, "AWS::Lambda::EventSourceMapping").values()
    }
    assert [mappings[name]["Enabled"] for name in ("JourneyQueue", "JourneyTimerQueue")] == [False, False]
    assert of_type(resources, "AWS::SQS::Queue")["JourneyTimerQueue"]["Properties"]["MessageRetentionPeriod"] <= 20 * 60


def test_every_dead_letter_queue_and_the_runs_have_an_alarm_that_reaches_the_topic(resources: dict[str, Any]) -> None:
    alarms = of_type(resources, "AWS::CloudWatch::Alarm")
    watched = str([alarm["Properties"]["Dimensions"] for alarm in alarms.values()])
    for name in of_type(resources, "AWS::SQS::Queue"):
        assert "DeadLetter" not in name or name in watched
    assert "CampaignStateMachine" in watched
    assert all(alarm["Properties"]["AlarmActions"] == [{"Ref": "AlarmTopic"}] for alarm in alarms.values())


def test_every_table_can_be_restored_and_costs_nothing_while_idle(resources: dict[str, Any]) -> None:
    for table in of_type(resources, "AWS::DynamoDB::Table").values():
        assert table["Properties"]["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
        assert table["Properties"]["BillingMode"] == "PAY_PER_REQUEST"


SURVIVES = {"AWS::S3::Bucket": "Retain", "AWS::DynamoDB::Table": "RetainExceptOnCreate", "AWS::Glue::Database": "RetainExceptOnCreate"}
"""What outlives the stack. RetainExceptOnCreate is taken back where the first deploy fails; a bucket is empty no more by then, and could not be.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html"""


def test_what_the_company_owns_survives_its_stack_and_nothing_else_does(resources: dict[str, Any]) -> None:
    for name, resource in resources.items():
        kept = (resource.get("DeletionPolicy", "Delete"), resource.get("UpdateReplacePolicy", "Delete"))
        expected = (SURVIVES[resource["Type"]], "Retain") if resource["Type"] in SURVIVES else ("Delete", "Delete")
        assert kept == expected, name


def test_the_bucket_is_private_encrypted_and_tls_only(resources: dict[str, Any]) -> None:
    bucket = resources["LakeBucket"]["Properties"]
    assert "BucketEncryption" in bucket
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    statement = resources["LakeBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"][0]
    assert (statement["Effect"], statement["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_cloudformation_calls_migrate_when_a_migration_changes_and_does_not_wait_an_hour(resources: dict[str, Any], source: dict[str, Any]) -> None:
    # SAM names a version of a layer by the digest of its content: other files, another Ref, an Update of the custom resource.
    schema = resources["Schema"]["Properties"]
    assert resources[schema["Files"]["Ref"]]["Type"] == "AWS::Lambda::LayerVersion"
    assert source["Resources"]["SchemaLayer"]["Properties"]["ContentUri"] == "infra"
    assert schema["Files"] in resources["MigrateFunction"]["Properties"]["Layers"]
    assert resources["MigrateFunction"]["Properties"]["Timeout"] < int(schema["ServiceTimeout"]) < 600


def test_the_visibility_timeout_is_six_times_that_of_the_consumer_and_its_longest_window(cloudformation: dict[str, Any]) -> None:
    resources, longest = cloudformation["Resources"], cloudformation["Parameters"]["LoadWindowSeconds"]["MaxValue"]
    assert resources["EventQueue"]["Properties"]["VisibilityTimeout"] == 6 * resources["LoadFunction"]["Properties"]["Timeout"] + longest


def test_what_succeeds_leaves_no_line_of_lambdas_own(resources: dict[str, Any]) -> None:
    logging = [each["Properties"]["LoggingConfig"] for each in resources.values() if each["Type"] == "AWS::Lambda::Function"]
    assert logging
    assert all((each["LogFormat"], each["SystemLogLevel"], each["ApplicationLogLevel"]) == ("JSON", "WARN", "INFO") for each in logging)


def test_the_access_log_has_no_path_and_no_query_where_a_write_key_may_stand(source: dict[str, Any]) -> None:
    """`/v1/projects/KEY/settings`, `?writeKey=KEY`: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html"""
    written = source["Resources"]["Api"]["Properties"]["AccessLogSettings"]["Format"]
    assert not [name for name in ("$context.path", "$context.customDomain", "querystring", "$context.authorizer") if name in written]
