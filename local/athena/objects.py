"""moto's S3 as DuckDB and pyiceberg see it: whole objects in memory, every byte that is read counted.

One `Objects` belongs to one query, so its count is Athena's DataScannedInBytes (data and Iceberg metadata alike) and its limit is the work
group's BytesScannedCutoffPerQuery.
"""

import io
import threading
from collections.abc import Iterator
from typing import Any

import fsspec
from moto.s3.models import FakeKey, S3Backend, s3_backends
from pyiceberg.io import FileIO, InputFile, InputStream, OutputFile, OutputStream
from pyiceberg.typedef import EMPTY_DICT, Properties

from local.athena.errors import SCAN_LIMIT_REASON, StatementCancelledError, StatementFailedError
from local.iam.lake import Access
from local.runtime.s3 import KeyTooLongError, check_key

PROTOCOL = "motos3"
"""DuckDB's own name for what is `s3://` elsewhere: it would try to load its httpfs extension for `s3://`."""

ACCOUNT_PROPERTY = "regulars.account-id"
PARTITION_PROPERTY = "regulars.partition"


class ScanLimitError(StatementCancelledError):
    """The query read more than its work group allows."""

    def __init__(self) -> None:
        super().__init__(SCAN_LIMIT_REASON)


def split(url: str) -> tuple[str, str]:
    """Bucket and key of `s3://bucket/key`, whatever the scheme."""
    bucket, _, key = url.split("://", 1)[1].partition("/")
    return bucket, key


def for_duckdb(url: str) -> str:
    return f"{PROTOCOL}://{url.split('://', 1)[1]}"


def for_athena(url: str) -> str:
    return f"s3://{url.split('://', 1)[1]}"


class Objects:
    """The objects of one account's S3, for one query."""

    def __init__(self, account_id: str, partition: str = "aws", limit: int | None = None) -> None:
        self.account_id = account_id
        self.partition = partition
        self.access = Access()
        self.bytes_read = 0
        self.exceeded = False
        self._limit = limit

    @property
    def _s3(self) -> S3Backend:
        return s3_backends[self.account_id][self.partition]

    def count(self, size: int) -> None:
        """Raises ScanLimitError once the sum is over the limit."""
        self.bytes_read += size
        if self._limit and self.bytes_read > self._limit:
            self.exceeded = True
            raise ScanLimitError

    def find(self, url: str) -> FakeKey | None:
        self.access.to_object("s3:GetObject", *split(url))
        return self._s3.get_object(*split(url))

    def content(self, url: str) -> bytes:
        """Uncounted: whoever reads it counts. Raises FileNotFoundError."""
        found = self.find(url)
        if found is None:
            raise FileNotFoundError(url)
        return found.value

    def put(self, url: str, body: bytes) -> None:
        """Raises StatementFailedError where S3 would refuse the key."""
        bucket, key = split(url)
        self.access.to_object("s3:PutObject", bucket, key)
        try:
            check_key(key)
        except KeyTooLongError as error:
            refused = f"ICEBERG_WRITER_CLOSE_ERROR: {error.message} (Status Code: 400; Error Code: KeyTooLongError): {key[:80]}.."
            raise StatementFailedError(refused, error_type=1100) from error
        self._s3.put_object(bucket, key, body)

    def delete(self, url: str) -> None:
        bucket, key = split(url)
        self.access.to_object("s3:DeleteObject", bucket, key)
        self._s3.delete_object(bucket, key)

    def under(self, url: str) -> Iterator[str]:
        """The urls under a prefix, in order; hidden objects (`_x`, `.x`) and folder markers are left out, as Hive leaves them out."""
        bucket, prefix = split(url)
        self.access.to_list(bucket)
        keys = self._s3.get_bucket(bucket).keys
        for key in sorted(name for name in list(keys) if name.startswith(prefix)):
            hidden = key.endswith("/") or key.rsplit("/", 1)[-1].startswith(("_", "."))
            if not hidden and isinstance(keys.get(key), FakeKey):  # a delete marker is not one
                yield f"s3://{bucket}/{key}"


