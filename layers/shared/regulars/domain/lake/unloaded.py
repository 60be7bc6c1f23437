"""What UNLOAD wrote: a CSV that lists its objects, and objects of gzipped JSON lines.

https://docs.aws.amazon.com/athena/latest/ug/unload.html: how many objects there are, and how large they are, is Athena's affair.
"""

import csv
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from regulars.domain.errors import ShardCutOffError

_GZIP: Final = zlib.MAX_WBITS | 16


def listed_keys(manifest: bytes) -> Sequence[str]:
    """The keys in Athena's manifest ("DataManifestLocation"): a CSV of one column, the URL of each object."""
    return [key_of(row[0].strip()) for row in csv.reader(manifest.decode().splitlines()) if row and row[0].strip()]


def key_of(url: str) -> str:
    """The key in `s3://bucket/key`."""
    return url.removeprefix("s3://").partition("/")[2]


def unloaded_lines(chunks: Iterable[bytes], key: str) -> Iterator[bytes]:
    """What gzip holds, line by line, without its empty ones. A file may be several gzip members, one after the other (RFC 1952, 2.2).

    Raises ShardCutOffError, which names the `key`, after all that comes before the end is missing."""
    member, rest, read, is_whole = zlib.decompressobj(_GZIP), b"", 0, True
    for chunk in chunks:
        read += len(chunk)
        while chunk:
            rest += _unpacked(member, chunk, f"{key} is no gzip between bytes {read - len(chunk):,} and {read:,}")
            chunk, is_whole = member.unused_data, member.eof
            if is_whole:
                member = zlib.decompressobj(_GZIP)
            *lines, rest = rest.split(b"\n")
            yield from filter(None, lines)
    if not is_whole:
        raise ShardCutOffError(f"{key} is cut off at byte {read:,}: whoever comes after that is not known")
    if rest:
        yield rest


def _unpacked(member: "zlib._Decompress", packed: bytes, otherwise: str) -> bytes:
    try:
        return member.decompress(packed)
    except zlib.error as error:
        raise ShardCutOffError(otherwise) from error
