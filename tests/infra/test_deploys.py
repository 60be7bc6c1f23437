"""template.yaml deployed into one moto: two stages beside each other, one of them again and with other parameters, deleted, and made anew.

The function of the custom resource is not run here: what migrate does is tested where it is (tests/e2e/test_migrations.py).
"""

import json
import re
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from local.resources.model import Deployed, Function
from local.resources.stack import Stack
from local.template.errors import TemplateError
from tests.infra.conftest import ROOT

SHARED = {
    "ApiApiGatewayDefaultStage": "$default",
    "UserPoolResourceServer": "regulars",
    "Schema": "Schema",
    "AnalystGroup": "analyst",
    "MarketerGroup": "marketer",
    "OperatorGroup": "operator",
    "PrivacyOfficerGroup": "privacy_officer",
}
"""What has its name inside of something that each stack has of its own: the API, the user pool, the stack."""


@pytest.fixture
def moto() -> Iterator[None]:
    from moto import mock_aws

    with mock_aws(config={"lambda": {"use_docker": False}}):
        yield


@pytest.fixture
def both(moto: None, cloudformation: dict[str, Any]) -> dict[str, Deployed]:
    return {stage: stack(stage).deploy(cloudformation, parameters(stage)) for stage in ("one", "two")}


def answers(status: str) -> Any:
    def invoke(function: Function, event: Mapping[str, Any]) -> str | None:
        body = json.dumps({"Status": status, "Reason": "as asked", "PhysicalResourceId": event["LogicalResourceId"]}).encode()
        urllib.request.urlopen(urllib.request.Request(event["ResponseURL"], body, method="PUT"), timeout=5).close()
        return None

    return invoke


def stack(stage: str, status: str = "SUCCESS") -> Stack:
    return Stack(f"regulars-{stage}", checkout=ROOT, invoke=answers(status), stack_id=f"00000000-of-{stage}")


def parameters(stage: str, **others: str) -> dict[str, str]:
    return {"Stage": stage, **others}


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, str):
        yield value


def made(deployed: Deployed) -> dict[str, set[str]]:
    """What each resource is called, and its attributes."""
    return {name: {reference, *texts(deployed.attributes[name])} for name, reference in deployed.references.items()}


def test_two_stages_of_an_account_have_nothing_in_common_and_each_calls_its_own(both: dict[str, Deployed]) -> None:
    one, two = map(made, both.values())
    assert {name: one[name] & two[name] for name in one if one[name] & two[name]} == {name: {shared} for name, shared in SHARED.items()}
    for stage, deployed in both.items():
        other = next(name for name in both if name != stage)
        said = [
            *(text for function in deployed.functions.values() for text in function.environment.values()),
            *(route.function_arn for api in deployed.apis.values() for route in api.routes),
            *(schedule.target_arn for schedule in deployed.schedules),
            *(mapping.queue_arn for mapping in deployed.queue_mappings),
            *(machine.definition for machine in deployed.machines.values()),
        ]
        assert any(f"regulars-{stage}" in text for text in said)
        assert not [text for text in said if re.search(rf"regulars[-_]{other}\b", text)]


def test_the_same_again_changes_nothing_and_other_parameters_what_hangs_on_them_in_place(moto: None, cloudformation: dict[str, Any]) -> None:
    import boto3

    regulars = stack("one")
    before = made(regulars.deploy(cloudformation, parameters("one")))
    assert made(regulars.deploy(cloudformation, parameters("one"))) == before
    changed = regulars.deploy(
        cloudformation, parameters("one", EventNamesPerSource="7", RequestsPerSecond="7", BytesPerQuery="20000000", LogRetentionDays="7")
    )
    assert made(changed) == before
    assert changed.functions["LoadFunction"].environment["EVENT_NAMES_PER_SOURCE"] == "7"
    assert [each.throttle.rate for each in changed.stages.values() if each.throttle] == [7]
    group = boto3.client("athena", region_name="us-east-1").get_work_group(WorkGroup="regulars-one")["WorkGroup"]
    assert group["Configuration"]["BytesScannedCutoffPerQuery"] == 20_000_000
    assert (len(changed.schedules), len(changed.queue_mappings), len(changed.async_invokes)) == (5, 4, 10)


def lakes() -> tuple[list[str], list[str], list[str]]:
    """The buckets, databases and tables that there are."""
    import boto3

    buckets = [each["Name"] for each in boto3.client("s3", region_name="us-east-1").list_buckets()["Buckets"]]
    databases = [each["Name"] for each in boto3.client("glue", region_name="us-east-1").get_databases()["DatabaseList"]]
    tables = boto3.client("dynamodb", region_name="us-east-1").list_tables()["TableNames"]
    return buckets, databases, sorted(tables)


def test_the_lake_survives_its_stack_and_the_next_of_the_stage_has_its_own(moto: None, cloudformation: dict[str, Any]) -> None:
    """CloudFormation gives the next stack's bucket and tables other names; here another name of the stack does."""
    for number in (1, 2):
        regulars = Stack(f"regulars-{number}", checkout=ROOT, invoke=answers("SUCCESS"), stack_id=f"{number:08x}-1234")
        regulars.deploy(cloudformation, parameters("one"))
        regulars.delete()
    buckets, databases, tables = lakes()
    assert buckets == ["regulars-1-lakebucket", "regulars-2-lakebucket"]
    assert databases == ["regulars_one_00000001", "regulars_one_00000002"]
    kinds = [name for name, resource in cloudformation["Resources"].items() if resource["Type"] == "AWS::DynamoDB::Table"]
    assert tables == sorted(f"regulars-{number}-{kind}" for number in (1, 2) for kind in kinds)


def test_a_first_deploy_that_fails_leaves_nothing_but_its_bucket(moto: None, cloudformation: dict[str, Any]) -> None:
    with pytest.raises(TemplateError, match="MigrateFunction answered FAILED: as asked"):
        stack("one", status="FAILED").deploy(cloudformation, parameters("one"))
    assert lakes() == (["regulars-one-lakebucket"], [], [])
