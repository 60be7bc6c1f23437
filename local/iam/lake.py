"""Stands before each object and each table that the local Athena touches: Athena does so with the rights of whoever asked.

https://docs.aws.amazon.com/athena/latest/ug/s3-permissions.html. Whoever asked is kept by the query's own objects, because DuckDB reads in
threads of its own.
"""

from collections.abc import Callable
from typing import Any, Final

from local.athena.errors import StatementFailedError
from local.iam import gate, principals
from local.iam.calls import glue
from local.iam.calls.names import bucket, s3_object
from local.iam.requests import AccessDeniedError, Request, UnknownCallError

_S3: Final = "Service: Amazon S3; Status Code: 403; Error Code: AccessDenied"
_GLUE: Final = "Service: AmazonDataCatalog; Status Code: 400; Error Code: AccessDeniedException"


class Access:
    """What one query may touch: all, where nobody judges or somebody outside asked."""

    def __init__(self) -> None:
        self._judge, self._principal = gate.authority(), principals.current()

    def require(self, *requests: Request) -> None:
        """Raises StatementFailedError in Athena's words."""
        if self._judge is None or self._principal is None:
            return
        try:
            self._judge.require(self._principal, *requests)
        except AccessDeniedError as error:
            where = _S3 if error.request.action.startswith("s3:") else _GLUE
            raise StatementFailedError(f"PERMISSION_DENIED: {error} ({where})") from error

    def to_object(self, action: str, bucket_name: str, key: str) -> None:
        """As in `to_object("s3:GetObject", ...)`."""
        self.require(Request(action, s3_object(bucket_name, key)))

    def to_list(self, bucket_name: str) -> None:
        self.require(Request("s3:ListBucket", bucket(bucket_name)))

    def to_catalog(self, backend: Any) -> Any:
        """moto's Glue as this query may use it."""
        return backend if self._judge is None or self._principal is None else _JudgedGlue(backend, self)


_NEEDS: Final[dict[str, Callable[..., list[Request]]]] = {
    "create_database": lambda database, *_: glue.on("CreateDatabase", database),
    "create_table": lambda database, table, *_: glue.on("CreateTable", database, table),
    "delete_database": lambda database: glue.on("DeleteDatabase", database),
    "delete_table": lambda database, table: glue.on("DeleteTable", database, table),
    "get_database": lambda database: glue.on("GetDatabase", database),
    "get_databases": lambda: glue.on("GetDatabases"),
    "get_table": lambda database, table: glue.on("GetTable", database, table),
    "get_tables": lambda database, *_: glue.on("GetTables", database, "*"),
    "update_table": lambda database, table, *_: glue.on("UpdateTable", database, table),
}
"""What a method of moto's GlueBackend needs; its arguments are the method's own."""


class _JudgedGlue:
    def __init__(self, backend: Any, access: Access) -> None:
        self._backend, self._access = backend, access

    def __getattr__(self, name: str) -> Any:
        if name not in _NEEDS:
            raise UnknownCallError(f"glue: the local cloud does not know what {name} needs (local/iam/lake.py knows {', '.join(_NEEDS)})")

        def call(*arguments: Any) -> Any:
            self._access.require(*_NEEDS[name](*arguments))
            return getattr(self._backend, name)(*arguments)

        return call
