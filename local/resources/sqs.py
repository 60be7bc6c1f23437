"""SQS queues."""

import json

from local.resources.site import Resource, Site, arn
from local.template.intrinsics import Values, as_text

ATTRIBUTES = (
    "ContentBasedDeduplication",
    "DelaySeconds",
    "FifoQueue",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "ReceiveMessageWaitTimeSeconds",
    "VisibilityTimeout",
)


def queue(resource: Resource, site: Site) -> Values:
    name = site.name(resource, "QueueName")
    attributes = {key: as_text(value) for key, value in resource.some(*ATTRIBUTES).items()}
    if "RedrivePolicy" in resource.properties:
        attributes["RedrivePolicy"] = json.dumps(resource.properties["RedrivePolicy"])
    url = site.client("sqs").create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    return Values(url, {"Arn": arn("sqs", name), "QueueName": name, "QueueUrl": url})
