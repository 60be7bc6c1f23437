"""How old the oldest message of each queue is, as CloudWatch tells it: moto 5.2.5 has no metrics of queues.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html. CloudWatch has a value a minute;
here there is one, of now. A message that was received three times is the oldest all the same, and an empty queue has none.
"""

from datetime import timedelta

from moto.cloudwatch.models import MetricDatum
from moto.core.common_models import CloudWatchMetricProvider
from moto.core.utils import utcnow
from moto.sqs.models import sqs_backends

from local.runtime.corrections import require_moto
from local.runtime.sqs_queue import StandardQueue

METRIC = "ApproximateAgeOfOldestMessage"


class QueueAges(CloudWatchMetricProvider):
    """moto's CloudWatch asks every subclass of this class that there is: this one from its definition on."""

    @staticmethod
    def get_cloudwatch_metrics(account_id: str, region: str) -> list[MetricDatum]:
        now = utcnow()
        queues = [queue for queue in list(sqs_backends[account_id][region].queues.values()) if isinstance(queue, StandardQueue)]
        ages = {queue.name: queue.oldest_age for queue in queues}
        return [
            MetricDatum("AWS/SQS", METRIC, age, [{"Name": "QueueName", "Value": name}], now - timedelta(seconds=1))
            for name, age in ages.items()
            if age is not None
        ]


def install() -> None:
    """Raises WrongMotoVersionError where another moto asks otherwise."""
    require_moto("CloudWatch's metrics of queues")
