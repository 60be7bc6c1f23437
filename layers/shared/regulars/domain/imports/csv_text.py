"""Which lines of a CSV file make a row, and its fields (https://www.rfc-editor.org/rfc/rfc4180#section-2).

A field that begins with a quote ends at the next one alone, behind which only the delimiter or the line's end may stand; in it, a quote is doubled,
and a line may end. A quote further on in a field is a letter (`5" pipe`). A quote that was never meant to open anything would make one field of all
lines up to the next quote; so a row of several lines counts only where nothing says otherwise, and else its first line alone is no row, and the
next line begins one.
"""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Final, Literal, NamedTuple

MOST_LINES: Final = 1_000
LONGEST: Final = 131_072
"""Characters of a row of several lines, and of a quoted field: the limit of Python's reader. An event is 32 KiB at most."""

_AFTER: Final = "behind the quote that closes a field stands neither the delimiter nor the line's end"
_NEVER: Final = f"a quote opens a field and none closes it within {MOST_LINES:,} lines and {LONGEST:,} characters"

Shape = Literal["row", "open", "broken"]


class RowText(NamedTuple):
    """`lines` lines, from the first one on that is in no row before. `broken` says why they are none; then it is one line."""

    text: str
    lines: int = 1
    broken: str = ""


def row_texts(lines: Iterable[str], delimiter: str, *, columns: int | None) -> Iterator[RowText]:
    """Every line is in one of them. `columns` is how many fields a row has, None where nobody knows yet."""
    source, ahead = iter(lines), deque[str]()
    while (line := ahead.popleft() if ahead else next(source, None)) is not None:
        shape = "row" if '"' not in line else _shape(line, delimiter)
        if shape == "row":
            yield RowText(line)
        elif shape == "broken":
            yield RowText(line, broken=_AFTER)
        else:
            found = _over_lines(line, ahead, source, delimiter, columns)
            yield found
            for _ in range(found.lines - 1):
                ahead.popleft()


def fields(row: str, delimiter: str) -> list[str]:
    """The fields of a whole row. Raises csv.Error where one is too long."""
    return next(csv.reader([row], delimiter=delimiter, strict=True), []) if '"' in row else row.split(delimiter)


def as_letters(line: str, delimiter: str) -> list[str]:
    """The fields of a line in which no quote means anything."""
    return line.split(delimiter)


def _over_lines(first: str, ahead: deque[str], source: Iterator[str], delimiter: str, columns: int | None) -> RowText:
    """The row that `first` opens. Lines that are looked at stay ahead."""
    size = len(first)
    for place in range(MOST_LINES - 1):
        if place == len(ahead):
            ahead.extend(islice(source, 1))
        if place == len(ahead) or (size := size + len(ahead[place]) + 1) > LONGEST:
            break
        shape = _shape(f'"{ahead[place]}', delimiter)  # a line in quotes goes on as if it opened them
        if shape == "broken":
            return RowText(first, broken=f"{_AFTER}, {place + 1:,} lines on")
        if shape == "row":
            together = [first, *islice(ahead, place + 1)]
            doubt = _doubt(together, delimiter, columns)
            return RowText(first, broken=doubt) if doubt else RowText("\n".join(together), len(together))
    return RowText(first, broken=_NEVER)


def _doubt(lines: list[str], delimiter: str, columns: int | None) -> str:
    """Why these lines are rather not one row."""
    if columns is None:
        return ""
    count = len(fields("\n".join(lines), delimiter))
    if count != columns:
        return f"with the {len(lines) - 1:,} lines that its quotes take in it has {count} fields where the first line has {columns}"
    if columns > 1 and all(line.count(delimiter) >= columns - 1 for line in lines):
        return f"its quotes take in {len(lines) - 1:,} lines, each of which could be a row"
    return ""


def _shape(text: str, delimiter: str) -> Shape:
    """What a row's beginning is at the end of a line."""
    whole, unclosed = _patterns(delimiter)
    return "row" if whole.fullmatch(text) else "open" if unclosed.fullmatch(text) else "broken"


@cache
def _patterns(delimiter: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A whole row, and one whose last field is still in quotes. Possessive, so that each letter is looked at once."""
    sign, quoted = re.escape(delimiter), '(?:[^"]++|"")*+'
    field = f'(?:"{quoted}"|[^"{sign}][^{sign}]*+|)'
    return re.compile(f"{field}(?:{sign}{field})*+"), re.compile(f'(?:{field}{sign})*+"{quoted}')
