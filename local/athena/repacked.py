"""Gzipped objects as DuckDB reads them: packed anew with zstd, once for each object.

Unpacking gzip is two thirds of the time that a query of JSON lines takes, and `curate` reads the same raw objects in each of its statements;
zstd unpacks five times as fast and takes half the memory. Packing costs half as much as one such reading. Queries count what the object itself holds.
"""

import gzip
import io
import shutil
import threading
import zlib
from typing import Any
from weakref import WeakKeyDictionary

import pyarrow
from moto.s3.models import FakeKey

from local.athena.errors import StatementFailedError
from local.athena.objects import CountedReader, LakeFileSystem, Objects
from local.on_disk import Content

PROTOCOL = "motos3repacked"
_CHUNK = 1 << 20

_packed: WeakKeyDictionary[FakeKey, Content] = WeakKeyDictionary()
"""Goes with its object: moto makes a new FakeKey for every put."""
_lock = threading.Lock()


def for_duckdb(url: str) -> str:
    """How DuckDB names a gzipped object, to be read with `compression='zstd'`."""
    return f"{PROTOCOL}://{url.split('://', 1)[1]}"


def packed(found: FakeKey) -> Content:
    """The object with zstd in the place of gzip. Raises StatementFailedError (HIVE_BAD_DATA) where it is not gzipped."""
    with _lock:
        known = _packed.get(found)
    if known is None:
        known = Content(_zstd(found.value, found.name))
        with _lock:
            _packed[found] = known
    return known


def _zstd(body: bytes, name: str) -> bytes:
    sink = pyarrow.BufferOutputStream()
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as plain, pyarrow.CompressedOutputStream(sink, "zstd") as packing:
            shutil.copyfileobj(plain, packing, _CHUNK)
    except (OSError, EOFError, zlib.error) as error:
        raise StatementFailedError(f"HIVE_BAD_DATA: {name} is not gzipped: {error}") from error
    return sink.getvalue().to_pybytes()


class _Reader(CountedReader):
    """Counts the whole object when it is first read: nobody can read the end of a gzip stream without its beginning."""

    def __init__(self, objects: Objects, found: FakeKey) -> None:
        super().__init__(objects, packed(found).whole())
        self._uncounted = found.size

    def _count(self, size: int) -> None:
        super()._count(self._uncounted)
        self._uncounted = 0


class RepackedFileSystem(LakeFileSystem):
    """What DuckDB reads gzipped objects through."""

    protocol = PROTOCOL

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        return {"name": path, "size": len(packed(self._found(path))), "type": "file"}

    def _open(self, path: str, mode: str = "rb", **_: Any) -> io.BytesIO:
        return _Reader(self._objects, self._found(path))
