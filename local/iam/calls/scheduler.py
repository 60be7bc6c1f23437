"""https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html"""

from collections.abc import Callable
from typing import Final

from local.iam.calls.names import Calls, Parameters
from local.iam.requests import Request
from local.resources.site import arn


def _create(parameters: Parameters) -> list[Request]:
    """Whoever gives a schedule a role must be allowed to hand that on to the service."""
    return [*_on("CreateSchedule")(parameters), Request("iam:PassRole", parameters["Target"]["RoleArn"], passed_to="scheduler.amazonaws.com")]


def _on(action: str) -> Callable[[Parameters], list[Request]]:
    return lambda parameters: [
        Request(f"scheduler:{action}", arn("scheduler", f"schedule/{parameters.get('GroupName', 'default')}/{parameters['Name']}"))
    ]


CALLS: Final[Calls] = {
    "CreateSchedule": _create,
    "DeleteSchedule": _on("DeleteSchedule"),
    "GetSchedule": _on("GetSchedule"),
    "ListSchedules": lambda parameters: [Request("scheduler:ListSchedules", "*")],
}
