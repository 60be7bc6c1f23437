"""https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html"""

from typing import Final

from local.iam.calls.names import Calls, Parameters
from local.iam.requests import Request
from local.resources.site import arn


def _alarms(parameters: Parameters) -> list[Request]:
    """Whoever names no alarm asks for all of them."""
    return [Request("cloudwatch:DescribeAlarms", arn("cloudwatch", f"alarm:{name}")) for name in parameters.get("AlarmNames") or ["*"]]


CALLS: Final[Calls] = {
    "DescribeAlarms": _alarms,
    "GetMetricData": lambda parameters: [Request("cloudwatch:GetMetricData", "*")],
}
