"""Stands before each API call of a boto3 client, in a thread that works for a role.

moto's documentation names `_make_api_call` as the place to step in between a client and its service:
https://docs.getmoto.org/en/latest/docs/services/patching_other_services.html. An event of botocore would not reach clients that were made before.
"""

from collections.abc import Callable
from typing import Any, Final, NoReturn

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from local.iam import principals, threads
from local.iam.authority import Authority
from local.iam.calls import needed
from local.iam.calls.names import bucket
from local.iam.principals import Principal
from local.iam.requests import AccessDeniedError, Request

_call: Callable[..., Any] = BaseClient.__dict__["_make_api_call"]
_connected: Authority | None = None

_BARE: Final = {"HeadObject", "HeadBucket"}
"""A HEAD has no body that could name an error: botocore has the status for its code."""


def install() -> None:
    """For the life of the process, and without effect until an authority is connected. Idempotent."""
    threads.install()
    setattr(BaseClient, "_make_api_call", _judged_call)  # noqa: B010 -- mypy refuses to assign to a method


def connect(authority: Authority | None) -> None:
    """Who judges from now on; None: nobody."""
    global _connected
    _connected = authority


def require(*requests: Request) -> None:
    """For what is done in this thread other than by a client. Raises AccessDeniedError."""
    principal = principals.current()
    if _connected is not None and principal is not None:
        _connected.require(principal, *requests)


def authority() -> Authority | None:
    return _connected


def _judged_call(self: Any, operation: str, parameters: dict[str, Any]) -> Any:
    judge, principal = _connected, principals.current()
    if judge is None or principal is None:
        return _call(self, operation, parameters)
    service = self.meta.service_model.service_name
    try:
        judge.require(principal, *needed(service, operation, parameters))
    except AccessDeniedError as error:
        _refuse(self, operation, service, error)
    try:
        return _call(self, operation, parameters)
    except ClientError as error:
        if service == "s3" and error.response["Error"]["Code"] in ("NoSuchKey", "404"):
            _require_listing(self, operation, parameters, judge, principal)
        raise


def _require_listing(client: Any, operation: str, parameters: dict[str, Any], judge: Authority, principal: Principal) -> None:
    """Who may not list a bucket is told 403 of a key that is not there: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html"""
    try:
        judge.require(principal, Request("s3:ListBucket", bucket(parameters["Bucket"])))
    except AccessDeniedError as error:
        _refuse(client, operation, "s3", error)


def _refuse(client: Any, operation: str, service: str, error: AccessDeniedError) -> NoReturn:
    code, message = ("AccessDenied" if service == "s3" else "AccessDeniedException"), str(error)
    if operation in _BARE:
        code, message = "403", "Forbidden"
    status = 403 if service == "s3" else 400
    answer: Any = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status, "RequestId": "local"}}
    raise client.exceptions.from_code(code)(answer, operation) from error
