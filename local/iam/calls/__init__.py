"""The closed table: what each API call needs. An operation that it does not know is refused, never guessed.

Actions and resources are those of the Service Authorization Reference, which has a page a service:
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from collections.abc import Mapping
from typing import Any, Final

from local.iam.calls import athena, cloudwatch, dynamodb, glue, lambda_functions, logs, s3, scheduler, secrets_manager, sqs, step_functions
from local.iam.calls.names import Calls
from local.iam.requests import Request, UnknownCallError

SERVICES: Final[Mapping[str, Calls]] = {
    "athena": athena.CALLS,
    "cloudwatch": cloudwatch.CALLS,
    "dynamodb": dynamodb.CALLS,
    "glue": glue.CALLS,
    "lambda": lambda_functions.CALLS,
    "logs": logs.CALLS,
    "s3": s3.CALLS,
    "scheduler": scheduler.CALLS,
    "secretsmanager": secrets_manager.CALLS,
    "sqs": sqs.CALLS,
    "stepfunctions": step_functions.CALLS,
    "sts": {"GetCallerIdentity": lambda parameters: []},  # allowed to everybody, always
}


def needed(service: str, operation: str, parameters: Mapping[str, Any]) -> list[Request]:
    """What this call of a boto3 client needs; `service` is the client's name for it. Raises UnknownCallError."""
    calls = SERVICES.get(service)
    if calls is None or operation not in calls:
        known = ", ".join(sorted(SERVICES if calls is None else calls))
        raise UnknownCallError(f"{service}:{operation}: the local cloud does not know what this call needs (local/iam/calls knows {known})")
    return calls[operation](parameters)
