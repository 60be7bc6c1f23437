"""https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html"""

from typing import Final

from local.iam.calls.names import Calls
from local.iam.requests import Request
from local.resources.site import arn

CALLS: Final[Calls] = {
    # Refusals name a group as `log-group:NAME:log-stream:`, so that a policy for it ends in `:*`, as Fn::GetAtt's Arn does.
    "FilterLogEvents": lambda parameters: [Request("logs:FilterLogEvents", arn("logs", f"log-group:{parameters['logGroupName']}:log-stream:"))],
}
