"""HPACK, the compression of header fields: https://www.rfc-editor.org/rfc/rfc7541

What comes is read with all of it; what goes is written so that the peer keeps nothing of it: an access token is in no table
(https://www.rfc-editor.org/rfc/rfc7541#section-7.1.3) and one encoding serves every connection.
"""

from collections import deque

from regulars.adapters.http2 import huffman

Field = tuple[bytes, bytes]

TABLE_BYTES = 4096
"""The default of SETTINGS_HEADER_TABLE_SIZE, which is not changed here."""
EMPTY_TABLE = b"\x20"
"""Opens the first block of a connection whose sender keeps no table, whatever size the peer allows (section 6.3)."""
_ENTRY_OVERHEAD = 32
_NEVER_INDEXED, _NAME_BITS = 0x10, 4

_STATIC_NAMES = """
    :authority|:method=GET|:method=POST|:path=/|:path=/index.html|:scheme=http|:scheme=https|:status=200|:status=204|:status=206|:status=304
    :status=400|:status=404|:status=500|accept-charset|accept-encoding=gzip, deflate|accept-language|accept-ranges|accept
    access-control-allow-origin|age|allow|authorization|cache-control|content-disposition|content-encoding|content-language|content-length
    content-location|content-range|content-type|cookie|date|etag|expect|expires|from|host|if-match|if-modified-since|if-none-match|if-range
    if-unmodified-since|last-modified|link|location|max-forwards|proxy-authenticate|proxy-authorization|range|referer|refresh|retry-after|server
    set-cookie|strict-transport-security|transfer-encoding|user-agent|vary|via|www-authenticate
"""  # https://www.rfc-editor.org/rfc/rfc7541#appendix-A


def _static_table() -> tuple[Field, ...]:
    entries = (entry.partition("=") for line in _STATIC_NAMES.split("\n") for entry in line.strip().split("|") if entry)
    return tuple((name.encode(), value.encode()) for name, _, value in entries)


STATIC_TABLE = _static_table()
_FIELD_INDEX = {entry: number for number, entry in enumerate(STATIC_TABLE, 1) if entry[1]}
_NAME_INDEX = {name: number for number, (name, _) in reversed(list(enumerate(STATIC_TABLE, 1)))}


class HpackError(ValueError):
    """A block of header fields that can't be read; nor can any later one of its connection."""


class Decoder:
    """Of one connection: every block that came on it must be read, in order."""

    def __init__(self) -> None:
        self._table: deque[Field] = deque()
        self._bytes, self._limit = 0, TABLE_BYTES

    def decode(self, block: bytes) -> list[Field]:
        """Raises HpackError."""
        try:
            return self._decode(block)
        except (IndexError, huffman.HuffmanError) as error:
            raise HpackError(f"unreadable header fields: {error}") from error

    def _decode(self, block: bytes) -> list[Field]:
        fields, at, end = [], 0, len(block)
        while at < end:
            first = block[at]
            if first & 0x80:
                index, at = _integer(block, at, 7)
                fields.append(self._entry(index))
            elif first & 0xE0 == 0x20:
                size, at = _integer(block, at, 5)
                self._resize(size)
            else:
                index, at = _integer(block, at, 6 if first & 0x40 else _NAME_BITS)
                name, at = (self._entry(index)[0], at) if index else _string(block, at)
                value, at = _string(block, at)
                fields.append((name, value))
                if first & 0x40:
                    self._add(name, value)
        return fields

    def _entry(self, index: int) -> Field:
        if not index:
            raise HpackError("index 0 names no header field")
        return STATIC_TABLE[index - 1] if index <= len(STATIC_TABLE) else self._table[index - len(STATIC_TABLE) - 1]

    def _add(self, name: bytes, value: bytes) -> None:
        self._table.appendleft((name, value))
        self._bytes += len(name) + len(value) + _ENTRY_OVERHEAD
        self._evict()

    def _resize(self, limit: int) -> None:
        if limit > TABLE_BYTES:
            raise HpackError(f"a table of {limit} bytes, where {TABLE_BYTES} are allowed")
        self._limit = limit
        self._evict()

    def _evict(self) -> None:
        while self._bytes > self._limit:
            name, value = self._table.pop()
            self._bytes -= len(name) + len(value) + _ENTRY_OVERHEAD


def _integer(block: bytes, at: int, bits: int) -> tuple[int, int]:
    """The number of which the first byte holds `bits`, and where it ends: https://www.rfc-editor.org/rfc/rfc7541#section-5.1"""
    full = (1 << bits) - 1
    value, at = block[at] & full, at + 1
    if value < full:
        return value, at
    shift = 0
    while True:
        byte, at = block[at], at + 1
        value += (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at
        if shift > 28:  # more than any length or index may be
            raise HpackError("an absurd number in the header fields")


def _string(block: bytes, at: int) -> tuple[bytes, int]:
    compressed = block[at] & 0x80
    size, at = _integer(block, at, 7)
    end = at + size
    if end > len(block):
        raise HpackError("the header fields end in the middle of a string")
    text = bytes(block[at:end])
    return (huffman.decode(text) if compressed else text), end


def encoded(name: bytes, value: bytes) -> bytes:
    """One header field, by the static table as far as that knows it, and never to be kept in another."""
    index = _FIELD_INDEX.get((name, value))
    if index is not None:
        return _number(index, 7, 0x80)
    index = _NAME_INDEX.get(name, 0)
    return _number(index, _NAME_BITS, _NEVER_INDEXED) + (b"" if index else _plain(name)) + _plain(value)


def _plain(text: bytes) -> bytes:
    return _number(len(text), 7) + text


def _number(value: int, bits: int, kind: int = 0) -> bytes:
    full = (1 << bits) - 1
    if value < full:
        return bytes([kind | value])
    octets, value = bytearray([kind | full]), value - full
    while value >= 0x80:
        octets.append(value & 0x7F | 0x80)
        value >>= 7
    octets.append(value)
    return bytes(octets)
