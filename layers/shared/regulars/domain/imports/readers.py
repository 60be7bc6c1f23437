"""Lines of a format as records."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final, assert_never

from regulars.domain.collection.json_text import parsed, parsed_exactly
from regulars.domain.collection.rejection import EventRejectedError
from regulars.domain.errors import InvalidRequestError
from regulars.domain.imports.csv_rows import rows
from regulars.domain.imports.job import Import
from regulars.domain.imports.lines import MAX_LINE
from regulars.domain.imports.mapping import mapping_of
from regulars.domain.imports.pinpoint import endpoint_events
from regulars.domain.imports.record import Record

_BOM: Final = b"\xef\xbb\xbf"


def records(lines: Iterable[bytes], job: Import, *, first: int, read: int) -> Iterator[Record]:
    """What an object says, the first line of which is line `first` of the file, after `read` lines of it."""
    match job.format:
        case "segment-ndjson":
            return _documents(islice(lines, read, None), first + read, lambda document: (document,))
        case "pinpoint-endpoints":
            return _documents(islice(lines, read, None), first + read, endpoint_events)
        case "csv":
            found = rows(lines, mapping_of(job.mapping), columns=None if first == 1 else job.columns, first=first)
            return (record for record in found if record.line >= first + read)
        case _:
            assert_never(job.format)


def _documents(lines: Iterable[bytes], first: int, meaning: Callable[[Any], Sequence[Any]]) -> Iterator[Record]:
    for number, line in enumerate(lines, first):
        if number == 1:
            line = line.removeprefix(_BOM)
        if not line or line.isspace():
            continue
        try:
            yield Record(number, number, meaning(_document(line)))
        except InvalidRequestError as error:
            refusal = EventRejectedError("unreadable_line", str(error).replace("the body", "the line"))
            yield Record(number, number, refusal=refusal, content=line[:MAX_LINE].decode("utf-8", "replace"))
        except EventRejectedError as error:
            yield Record(number, number, refusal=error, content=parsed(line))


def _document(line: bytes) -> Any:
    if len(line) > MAX_LINE:
        raise InvalidRequestError(f"the line is longer than {MAX_LINE:,} bytes")
    return parsed_exactly(line)
