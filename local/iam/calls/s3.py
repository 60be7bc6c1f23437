"""https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html"""

from collections.abc import Callable
from typing import Final

from local.iam.calls.names import Calls, Parameters, bucket, s3_object
from local.iam.requests import Request, UnknownCallError

_UNJUDGED = ("ACL", "GrantRead", "ObjectLockMode", "Tagging", "VersionId")
"""With one of these a call needs more, or another action."""


def _on_object(action: str) -> Callable[[Parameters], list[Request]]:
    def needs(parameters: Parameters) -> list[Request]:
        if found := [name for name in _UNJUDGED if name in parameters]:
            raise UnknownCallError(f"{action} with {found[0]}: the local cloud does not know what it needs")
        return [Request(action, s3_object(parameters["Bucket"], parameters["Key"]))]

    return needs


def _on_bucket(action: str) -> Callable[[Parameters], list[Request]]:
    return lambda parameters: [Request(action, bucket(parameters["Bucket"]))]


def _copy(parameters: Parameters) -> list[Request]:
    source = parameters["CopySource"]
    found, key = (source["Bucket"], source["Key"]) if isinstance(source, dict) else source.split("/", 1)
    return [Request("s3:GetObject", s3_object(found, key)), Request("s3:PutObject", s3_object(parameters["Bucket"], parameters["Key"]))]


def _delete_many(parameters: Parameters) -> list[Request]:
    return [Request("s3:DeleteObject", s3_object(parameters["Bucket"], each["Key"])) for each in parameters["Delete"]["Objects"]]


CALLS: Final[Calls] = {
    "AbortMultipartUpload": _on_object("s3:AbortMultipartUpload"),
    "CompleteMultipartUpload": _on_object("s3:PutObject"),
    "CopyObject": _copy,
    "CreateMultipartUpload": _on_object("s3:PutObject"),
    "DeleteObject": _on_object("s3:DeleteObject"),
    "DeleteObjects": _delete_many,
    "GetBucketLocation": _on_bucket("s3:GetBucketLocation"),
    "GetObject": _on_object("s3:GetObject"),
    "HeadBucket": _on_bucket("s3:ListBucket"),
    "HeadObject": _on_object("s3:GetObject"),
    "ListMultipartUploads": _on_bucket("s3:ListBucketMultipartUploads"),
    "ListObjects": _on_bucket("s3:ListBucket"),
    "ListObjectsV2": _on_bucket("s3:ListBucket"),
    "ListParts": _on_object("s3:ListMultipartUploadParts"),
    "PutObject": _on_object("s3:PutObject"),
    "UploadPart": _on_object("s3:PutObject"),
}
