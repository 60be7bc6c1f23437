"""What a service does by itself with a role that it was given. All of it is judged once, when the template is deployed.

AWS refuses a mapping or a logging destination at that moment, too; a schedule, a destination and a function's log fail there later and in silence.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from local.iam.requests import Request, UnknownCallError

_LOG_DELIVERY = (
    "CreateLogDelivery", "GetLogDelivery", "UpdateLogDelivery", "DeleteLogDelivery", "ListLogDeliveries",
    "PutResourcePolicy", "DescribeResourcePolicies", "DescribeLogGroups",
)  # fmt: skip


def function_log(log_group_arn: str) -> list[Request]:
    """https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-prerequisites.html"""
    return [Request(f"logs:{action}", f"{log_group_arn}:log-stream:any") for action in ("CreateLogStream", "PutLogEvents")]


def queue_poller(queue_arn: str) -> list[Request]:
    """https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions"""
    return [Request(f"sqs:{action}", queue_arn) for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")]


def failure_destination(target_arn: str) -> list[Request]:
    """https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html; also a schedule's dead-letter queue."""
    return _calling(target_arn, {"sqs": "sqs:SendMessage", "sns": "sns:Publish", "lambda": "lambda:InvokeFunction"})


def schedule_target(target_arn: str, dead_letter_arn: str | None) -> list[Request]:
    """https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html#setting-up-execution-role"""
    wanted = _calling(target_arn, {"lambda": "lambda:InvokeFunction", "states": "states:StartExecution", "sqs": "sqs:SendMessage"})
    return wanted + (failure_destination(dead_letter_arn) if dead_letter_arn else [])


def machine_log(logging: Mapping[str, Any]) -> list[Request]:
    """https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy; nothing where it logs nothing."""
    wanted = logging.get("Destinations") and logging.get("Level", "OFF") != "OFF"
    return [Request(f"logs:{action}", "*") for action in _LOG_DELIVERY] if wanted else []


def distributed_map(machine_arn: str) -> list[Request]:
    """https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html"""
    children = machine_arn.replace(":stateMachine:", ":execution:") + ":any"
    following = [Request(f"states:{action}", children) for action in ("DescribeExecution", "StopExecution")]
    return [Request("states:StartExecution", machine_arn), *following]


def _calling(target_arn: str, actions: Mapping[str, str]) -> list[Request]:
    service = target_arn.split(":")[2]
    if service not in actions:
        raise UnknownCallError(f"{target_arn}: the local cloud does not know what calling it needs, only {_listed(actions)}")
    return [Request(actions[service], target_arn)]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
