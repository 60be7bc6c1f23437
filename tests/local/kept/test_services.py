"""Whatever a resource holds comes back as it was, into a cloud that was empty."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import boto3
import pytest

from local.kept.records import Record, packed, unpacked
from local.kept.services import SERVICES
from local.runtime.made_schedules import made_schedules

Moved = Callable[[str, str, Callable[[], None]], None]
URL = "https://sqs.us-east-1.amazonaws.com/123456789012/work"


@pytest.fixture
def moved(cloud: None) -> Moved:
    """Reads a resource, forgets everything, makes the resource anew with `make`, and writes it."""

    def move(kind: str, reference: str, make: Callable[[], None]) -> None:
        from moto.moto_api._internal.models import moto_api_backend

        read = [(each.name, packed(each.document), each.body()) for each in SERVICES[kind].read(reference)]
        moto_api_backend.reset()
        make()
        SERVICES[kind].write(reference, [Record(name, unpacked(document), partial(bytes, body)) for name, document, body in read])

    return move


def test_objects_with_their_time_tag_and_kind(moved: Moved) -> None:
    s3 = boto3.client("s3")

    def make() -> None:
        s3.create_bucket(Bucket="lake")

    make()
    s3.put_object(Bucket="lake", Key="a/b=1/ü%20*.gz", Body=b"\x00\xff", ContentType="application/json", Metadata={"mine": "yes"})
    s3.put_object(Bucket="lake", Key="a", Body=b"")
    names = ("ETag", "LastModified", "ContentType", "Metadata", "ContentLength")
    before = s3.head_object(Bucket="lake", Key="a/b=1/ü%20*.gz")
    moved("AWS::S3::Bucket", "lake", make)
    after = s3.get_object(Bucket="lake", Key="a/b=1/ü%20*.gz")
    assert {name: after[name] for name in names} == {name: before[name] for name in names}
    assert after["Body"].read() == b"\x00\xff"
    assert [found["Key"] for found in s3.list_objects_v2(Bucket="lake")["Contents"]] == ["a", "a/b=1/ü%20*.gz"]


def test_items_of_every_type(moved: Moved) -> None:
    dynamodb = boto3.client("dynamodb")

    def make() -> None:
        keys = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
        types = [{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "N"}]
        dynamodb.create_table(TableName="t", KeySchema=keys, AttributeDefinitions=types, BillingMode="PAY_PER_REQUEST")

    make()
    nested: dict[str, Any] = {"M": {"list": {"L": [{"N": "1.50"}, {"BOOL": True}, {"NULL": True}, {"B": b"\x01"}]}}}
    items: list[dict[str, Any]] = [
        {"pk": {"S": "a"}, "sk": {"N": "1"}, "nested": nested, "binary": {"B": b"\x00\xff"}, "set": {"SS": ["x", "y"]}, "bytes": {"BS": [b"1"]}},
        {"pk": {"S": "a"}, "sk": {"N": "2"}, "empty": {"S": ""}},
        {"pk": {"S": "ü"}, "sk": {"N": "1"}},
    ]
    for item in items:
        dynamodb.put_item(TableName="t", Item=item)
    before = dynamodb.scan(TableName="t")["Items"]
    moved("AWS::DynamoDB::Table", "t", make)
    assert dynamodb.scan(TableName="t")["Items"] == before
    assert len(before) == len(items)


def test_tables_at_their_newest_version_and_views(moved: Moved) -> None:
    glue = boto3.client("glue")

    def make() -> None:
        glue.create_database(DatabaseInput={"Name": "db"})

    make()
    glue.create_table(DatabaseName="db", TableInput={"Name": "events", "Parameters": {"metadata_location": "s3://lake/1.json"}})
    newest = {"Name": "events", "TableType": "EXTERNAL_TABLE", "Parameters": {"metadata_location": "s3://lake/2.json", "table_type": "ICEBERG"}}
    glue.update_table(DatabaseName="db", TableInput=newest)
    glue.create_table(DatabaseName="db", TableInput={"Name": "seen", "TableType": "VIRTUAL_VIEW", "ViewOriginalText": "/* Presto View: e30= */"})
    moved("AWS::Glue::Database", "db", make)
    events = glue.get_table(DatabaseName="db", Name="events")["Table"]
    assert {name: events[name] for name in newest} == newest
    assert glue.get_table(DatabaseName="db", Name="seen")["Table"]["ViewOriginalText"] == "/* Presto View: e30= */"


def test_messages_also_those_in_somebodys_hands(moved: Moved) -> None:
    sqs = boto3.client("sqs")

    def make() -> None:
        policy = {"deadLetterTargetArn": "arn:aws:sqs:us-east-1:123456789012:dead", "maxReceiveCount": 2}
        sqs.create_queue(QueueName="dead")
        sqs.create_queue(QueueName="work", Attributes={"RedrivePolicy": json.dumps(policy)})

    make()
    kind = {"kind": {"DataType": "Binary", "BinaryValue": b"\x00"}}
    for body in ("taken", "deleted", "waiting ü"):
        sqs.send_message(QueueUrl=URL, MessageBody=body, MessageAttributes=kind)
    for _ in range(2):
        (message,) = sqs.receive_message(QueueUrl=URL, MaxNumberOfMessages=1)["Messages"]
        if message["Body"] == "deleted":
            sqs.delete_message(QueueUrl=URL, ReceiptHandle=message["ReceiptHandle"])
    moved("AWS::SQS::Queue", URL, make)
    found = sqs.receive_message(QueueUrl=URL, MaxNumberOfMessages=10, AttributeNames=["All"], MessageAttributeNames=["All"])["Messages"]
    assert [(each["Body"], each["Attributes"]["ApproximateReceiveCount"]) for each in found] == [("taken", "2"), ("waiting ü", "1")]
    assert found[0]["MessageAttributes"] == kind


def test_secrets_and_those_that_nobody_has_given_a_value(moved: Moved) -> None:
    secrets = boto3.client("secretsmanager")

    def make() -> None:
        secrets.create_secret(Name="s")
        secrets.create_secret(Name="empty")

    make()
    secrets.put_secret_value(SecretId="s", SecretString='{"a": 1}')
    assert list(SERVICES["AWS::SecretsManager::Secret"].read("empty")) == []
    moved("AWS::SecretsManager::Secret", "s", make)
    assert secrets.get_secret_value(SecretId="s")["SecretString"] == '{"a": 1}'


def test_schedules_that_a_function_made_with_a_start_that_is_over(moved: Moved) -> None:
    scheduler = boto3.client("scheduler")

    def make() -> None:
        scheduler.create_schedule_group(Name="regulars")

    make()
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1)
    scheduler.create_schedule(
        Name="october.1",
        GroupName="regulars",
        ScheduleExpression="cron(0 18 ? * THU *)",
        ScheduleExpressionTimezone="Europe/Berlin",
        FlexibleTimeWindow={"Mode": "OFF"},
        StartDate=start,
        ActionAfterCompletion="DELETE",
        Target={"Arn": "arn:aws:lambda:us-east-1:123456789012:function:f", "RoleArn": "arn:aws:iam::123456789012:role/r", "Input": "{}"},
    )
    (before,) = made_schedules([])
    moved("AWS::Scheduler::ScheduleGroup", "regulars", make)
    assert list(made_schedules([])) == [before]
    assert before.starts == start
