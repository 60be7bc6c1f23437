"""moto's S3 with the limit of keys that S3 has: 1,024 bytes of UTF-8, whoever writes.

moto 5.2.5 takes any key. Corrected where all writes meet (moto/s3/models.py, S3Backend): put_object serves PutObject, CopyObject, multipart
uploads and the local Athena. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html and, for the error,
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
"""

from collections.abc import Callable
from typing import Any

from moto.s3.exceptions import S3ClientError
from moto.s3.models import S3Backend

from local.runtime.corrections import replace, require_moto

MAX_KEY_BYTES = 1_024


class KeyTooLongError(S3ClientError):
    """S3's answer to a key over its limit."""

    def __init__(self, key: str) -> None:
        super().__init__("KeyTooLongError", "Your key is too long")
        self.key = key


def check_key(key: str) -> None:
    """Raises KeyTooLongError."""
    if len(key) > MAX_KEY_BYTES // 4 and len(key.encode("utf-8", "surrogatepass")) > MAX_KEY_BYTES:
        raise KeyTooLongError(key)


def _checked(stock: Callable[..., Any]) -> Callable[..., Any]:
    def checked(self: S3Backend, bucket_name: str, key_name: str, *rest: Any, **named: Any) -> Any:
        check_key(key_name)
        return stock(self, bucket_name, key_name, *rest, **named)

    checked.__module__ = __name__
    return checked


def install() -> None:
    """Correct moto in this process. Idempotent; raises WrongMotoVersionError."""
    require_moto("S3")
    if S3Backend.put_object.__module__ == __name__:
        return
    for name in ("put_object", "create_multipart_upload"):
        replace(S3Backend, name, _checked(getattr(S3Backend, name)))
