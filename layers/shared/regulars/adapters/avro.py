"""Avro container files, read: what Iceberg's manifests are. Only what those use is known; all else is refused.

https://avro.apache.org/docs/1.11.1/specification/ : "Object Container Files", "Binary Encoding".
"""

import zlib
from collections.abc import Callable, Iterator, Mapping
from struct import unpack_from
from typing import Any, Final

import orjson

from regulars.domain.errors import StoreUnavailableError

_MAGIC: Final = b"Obj\x01"
_SYNC: Final = 16

_INFLATED: Final[Mapping[str, Callable[[bytes], bytes]]] = {"null": lambda data: data, "deflate": lambda data: zlib.decompress(data, -zlib.MAX_WBITS)}


def records(data: bytes) -> Iterator[dict[str, Any]]:
    """Each record of a file. Raises StoreUnavailableError for what is none, or is packed in a way that is not known here."""
    try:
        if data[:4] != _MAGIC:
            raise ValueError("it does not begin as an Avro file")
        header = _Reader(data, 4)
        about = header.read({"type": "map", "values": "bytes"})
        schema, codec = orjson.loads(about["avro.schema"]), about.get("avro.codec", b"null").decode()
        if codec not in _INFLATED:
            raise ValueError(f"its codec is {codec}")
        header.place += _SYNC
        while header.place < len(data):
            count, size = header.integer(), header.integer()
            block = _Reader(_INFLATED[codec](data[header.place : header.place + size]))
            yield from (block.read(schema) for _ in range(count))
            header.place += size + _SYNC
    except (ValueError, KeyError, IndexError, zlib.error) as error:
        raise StoreUnavailableError(f"a manifest of the lake cannot be read: {error}") from error


class _Reader:
    def __init__(self, data: bytes, place: int = 0) -> None:
        self._data, self.place = data, place
        self._read: dict[str, Callable[[], Any]] = {
            "null": lambda: None,
            "boolean": lambda: self._taken(1) == b"\x01",
            "int": self.integer,
            "long": self.integer,
            "float": lambda: unpack_from("<f", self._taken(4))[0],
            "double": lambda: unpack_from("<d", self._taken(8))[0],
            "bytes": lambda: self._taken(self.integer()),
            "string": lambda: self._taken(self.integer()).decode(),
        }

    def read(self, schema: Any) -> Any:
        """The value that comes next. A schema is the name of a type, a list of them (a union) or an object."""
        if isinstance(schema, list):
            return self.read(schema[self.integer()])
        if isinstance(schema, str):
            return self._read[schema]()
        match schema["type"]:
            case "record":
                return {field["name"]: self.read(field["type"]) for field in schema["fields"]}
            case "array":
                return [self.read(schema["items"]) for count in self._blocks() for _ in range(count)]
            case "map":
                return {self._read["string"](): self.read(schema["values"]) for count in self._blocks() for _ in range(count)}
            case "fixed":
                return self._taken(schema["size"])
            case other:
                return self.read(other)

    def integer(self) -> int:
        """Zigzag, seven bits a byte, the lowest first."""
        found = shift = 0
        while True:
            byte = self._data[self.place]
            self.place += 1
            found |= (byte & 0x7F) << shift
            if byte < 0x80:
                return (found >> 1) ^ -(found & 1)
            shift += 7

    def _blocks(self) -> Iterator[int]:
        """How many items each block of an array or a map has; a negative count is followed by the block's size."""
        while count := self.integer():
            if count < 0:
                self.integer()
            yield abs(count)

    def _taken(self, size: int) -> bytes:
        taken = self._data[self.place : self.place + size]
        if len(taken) < size:
            raise ValueError("it breaks off")
        self.place += size
        return taken
