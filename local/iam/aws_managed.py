"""The policies of AWS's own that SAM attaches to functions, as IAM has them.

https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaBasicExecutionRole.html and its neighbours.
"""

from collections.abc import Mapping
from typing import Any, Final

_PREFIX: Final = "arn:aws:iam::aws:policy/"
_LOG: Final = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
_POLL: Final = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]


def _allowing(actions: list[str]) -> Mapping[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}


DOCUMENTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "AWSLambdaBasicExecutionRole": _allowing(_LOG),
    "AWSLambdaSQSQueueExecutionRole": _allowing([*_POLL, *_LOG]),
}


def named(policy_arn: str) -> tuple[str, Mapping[str, Any]]:
    """Name and document of a policy of AWS's own. Raises KeyError, which says what is known."""
    name = policy_arn.rsplit("/", 1)[-1]
    if not policy_arn.startswith(_PREFIX) or name not in DOCUMENTS:
        raise KeyError(f"{policy_arn} is neither a policy of this template nor one of {', '.join(DOCUMENTS)}")
    return name, DOCUMENTS[name]
