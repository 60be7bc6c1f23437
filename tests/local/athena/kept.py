"""A lake as it was, to be put elsewhere: a call an object and a table, where making it takes a statement and a commit for whatever ever changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import boto3

_GIVEN_BY_GLUE: Final = {"DatabaseName", "CreateTime", "UpdateTime", "VersionId", "CatalogId"}
"""What a table has beyond what it was made of: https://docs.aws.amazon.com/glue/latest/webapi/API_TableInput.html"""


@dataclass(frozen=True)
class KeptLake:
    """The definitions of tables, and the objects that they lie in: Iceberg's metadata, which names the place as text while no rows are in it."""

    place: str
    objects: Mapping[str, bytes]
    tables: Sequence[Mapping[str, Any]]

    def put(self, bucket: str, database: str, folder: str = "") -> None:
        """Into an empty place and database. Rows and views are kept only where both have the names that they had."""
        s3, glue = boto3.client("s3"), boto3.client("glue")
        before, after = self.place, f"s3://{bucket}/{folder}"
        for key, body in self.objects.items():
            s3.put_object(Bucket=bucket, Key=folder + key, Body=body if before == after else body.replace(before.encode(), after.encode()))
        for table in self.tables:
            glue.create_table(DatabaseName=database, TableInput=_moved(table, before, after))


def keep(bucket: str, database: str, folder: str = "") -> KeptLake:
    """What is there now, and of results nothing. `folder` is empty or ends with a slash."""
    s3, glue = boto3.client("s3"), boto3.client("glue")
    listed = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=folder)
    keys = [each["Key"] for page in listed for each in page.get("Contents", ()) if not each["Key"].startswith("query-results/")]
    objects = {key.removeprefix(folder): s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys}
    tables = [table for page in glue.get_paginator("get_tables").paginate(DatabaseName=database) for table in page["TableList"]]
    return KeptLake(
        f"s3://{bucket}/{folder}", objects, [{name: value for name, value in table.items() if name not in _GIVEN_BY_GLUE} for table in tables]
    )


def _moved(value: Any, before: str, after: str) -> Any:
    """Every text in it with the other place."""
    if isinstance(value, Mapping):
        return {name: _moved(inner, before, after) for name, inner in value.items()}
    if isinstance(value, list):
        return [_moved(inner, before, after) for inner in value]
    return value.replace(before, after) if isinstance(value, str) else value
