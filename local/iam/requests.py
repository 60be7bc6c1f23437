"""What is asked of IAM, and what it answers when it refuses."""

from dataclasses import dataclass

LEADING_KEYS = "dynamodb:LeadingKeys"
PASSED_TO = "iam:PassedToService"


@dataclass(frozen=True, slots=True)
class Request:
    """One action on one resource, as the Service Authorization Reference names them.

    `leading_keys` are the partition keys that a call to DynamoDB touches; None where the call has none or they are not known. `passed_to` is the
    service that is given a role.
    """

    action: str
    resource: str
    leading_keys: frozenset[str] | None = None
    passed_to: str = ""


class AccessDeniedError(Exception):
    """The text is AWS's own: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html"""

    def __init__(self, principal_arn: str, request: Request, *, explicitly: bool) -> None:
        reason = "with an explicit deny in a policy" if explicitly else f"because no identity-based policy allows the {request.action} action"
        super().__init__(f"User: {principal_arn} is not authorized to perform: {request.action} on resource: {request.resource} {reason}")
        self.request = request


class UnknownCallError(NotImplementedError):
    """Nobody wrote down what a call needs, so that it can't be judged: it is refused rather than guessed."""
