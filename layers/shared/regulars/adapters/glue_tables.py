"""The Glue database of the lake as the `TableCatalog`.

https://docs.aws.amazon.com/glue/latest/webapi/API_GetTable.html
"""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from regulars.adapters.aws import client
from regulars.domain.errors import StoreUnavailableError


class GlueTables:
    def __init__(self, database: str) -> None:
        self._database = database

    def columns(self, table: str) -> Mapping[str, str]:
        try:
            found = client("glue").get_table(DatabaseName=self._database, Name=table)["Table"]
        except ClientError as error:
            if error.response["Error"]["Code"] == "EntityNotFoundException":
                return {}
            raise StoreUnavailableError(f"Glue refused GetTable of {table}: {error}") from error
        except BotoCoreError as error:
            raise StoreUnavailableError(f"Glue cannot be reached: {error}") from error
        every = [*found["StorageDescriptor"]["Columns"], *found.get("PartitionKeys", [])]
        return {column["Name"].lower(): column["Type"].lower().replace(" ", "") for column in every if _is_current(column)}


def _is_current(column: Mapping[str, Any]) -> bool:
    """Iceberg lists the columns of former schemas too, marked (`_to_columns` of pyiceberg.catalog.glue)."""
    return str((column.get("Parameters") or {}).get("iceberg.field.current", "true")) != "false"
