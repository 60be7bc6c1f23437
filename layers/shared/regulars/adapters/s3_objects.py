"""ObjectStore on S3."""

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from regulars.adapters.aws import client
from regulars.domain.errors import NotFoundError, StoreUnavailableError

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

CHUNK: Final = 1 << 20
"""Bytes that are read at a time where an object is not wanted whole."""


_CLOSED: Final = frozenset({"AccessDenied", "AllAccessDisabled", "NoSuchBucket"})
"""What no second try changes (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList)."""


class S3Objects:
    """One bucket."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    @property
    def _s3(self) -> "S3Client":
        return client("s3")  # type: ignore[no-any-return]

    def put(self, key: str, body: bytes, *, only_if_absent: bool = False) -> bool:
        try:
            if only_if_absent:
                self._s3.put_object(Bucket=self._bucket, Key=key, Body=body, IfNoneMatch="*")
            else:
                self._s3.put_object(Bucket=self._bucket, Key=key, Body=body)
        except ClientError as error:
            if only_if_absent and error.response["Error"]["Code"] == "PreconditionFailed":
                return False
            raise _unavailable(key, error) from error
        except BotoCoreError as error:
            raise _unavailable(key, error) from error
        return True

    def get(self, key: str) -> bytes:
        return self._got(key)[0]

    def chunks(self, key: str, *, start: int = 0) -> Iterator[bytes]:
        # By ranges, not out of one open answer: S3 hangs up on a reader that sends pushes for minutes between two reads.
        body, size = self._got(key, start=start)
        return chain([body], (self._got(key, start=place)[0] for place in range(start + CHUNK, size, CHUNK)))

    def copy(self, key: str, to: str) -> None:
        """Of at most 5 GB (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html)."""
        try:
            self._s3.copy_object(Bucket=self._bucket, Key=to, CopySource={"Bucket": self._bucket, "Key": key})
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchKey":
                raise NotFoundError(f"no object {key} in the lake") from error
            raise _unavailable(key, error) from error
        except BotoCoreError as error:
            raise _unavailable(key, error) from error

    def _got(self, key: str, *, start: int | None = None) -> tuple[bytes, int]:
        """An object's bytes, from `start` on at most CHUNK of them, and how many it has."""
        part: Any = {} if start is None else {"Range": f"bytes={start}-{start + CHUNK - 1}"}
        try:
            answer = self._s3.get_object(Bucket=self._bucket, Key=key, **part)
            body = answer["Body"].read()
            return body, int(answer.get("ContentRange", "").rpartition("/")[2] or len(body))
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == "InvalidRange":  # an empty object has no first byte, and nothing comes after the last
                return b"", 0
            if code == "NoSuchKey":
                raise NotFoundError(f"no object {key} in the lake") from error
            raise _unavailable(key, error) from error
        except BotoCoreError as error:
            raise _unavailable(key, error) from error

    def keys(self, prefix: str, *, after: str = "") -> Iterator[str]:
        return (found["Key"] for found in self._listed(prefix, after))

    def versions(self, prefix: str) -> Iterator[tuple[str, str]]:
        try:
            yield from ((found["Key"], found["ETag"].strip('"')) for found in self._listed(prefix, ""))
        except StoreUnavailableError as error:
            cause = error.__cause__
            if isinstance(cause, ClientError) and cause.response["Error"]["Code"] in _CLOSED:
                raise NotFoundError(
                    f"there is no bucket {self._bucket} that may be listed: its own policy must let this installation do so"
                ) from error
            raise

    def _listed(self, prefix: str, after: str) -> Iterator[Any]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix, StartAfter=after)
        try:
            for page in pages:
                yield from page.get("Contents", [])
        except (BotoCoreError, ClientError) as error:
            raise _unavailable(prefix, error) from error


def _unavailable(key: str, error: Exception) -> StoreUnavailableError:
    return StoreUnavailableError(f"the lake's bucket failed at {key}: {error}")
