"""Rows of a query's result where it lies on S3, a page at a time."""

from collections.abc import Sequence

from regulars.domain.lake.results import ResultLine, read_lines
from regulars.ports import ObjectStore


def result_page(key: str, start: int, *, lake: ObjectStore) -> tuple[Sequence[ResultLine], str]:
    """As many rows from byte `start` on as a piece of the object holds, at least one if there is any, and the name of the page after them ("" at the
    end). Raises NotFoundError, StoreUnavailableError."""
    read = b""
    for piece in lake.chunks(key, start=start):
        read += piece
        rows, after = read_lines(read, start=start)
        if rows:
            return rows, str(after)
    return [], ""
