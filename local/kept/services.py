"""What each kind of resource holds, as records, and how it gets that back.

Written against moto 5.2.5, at its models where its API would change something (the time of an object, how often a message was received).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

import boto3
from moto.dynamodb.models import dynamodb_backends
from moto.glue.models import glue_backends
from moto.s3.models import FakeKey, s3_backends
from moto.scheduler.models import scheduler_backends
from moto.sqs.models import Message

from local.kept.records import Record, packed
from local.resources.site import ACCOUNT, REGION, arn
from local.runtime.dynamodb import one_at_a_time
from local.runtime.queue_mappings import Switch, switches
from local.runtime.sqs import standard_queue
from local.runtime.sqs_queue import StandardQueue

_MESSAGE: Final = (
    "message_attributes",
    "sent_timestamp",
    "approximate_first_receive_timestamp",
    "approximate_receive_count",
    "delayed_until",
    "group_id",
    "deduplication_id",
)
"""What a message keeps beside its id and body; a receipt is worth nothing after a restart."""


@dataclass(frozen=True, slots=True)
class Service:
    """How the content of one kind of resource is read and written; `reference` is what Ref gives for the resource."""

    read: Callable[[str], Iterator[Record]]
    write: Callable[[str, Iterable[Record]], None]


def read_bucket(reference: str) -> Iterator[Record]:
    keys = s3_backends[ACCOUNT]["aws"].get_bucket(reference).keys
    for name in list(keys):
        found = keys.get(name)
        if isinstance(found, FakeKey):  # it may have been deleted meanwhile
            with found.lock:  # a tag that is not known yet is read from the buffer that readers share
                etag = found.etag.strip('"')
            document = {"etag": etag, "modified": found.last_modified.isoformat(), "metadata": dict(found.metadata)}
            yield Record(name, document, partial(getattr, found, "value"))


def write_bucket(reference: str, records: Iterable[Record]) -> None:
    backend = s3_backends[ACCOUNT]["aws"]
    for record in records:
        put = backend.put_object(reference, record.name, record.body(), etag=record.document["etag"], disable_notification=True)
        put.last_modified = datetime.fromisoformat(record.document["modified"])
        put.set_metadata(record.document["metadata"], replace=True)


def read_table(reference: str) -> Iterator[Record]:
    table = dynamodb_backends[ACCOUNT][REGION].get_table(reference)
    keys = [name for name in (table.hash_key_attr, table.range_key_attr) if name]
    with one_at_a_time:
        items = [item.to_json()["Attributes"] for item in table.all_items()]
    for item in items:
        yield Record(packed([item[key] for key in keys]), item)


def write_table(reference: str, records: Iterable[Record]) -> None:
    table = dynamodb_backends[ACCOUNT][REGION].get_table(reference)
    for record in records:
        table.put_item(record.document)


def read_database(reference: str) -> Iterator[Record]:
    """Tables (and views) at their newest versions."""
    for table in list(glue_backends[ACCOUNT][REGION].get_database(reference).tables.values()):
        yield Record(table.name, table.get_version(str(table._current_version)))


def write_database(reference: str, records: Iterable[Record]) -> None:
    for record in records:
        glue_backends[ACCOUNT][REGION].create_table(reference, record.name, record.document)


def read_queue(reference: str) -> Iterator[Record]:
    """Every message that nobody has deleted; whoever has one in hand may not live to do so."""
    for message in _queue(reference).all_messages():
        document = {name: getattr(message, name) for name in _MESSAGE}
        yield Record(message.id, document, partial(message.body.encode, "utf-8", "surrogatepass"))


def write_queue(reference: str, records: Iterable[Record]) -> None:
    queue = _queue(reference)
    for record in sorted(records, key=lambda each: each.document["sent_timestamp"]):
        message = Message(record.name, record.body().decode("utf-8", "surrogatepass"))
        vars(message).update(record.document)
        queue.add_message(message)


def _queue(url: str) -> StandardQueue:
    return standard_queue(arn("sqs", url.rsplit("/", 1)[-1]))


def read_secret(reference: str) -> Iterator[Record]:
    client = boto3.client("secretsmanager", region_name=REGION)
    try:
        yield Record("value", client.get_secret_value(SecretId=reference)["SecretString"])
    except client.exceptions.ResourceNotFoundException:
        return  # nobody has put a value yet


def write_secret(reference: str, records: Iterable[Record]) -> None:
    for record in records:
        boto3.client("secretsmanager", region_name=REGION).put_secret_value(SecretId=reference, SecretString=record.document)


_SCHEDULE: Final = (
    "description", "schedule_expression", "schedule_expression_timezone", "flexible_time_window", "target", "state", "kms_key_arn",
    "start_date", "end_date", "action_after_completion",
)  # fmt: skip
"""What CreateSchedule is told beside the names."""


def read_schedule_group(reference: str) -> Iterator[Record]:
    """What functions have made; the template's own schedules are in another group."""
    for made in list(_schedules(reference).values()):
        yield Record(made.name, {name: getattr(made, name) for name in _SCHEDULE})


def write_schedule_group(reference: str, records: Iterable[Record]) -> None:
    for record in records:
        told = {**record.document, "start_date": None}  # one that lies in the past is refused
        made = scheduler_backends[ACCOUNT][REGION].create_schedule(name=record.name, group_name=reference, **told)
        made.start_date = record.document["start_date"]


def _schedules(group: str) -> Mapping[str, Any]:
    return scheduler_backends[ACCOUNT][REGION].schedule_groups[group].schedules


def read_mapping(reference: str) -> Iterator[Record]:
    if reference in switches():  # not before the platform runs
        yield Record("enabled", switches()[reference].enabled)


def write_mapping(reference: str, records: Iterable[Record]) -> None:
    for record in records:
        switches()[reference] = Switch(reference, record.document)


SERVICES: Final[Mapping[str, Service]] = {
    "AWS::SQS::Queue": Service(read_queue, write_queue),
    "AWS::DynamoDB::Table": Service(read_table, write_table),
    "AWS::Glue::Database": Service(read_database, write_database),
    "AWS::S3::Bucket": Service(read_bucket, write_bucket),
    "AWS::SecretsManager::Secret": Service(read_secret, write_secret),
    "AWS::Scheduler::ScheduleGroup": Service(read_schedule_group, write_schedule_group),
    "AWS::Lambda::EventSourceMapping": Service(read_mapping, write_mapping),
}
"""In the order of saving while the platform runs. What is read later may be newer, so each comes before what it may only lag behind: a message is
still in its queue when its rows are there already, curate's state is older than the lake that it tells of (rows are recognised either way), and
a table's metadata names objects that are all there.
"""
