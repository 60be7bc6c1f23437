"""What Athena writes of a SELECT's rows to S3: CSV, values in quotes, and nothing at all for NULL.

https://docs.aws.amazon.com/athena/latest/ug/querying-finding-output-files.html and https://pyathena.dev/master/null_handling.html, which shows values
without quotes too: they are read all the same. Read in pieces: a page is as many whole rows as a piece of the object holds.
"""

import re
from collections.abc import Sequence
from typing import Final

from regulars.domain.errors import InvalidRequestError

ResultLine = Sequence[str | None]

_FIELD: Final = rb'(?:"[^"]*(?:""[^"]*)*"|[^",\n]*)'
_LINE: Final = re.compile(rb"%(field)s(?:,%(field)s)*\n" % {b"field": _FIELD})
_VALUE: Final = re.compile(r'(?:"([^"]*(?:""[^"]*)*)"|([^",\n]+)|)[,\n]')


def read_lines(piece: bytes, *, start: int) -> tuple[Sequence[ResultLine], int]:
    """The whole rows of a piece that begins at byte `start` of the object, and the byte after them. The first line, of names, is no row."""
    rows: list[ResultLine] = []
    read = 0
    while found := _LINE.match(piece, read):
        rows.append(_values(found[0]))
        read = found.end()
    return rows[0 if start else 1 :], start + read


def page_start(page: str) -> int:
    """Where the page of that name begins; "" is the first. Raises InvalidRequestError."""
    if page and not page.isdecimal():
        raise InvalidRequestError("is not the name of a page of this result: bring what `next` said", field="page")
    return int(page or 0)


def _values(line: bytes) -> ResultLine:
    return [found[2] if found[1] is None else found[1].replace('""', '"') for found in _VALUE.finditer(line.decode())]
