"""CSV for spreadsheets, which take a cell that begins with `=`, `+`, `-` or `@` for a formula and may run it, whoever wrote it.

A customer's own name can be one (https://owasp.org/www-community/attacks/CSV_Injection). Such a cell gets an apostrophe before it, which spreadsheets
show as text. A number, or a telephone number, is none, and stays.
"""

import re
from typing import Final

_FORMULA: Final = re.compile(r"[\s\0]*[=+\-@=+－@]|[\t\r\n]")
"""Spreadsheets leave out blanks before it, and take the wide forms for the narrow ones."""
_NUMBER: Final = re.compile(r"[+-]?[0-9][0-9. ]*(?:[eE][+-]?[0-9]+)?")
_QUOTED_CELL: Final = re.compile(r'"([^"]*(?:""[^"]*)*)"')
_IN_QUOTES: Final = re.compile(rb'"[^"]*(?:"|\Z)')


def guarded(cell: str) -> str:
    """The cell, so that no spreadsheet runs it."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def guarded_rows(text: str) -> str:
    """Whole rows of a CSV whose cells are all in quotes, or nothing, each cell `guarded`."""
    return _QUOTED_CELL.sub(lambda cell: f'"{guarded(cell[1])}"', text)


def whole_rows(part: bytes) -> int:
    """How many bytes of such a CSV, which begins with a row, are whole rows: a line feed in quotes ends none."""
    return _IN_QUOTES.sub(lambda quoted: b" " * len(quoted[0]), part).rfind(b"\n") + 1
