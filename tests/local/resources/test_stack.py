"""A stack that is deployed again, and deleted: what changes in place, what is made anew, what is kept."""

import json
import urllib.request
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from local.resources.model import Function
from local.resources.stack import Stack
from local.template.errors import TemplateError

Client = Callable[[str], Any]
NewStack = Callable[..., Stack]


@pytest.fixture
def new_stack(_moto: None, checkout: Path) -> NewStack:
    def make(invoke: Any = None, name: str | None = None) -> Stack:
        return Stack(name or f"stack-{uuid.uuid4().hex[:8]}", checkout=checkout, invoke=invoke)

    return make


def queue(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::SQS::Queue", "Properties": properties}


def bucket(policy: str = "Delete", **properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::S3::Bucket", "DeletionPolicy": policy, "UpdateReplacePolicy": "Delete", "Properties": properties}


def there(client: Client, name: str) -> bool:
    return name in {each["Name"] for each in client("s3").list_buckets()["Buckets"]}


def of(**resources: Any) -> dict[str, Any]:
    return {"Resources": resources}


def test_a_second_deploy_of_the_same_changes_nothing(new_stack: NewStack, client: Client) -> None:
    stack, template = new_stack(), of(Queue=queue(VisibilityTimeout=30), Lake=bucket())
    before = dict(stack.deploy(template, {}).references)
    client("s3").put_object(Bucket=before["Lake"], Key="k", Body=b"v")
    assert stack.deploy(template, {}).references == before
    assert client("s3").get_object(Bucket=before["Lake"], Key="k")["Body"].read() == b"v"


def test_a_property_that_can_change_changes_in_place(new_stack: NewStack, client: Client) -> None:
    stack = new_stack()
    url = stack.deploy(of(Queue=queue(VisibilityTimeout=30)), {}).references["Queue"]
    client("sqs").send_message(QueueUrl=url, MessageBody="kept")
    assert stack.deploy(of(Queue=queue(VisibilityTimeout=60)), {}).references["Queue"] == url
    attributes = client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert (attributes["VisibilityTimeout"], attributes["ApproximateNumberOfMessages"]) == ("60", "1")


def test_a_property_without_effect_here_may_change_too(new_stack: NewStack) -> None:
    stack = new_stack()
    before = dict(stack.deploy(of(Lake=bucket()), {}).references)
    assert stack.deploy(of(Lake=bucket(LifecycleConfiguration={"Rules": []})), {}).references == before


def test_a_change_that_cannot_be_brought_about_is_refused_by_its_path(new_stack: NewStack) -> None:
    keys = {"AttributeDefinitions": [{"AttributeName": "a", "AttributeType": "S"}], "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}]}

    def table(mode: Mapping[str, Any]) -> dict[str, Any]:
        return of(People={"Type": "AWS::DynamoDB::Table", "Properties": {**keys, **mode}})

    stack = new_stack()
    stack.deploy(table({"BillingMode": "PAY_PER_REQUEST"}), {})
    with pytest.raises(TemplateError, match=r"Resources\.People\.Properties\.BillingMode: the local cloud cannot change it"):
        stack.deploy(table({"ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}}), {})


@pytest.mark.parametrize(("policy", "kept"), [("Delete", False), ("Retain", True)])
def test_another_name_is_another_resource_and_the_policy_of_replacement_says_what_becomes_of_the_old(
    policy: str, kept: bool, new_stack: NewStack, client: Client
) -> None:
    old, new, stack = f"old-{uuid.uuid4().hex}", f"new-{uuid.uuid4().hex}", new_stack()
    stack.deploy(of(Lake=bucket(BucketName=old) | {"UpdateReplacePolicy": policy}), {})
    assert stack.deploy(of(Lake=bucket(BucketName=new) | {"UpdateReplacePolicy": policy}), {}).references["Lake"] == new
    assert (there(client, old), there(client, new)) == (kept, True)


@pytest.mark.parametrize(("policy", "kept"), [("Delete", False), ("Retain", True), ("RetainExceptOnCreate", True)])
@pytest.mark.parametrize("how", ["the stack is deleted", "the template has it no more"])
def test_the_policy_of_deletion_says_what_survives(how: str, policy: str, kept: bool, new_stack: NewStack, client: Client) -> None:
    stack = new_stack()
    lake = stack.deploy(of(Lake=bucket(policy), Queue=queue()), {}).references["Lake"]
    if how == "the stack is deleted":
        stack.delete()
    else:
        stack.deploy(of(Queue=queue()), {})
    assert there(client, lake) is kept
    assert "Lake" not in stack.deployed.references


@pytest.mark.parametrize(("policy", "kept"), [("Delete", False), ("Retain", True), ("RetainExceptOnCreate", False)])
def test_a_first_deploy_that_fails_is_taken_back(policy: str, kept: bool, new_stack: NewStack, client: Client) -> None:
    name = f"lake-{uuid.uuid4().hex}"
    refused = {"Type": "AWS::S3::Bucket", "DependsOn": "Lake", "Properties": {"BucketName": "ab"}}
    stack = new_stack()
    with pytest.raises(TemplateError, match=r"Resources\.Refused"):
        stack.deploy(of(Lake=bucket(policy, BucketName=name), Refused=refused), {})
    assert there(client, name) is kept
    assert stack.deployed.references == {}


def test_a_bucket_with_objects_keeps_its_stack_from_being_deleted(new_stack: NewStack, client: Client) -> None:
    stack = new_stack()
    client("s3").put_object(Bucket=stack.deploy(of(Lake=bucket()), {}).references["Lake"], Key="k", Body=b"v")
    with pytest.raises(TemplateError, match=r"Resources\.Lake: AWS::S3::Bucket was refused: .*BucketNotEmpty"):
        stack.delete()


class Handler:
    """A custom resource's function, which remembers what it was asked."""

    def __init__(self, *ids: str) -> None:
        self.requests: list[Mapping[str, Any]] = []
        self._ids = list(ids)

    def __call__(self, function: Function, event: Mapping[str, Any]) -> str | None:
        self.requests.append(event)
        answer = {"Status": "SUCCESS", "PhysicalResourceId": self._ids.pop(0) if self._ids else "schema"}
        urllib.request.urlopen(urllib.request.Request(event["ResponseURL"], json.dumps(answer).encode(), method="PUT"), timeout=5).close()
        return None

    def asked(self) -> list[tuple[str, str | None]]:
        return [(request["RequestType"], request.get("PhysicalResourceId")) for request in self.requests]


def schema(version: str) -> dict[str, Any]:
    return of(
        Role={"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}},
        Greet={
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Code": {"S3Bucket": "local", "S3Key": "functions/greet"},
                "Handler": "h.h",
                "Runtime": "python3.13",
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
            },
        },
        Schema={"Type": "Custom::Schema", "Properties": {"ServiceToken": {"Fn::GetAtt": ["Greet", "Arn"]}, "Version": version}},
    )


def test_a_custom_resource_is_asked_to_update_only_when_something_changed_and_to_delete(new_stack: NewStack) -> None:
    handler = Handler()
    stack = new_stack(handler)
    for version in ("1", "1", "2"):
        stack.deploy(schema(version), {})
    stack.delete()
    assert handler.asked() == [("Create", None), ("Update", "schema"), ("Delete", "schema")]
    assert (handler.requests[1]["OldResourceProperties"]["Version"], handler.requests[1]["ResourceProperties"]["Version"]) == ("1", "2")
    assert len({request["StackId"] for request in handler.requests}) == 1


def test_a_custom_resource_that_answers_another_id_was_replaced(new_stack: NewStack) -> None:
    handler = Handler("first", "second")
    stack = new_stack(handler)
    stack.deploy(schema("1"), {})
    stack.deploy(schema("2"), {})
    assert handler.asked() == [("Create", None), ("Update", "first"), ("Delete", "first")]
    assert stack.deployed.references["Schema"] == "second"
