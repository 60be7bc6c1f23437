"""Rows of a query's result where it lies on S3, a page at a time."""

from collections.abc import Iterator, Sequence

from regulars.domain.errors import QueryFailedError
from regulars.domain.lake.results import ResultLine, read_lines
from regulars.ports import ObjectStore


def result_page(key: str, start: int, *, lake: ObjectStore) -> tuple[Sequence[ResultLine], str]:
    """As many rows from byte `start` on as a piece of the object holds, at least one if there is any, and the name of the page after them ("" at the
    end). Raises NotFoundError, StoreUnavailableError, and QueryFailedError for an object that breaks off."""
    read, after = b"", start
    for piece in lake.chunks(key, start=start):
        read += piece
        rows, after = read_lines(read, start=start)
        if rows:
            return rows, str(after)
    if after < start + len(read):
        raise QueryFailedError(f"the result {key} cannot be read from byte {after} on")
    return [], ""


def result_lines(key: str, *, lake: ObjectStore) -> Iterator[ResultLine]:
    """Every row, as the object comes: a piece of it is in memory. Raises NotFoundError, StoreUnavailableError, and QueryFailedError for an object
    that breaks off."""
    rest, read = b"", 0
    for piece in lake.chunks(key):
        rest += piece
        rows, after = read_lines(rest, start=read)
        rest, read = rest[after - read :], after
        yield from rows
    if rest:
        raise QueryFailedError(f"the result {key} cannot be read from byte {read} on")
