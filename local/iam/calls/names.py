"""Names of resources, as policies write them."""

from collections.abc import Callable, Mapping
from typing import Any

from local.iam.requests import Request
from local.resources.site import arn

Parameters = Mapping[str, Any]
Calls = Mapping[str, Callable[[Parameters], list[Request]]]


def whole(service: str, kind: str, name_or_arn: str) -> str:
    """The ARN of what a call names either way, as in `whole("dynamodb", "table/", name)`."""
    return name_or_arn if name_or_arn.startswith("arn:") else arn(service, f"{kind}{name_or_arn}")


def bucket(name: str) -> str:
    return f"arn:aws:s3:::{name}"


def s3_object(bucket_name: str, key: str) -> str:
    return f"arn:aws:s3:::{bucket_name}/{key}"


def catalog_path(database: str = "", table: str = "") -> list[str]:
    """A table or database of Glue with all that it lies in: an action needs to be allowed on each of them.

    https://docs.aws.amazon.com/athena/latest/ug/fine-grained-access-to-glue-resources.html
    """
    path = [arn("glue", "catalog")]
    path += [arn("glue", f"database/{database}")] if database else []
    return path + ([arn("glue", f"table/{database}/{table}")] if table else [])
