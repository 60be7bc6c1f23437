"""ObjectStore on S3."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from regulars.adapters.aws import client
from regulars.domain.errors import NotFoundError, StoreUnavailableError

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


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
        try:
            return self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchKey":
                raise NotFoundError(f"no object {key} in the lake") from error
            raise _unavailable(key, error) from error
        except BotoCoreError as error:
            raise _unavailable(key, error) from error

    def keys(self, prefix: str, *, after: str = "") -> Iterator[str]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix, StartAfter=after)
        try:
            for page in pages:
                for found in page.get("Contents", []):
                    yield found["Key"]
        except (BotoCoreError, ClientError) as error:
            raise _unavailable(prefix, error) from error


def _unavailable(key: str, error: Exception) -> StoreUnavailableError:
    return StoreUnavailableError(f"the lake's bucket failed at {key}: {error}")
