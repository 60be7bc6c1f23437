"""SQS queues."""

import json

from local.resources.site import Existing, Resource, Site, arn
from local.template.intrinsics import Values, as_text

ATTRIBUTES = (
    "ContentBasedDeduplication",
    "DeduplicationScope",
    "DelaySeconds",
    "FifoQueue",
    "FifoThroughputLimit",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "ReceiveMessageWaitTimeSeconds",
    "VisibilityTimeout",
)


def queue(resource: Resource, site: Site) -> Values:
    name = site.name(resource, "QueueName")
    if as_text(resource.properties.get("FifoQueue", "")) == "true" and not name.endswith(".fifo"):
        name += ".fifo"  # as CloudFormation ends the names that it makes up
    url = site.client("sqs").create_queue(QueueName=name, Attributes=_attributes(resource))["QueueUrl"]
    return Values(url, {"Arn": arn("sqs", name), "QueueName": name, "QueueUrl": url})


def update_queue(resource: Resource, existing: Existing, site: Site) -> Values:
    """Raises TemplateError for an attribute that is taken back: the default that it would have again is SQS's to say."""
    gone = set(_attributes(existing.resource)) - set(_attributes(resource))
    if gone:
        raise resource.error(min(gone), "the local cloud cannot take it back: say its default")
    site.client("sqs").set_queue_attributes(QueueUrl=existing.values.reference, Attributes=_attributes(resource))
    return existing.values


def _attributes(resource: Resource) -> dict[str, str]:
    attributes = {key: as_text(value) for key, value in resource.some(*ATTRIBUTES).items()}
    if "RedrivePolicy" in resource.properties:
        attributes["RedrivePolicy"] = json.dumps(resource.properties["RedrivePolicy"])
    return attributes
