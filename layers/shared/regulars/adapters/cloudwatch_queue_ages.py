"""The `QueueAges` on CloudWatch: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from regulars.adapters.aws import client
from regulars.domain.errors import StoreUnavailableError

LATE: Final = timedelta(minutes=10)
"""SQS tells each minute how it stands (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html),
and CloudWatch takes a while: what is older than this is of a queue with nothing in it."""


class CloudWatchQueueAges:
    """Of these queues, by what each is for: their URLs."""

    def __init__(self, urls: Mapping[str, str]) -> None:
        self._names = {name: url.rsplit("/", 1)[-1] for name, url in urls.items()}

    def oldest(self, now: datetime) -> Mapping[str, timedelta]:
        questions = [_question(f"q{place}", queue) for place, queue in enumerate(self._names.values())]
        try:
            answer = client("cloudwatch").get_metric_data(
                MetricDataQueries=questions, StartTime=now - LATE, EndTime=now + timedelta(minutes=1), ScanBy="TimestampDescending"
            )
        except (BotoCoreError, ClientError) as error:
            raise StoreUnavailableError(f"CloudWatch does not tell how old messages are: {error}") from error
        values = {each["Id"]: each["Values"] for each in answer["MetricDataResults"]}
        found = {name: values.get(f"q{place}") for place, name in enumerate(self._names)}
        return {name: timedelta(seconds=each[0]) for name, each in found.items() if each}


def _question(name: str, queue: str) -> Any:
    metric = {"Namespace": "AWS/SQS", "MetricName": "ApproximateAgeOfOldestMessage", "Dimensions": [{"Name": "QueueName", "Value": queue}]}
    return {"Id": name, "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Maximum"}}
