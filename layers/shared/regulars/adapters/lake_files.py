"""The files of a table of the lake, with their sizes: of Iceberg's by its metadata, of any other by a list of its folder. Nothing of them is read.

https://iceberg.apache.org/spec/#table-metadata-fields, #manifest-lists, #manifests
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any, Final

import orjson
from botocore.exceptions import BotoCoreError, ClientError

from regulars.adapters import avro
from regulars.adapters.aws import client
from regulars.domain.analysis.bound import LakeFile
from regulars.domain.errors import StoreUnavailableError

_READERS: Final = ThreadPoolExecutor(8, thread_name_prefix="manifests")
"""A table that is written four times an hour has a manifest each time, until the night's upkeep."""

_DELETED: Final = 2
"""The status of an entry whose file is gone."""


def iceberg_files(metadata_location: str) -> Iterator[LakeFile]:
    """Those of the newest snapshot, files of deleted rows too. Raises StoreUnavailableError."""
    described = _object(metadata_location)
    yield LakeFile(len(described), about=True)
    metadata = orjson.loads(described)
    newest = metadata.get("current-snapshot-id")
    snapshot = next((each for each in metadata.get("snapshots") or () if each["snapshot-id"] == newest), None)
    if snapshot is None:  # nothing was ever written
        return
    listed = _object(snapshot["manifest-list"])
    yield LakeFile(len(listed), about=True)
    names = _column_names(metadata)
    manifests = [(each["manifest_path"], each["manifest_length"]) for each in avro.records(listed)]
    yield from (LakeFile(size, about=True) for _, size in manifests)
    for entries in _READERS.map(_manifest, (place for place, _ in manifests)):
        for size, partition, columns in entries:
            yield LakeFile(size, partition=partition, columns={names.get(number, ""): taken for number, taken in columns.items()})


def folder_files(location: str) -> Iterator[LakeFile]:
    """Every object below a table's folder. Raises StoreUnavailableError."""
    bucket, _, prefix = location.removeprefix("s3://").partition("/")
    try:
        for page in client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            yield from (LakeFile(found["Size"]) for found in page.get("Contents", ()))
    except (BotoCoreError, ClientError) as error:
        raise StoreUnavailableError(f"the lake's bucket failed at {prefix}: {error}") from error


def table_metadata(location: str) -> Mapping[str, Any]:
    """An Iceberg table's own description of itself. Raises StoreUnavailableError."""
    found: Mapping[str, Any] = orjson.loads(_object(location))
    return found


def _column_names(metadata: Mapping[str, Any]) -> Mapping[int, str]:
    """By field id, in any schema that the table ever had."""
    return {field["id"]: field["name"].lower() for schema in metadata.get("schemas") or () for field in schema["fields"]}


@lru_cache(maxsize=512)
def _manifest(location: str) -> tuple[tuple[int, dict[str, object], dict[int, int]], ...]:
    """Size, partition and the bytes of each column of the files in it that are there. A manifest never changes."""
    files = (entry["data_file"] for entry in avro.records(_object(location)) if entry["status"] != _DELETED)
    return tuple(
        (file["file_size_in_bytes"], file["partition"], {pair["key"]: pair["value"] for pair in file.get("column_sizes") or ()}) for file in files
    )


def _object(location: str) -> bytes:
    bucket, _, key = location.removeprefix("s3://").partition("/")
    try:
        return client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()  # type: ignore[no-any-return]
    except (BotoCoreError, ClientError) as error:
        raise StoreUnavailableError(f"the lake's bucket failed at {key}: {error}") from error
