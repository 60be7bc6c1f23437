"""The Glue database of the lake as the `TableCatalog`; what an Iceberg table's own metadata says is read where Glue points to.

https://docs.aws.amazon.com/glue/latest/webapi/API_GetTable.html
"""

import base64
import binascii
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import orjson
from botocore.exceptions import BotoCoreError, ClientError

from regulars.adapters.aws import client
from regulars.adapters.lake_files import folder_files, iceberg_files, table_metadata
from regulars.domain.analysis.bound import LakeFile
from regulars.domain.errors import NotFoundError, StoreUnavailableError
from regulars.domain.lake.snapshots import Snapshot

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class GlueTables:
    def __init__(self, database: str) -> None:
        self._database = database

    def columns(self, table: str) -> Mapping[str, str]:
        found = self._found(table)
        if found is None:
            return {}
        every = [*found["StorageDescriptor"]["Columns"], *found.get("PartitionKeys", [])]
        return {column["Name"].lower(): column["Type"].lower().replace(" ", "") for column in every if _is_current(column)}

    def snapshots(self, table: str) -> Sequence[Snapshot]:
        """By the table's metadata file, which is one read of S3, where `"table$snapshots"` is a query that somebody waits for.

        https://iceberg.apache.org/spec/#table-metadata-fields; two commits of the same millisecond are in the order of their sequence numbers.
        """
        location = ((self._found(table) or {}).get("Parameters") or {}).get("metadata_location")
        if not location:
            raise NotFoundError(f"there is no Iceberg table {table}")
        kept = sorted(table_metadata(location).get("snapshots") or (), key=lambda each: (each["timestamp-ms"], each.get("sequence-number", 0)))
        return [Snapshot(str(each["snapshot-id"]), _EPOCH + timedelta(milliseconds=each["timestamp-ms"])) for each in kept]

    def view(self, name: str) -> str:
        """As Athena keeps it, which is Trino's way (https://github.com/trinodb/trino, `ViewReaderUtil`)."""
        text = str((self._found(name) or {}).get("ViewOriginalText") or "").strip()
        try:
            said = orjson.loads(base64.b64decode(text.removeprefix("/* Presto View: ").removesuffix(" */"), validate=True)) if text else {}
            return str(said.get("originalSql", ""))
        except (binascii.Error, ValueError) as error:
            raise StoreUnavailableError(f"the view {name} is not one that Athena made") from error

    def files(self, table: str) -> Iterable[LakeFile]:
        found = self._found(table)
        if found is None:
            raise NotFoundError(f"there is no table {table}")
        location = (found.get("Parameters") or {}).get("metadata_location")
        return iceberg_files(location) if location else folder_files(found["StorageDescriptor"]["Location"])

    def _found(self, table: str) -> Mapping[str, Any] | None:
        try:
            return client("glue").get_table(DatabaseName=self._database, Name=table)["Table"]  # type: ignore[no-any-return]
        except ClientError as error:
            if error.response["Error"]["Code"] == "EntityNotFoundException":
                return None
            raise StoreUnavailableError(f"Glue refused GetTable of {table}: {error}") from error
        except BotoCoreError as error:
            raise StoreUnavailableError(f"Glue cannot be reached: {error}") from error


def _is_current(column: Mapping[str, Any]) -> bool:
    """Iceberg lists the columns of former schemas too, marked (`_to_columns` of pyiceberg.catalog.glue)."""
    return str((column.get("Parameters") or {}).get("iceberg.field.current", "true")) != "false"