class CountedReader(io.BytesIO):
    """An object's bytes, each counted when it is read.

    DuckDB's threads share one, and each says where before it reads: what another thread does between the two moves nothing. Who reads without
    having said where goes on where the last reading ended, as the threads do that unpack a file in turns.
    """

    def __init__(self, objects: Objects, body: bytes) -> None:
        super().__init__(body)
        self._objects = objects
        self._reading = threading.Lock()
        self._sought: dict[int, int] = {}

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        with self._reading:
            place = super().seek(offset, whence)
            self._sought[threading.get_ident()] = place
            return place

    def read(self, size: int | None = -1) -> bytes:
        with self._reading:
            place = self._sought.pop(threading.get_ident(), None)
            if place is None:
                self._sought.clear()
            else:
                super().seek(place)
            read = super().read(size)
        self._count(len(read))
        return read

    def _count(self, size: int) -> None:
        self._objects.count(size)


class LakeFileSystem(fsspec.AbstractFileSystem):
    """What DuckDB reads through. https://duckdb.org/docs/stable/guides/python/filesystems"""

    protocol = PROTOCOL
    cachable = False

    def __init__(self, objects: Objects) -> None:
        super().__init__()
        self._objects = objects

    def _found(self, path: str) -> FakeKey:
        found = self._objects.find(for_duckdb(path if "://" in path else f"{PROTOCOL}://{path}"))
        if found is None:
            raise FileNotFoundError(path)
        return found

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        return {"name": path, "size": self._found(path).size, "type": "file"}

    def ls(self, path: str, detail: bool = True, **_: Any) -> list[Any]:
        return [self.info(path) if detail else path]

    def glob(self, path: str, **_: Any) -> list[str]:
        # Every path that DuckDB gets is an exact one, and keys may hold `*` and `[`.
        return [path]

    def modified(self, path: str) -> Any:
        return self._found(path).last_modified

    def created(self, path: str) -> Any:
        return self._found(path).last_modified

    def _open(self, path: str, mode: str = "rb", **_: Any) -> io.BytesIO:
        return CountedReader(self._objects, self._found(path).value)


class _LakeFile(InputFile, OutputFile):
    def __init__(self, location: str, objects: Objects) -> None:
        super().__init__(location)
        self._objects = objects

    def __len__(self) -> int:
        return len(self._objects.content(self.location))

    def exists(self) -> bool:
        return self._objects.find(self.location) is not None

    def open(self, seekable: bool = True) -> InputStream:
        return CountedReader(self._objects, self._objects.content(self.location))

    def to_input_file(self) -> "_LakeFile":
        return self

    def create(self, overwrite: bool = False) -> OutputStream:
        return _Upload(self._objects, self.location)


class _Upload(io.BytesIO):
    """Becomes an object when it is closed, as an S3 upload does."""

    def __init__(self, objects: Objects, location: str) -> None:
        super().__init__()
        self._objects = objects
        self._location = location

    def close(self) -> None:
        if not self.closed:
            self._objects.put(self._location, self.getvalue())
        super().close()


class LakeFileIO(FileIO):
    """pyiceberg's door to the lake. An instance belongs to one query; `objects` is that query's.

    pyiceberg itself makes instances from `properties` (for its commits): those count for nobody.
    """

    def __init__(self, properties: Properties = EMPTY_DICT, objects: Objects | None = None) -> None:
        super().__init__(properties)
        self.objects = objects or Objects(properties[ACCOUNT_PROPERTY], properties.get(PARTITION_PROPERTY, "aws"))

    def new_input(self, location: str) -> InputFile:
        return _LakeFile(location, self.objects)

    def new_output(self, location: str) -> OutputFile:
        return _LakeFile(location, self.objects)

    def delete(self, location: str | InputFile | OutputFile) -> None:
        self.objects.delete(location if isinstance(location, str) else location.location)
