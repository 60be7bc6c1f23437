"""The part of Athena's API by which drivers look around: catalogues, databases, tables and their columns, out of moto's Glue.

https://docs.aws.amazon.com/athena/latest/APIReference/API_ListTableMetadata.html and its neighbours. The JDBC and ODBC drivers and PyAthena's
inspector ask these before they ask `information_schema`. moto has some of them over databases of its own, apart from Glue's.
"""

import json
import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from moto.athena.exceptions import MetadataException
from moto.athena.responses import AthenaResponse
from moto.core.exceptions import JsonRESTError
from moto.glue.models import GlueBackend, glue_backends

from local.athena.pages import paged
from local.athena.queries import InvalidRequestError

CATALOG: Final = "AwsDataCatalog"

Document = dict[str, Any]


def list_data_catalogs(self: AthenaResponse) -> str:
    known = [{"CatalogName": CATALOG, "Type": "GLUE"}, *self.athena_backend.list_data_catalogs()]
    return paged(self, "DataCatalogsSummary", known)


def get_data_catalog(self: AthenaResponse) -> str:
    name = self._get_param("Name")
    if str(name).lower() == CATALOG.lower():
        return json.dumps({"DataCatalog": {"Name": CATALOG, "Type": "GLUE", "Parameters": {"catalog-id": self.current_account}}})
    found = self.athena_backend.get_data_catalog(name)
    if found is None:
        raise InvalidRequestError(f"DataCatalog {name} was not found")
    return json.dumps({"DataCatalog": found})


def list_databases(self: AthenaResponse) -> str:
    databases = sorted((database.as_dict() for database in _glue(self).get_databases()), key=lambda found: str(found["Name"]))
    return paged(self, "DatabaseList", [_database(found) for found in databases])


def get_database(self: AthenaResponse) -> str:
    name = self._get_param("DatabaseName").lower()
    try:
        return json.dumps({"Database": _database(_glue(self).get_database(name).as_dict())})
    except JsonRESTError as error:
        raise _not_found(f"Database {name} not found.") from error


def list_table_metadata(self: AthenaResponse) -> str:
    """`Expression` is a regular expression over names, which the whole name must match."""
    name = self._get_param("DatabaseName").lower()
    try:
        tables = [found.as_dict() for found in _glue(self).get_tables(name, None)]
    except JsonRESTError as error:
        raise _not_found(f"Database {name} not found.") from error
    wanted = re.compile(self._get_param("Expression") or ".*")
    chosen = sorted((found for found in tables if wanted.fullmatch(found["Name"])), key=lambda found: str(found["Name"]))
    return paged(self, "TableMetadataList", [_table(found) for found in chosen])


def get_table_metadata(self: AthenaResponse) -> str:
    database, name = self._get_param("DatabaseName").lower(), self._get_param("TableName").lower()
    try:
        found = _glue(self).get_table(database, name).as_dict()
    except JsonRESTError as error:
        raise _not_found(f"Table {name} not found.") from error
    return json.dumps({"TableMetadata": _table(found)})


ANSWERS: Final = (list_data_catalogs, get_data_catalog, list_databases, get_database, list_table_metadata, get_table_metadata)
"""Methods of moto's AthenaResponse, by their names."""


def _glue(self: AthenaResponse) -> GlueBackend:
    """Raises InvalidRequestError where another catalogue is asked about."""
    name = self._get_param("CatalogName")
    if str(name).lower() != CATALOG.lower():
        raise InvalidRequestError(f"The local Athena has one catalog, {CATALOG}, and not {name}")
    return glue_backends[self.current_account][self.region]


def _not_found(what: str) -> MetadataException:
    """Glue's own complaint in its envelope, which PyAthena unwraps (PATTERN_METADATA_SERVICE_ERROR of its `util.py`)."""
    envelope = f"Service: AmazonDataCatalog; Status Code: 400; Error Code: EntityNotFoundException; Request ID: {uuid.uuid4()}; Proxy: null"
    return MetadataException(f"{what} ({envelope})")


def _database(found: Mapping[str, Any]) -> Document:
    return {key: found[key] for key in ("Name", "Description", "Parameters") if found.get(key)}


def _table(found: Mapping[str, Any]) -> Document:
    """Glue's table as Athena tells it: what its descriptor says of files stands among the parameters."""
    descriptor = found["StorageDescriptor"]
    serde = descriptor.get("SerdeInfo") or {}
    told = {
        "inputformat": descriptor.get("InputFormat"),
        "location": descriptor.get("Location"),
        "outputformat": descriptor.get("OutputFormat"),
        "serde.serialization.lib": serde.get("SerializationLibrary"),
        **{f"serde.param.{name}": value for name, value in (serde.get("Parameters") or {}).items()},
    }
    return {
        "Name": found["Name"],
        "TableType": found.get("TableType") or "EXTERNAL_TABLE",
        "CreateTime": found["CreateTime"].timestamp(),
        "Columns": _columns(descriptor["Columns"]),
        "PartitionKeys": _columns(found.get("PartitionKeys") or []),
        "Parameters": {**(found.get("Parameters") or {}), **{name: value for name, value in told.items() if value}},
    }


def _columns(found: Sequence[Mapping[str, Any]]) -> list[Document]:
    return [{key: column[key] for key in ("Name", "Type", "Comment") if column.get(key)} for column in found]
