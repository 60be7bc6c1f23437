"""What the command line prints: JSON and tables on stdout, progress on stderr where that is a terminal.

rich is imported on use: most commands never need it.
"""

import json
import shutil
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from . import strict_json
from .client import Document
from .errors import CommandError, Problem

_GAP = 3
"""Columns between two columns of a table; it has one more at either edge."""
_NARROWEST = 20
"""Columns that free text needs to be read."""


_CONTROLS = {code: f"\\u{code:04x}" for code in (*range(32), *range(127, 160)) if code != ord("\n")}
"""What a terminal acts on rather than shows (https://www.ecma-international.org/publications-and-standards/standards/ecma-48/), as JSON writes it.
Whoever knows a write key, which is whoever has the app, can put it into an id or a trait."""


def plain(text: str) -> str:
    """The text as a terminal may see it: line breaks stay."""
    return text.translate(_CONTROLS)


def problem_lines(problems: Iterable[Problem]) -> Iterator[str]:
    """A line for each; what is said of the whole document has no path."""
    return (plain(f"{each['path']}: {each['message']}" if each["path"] else each["message"]) for each in problems)


def print_json(document: object) -> None:
    print(plain(json.dumps(document, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None)))


def spelled(number: float, digits: int, *, sign: bool = False) -> str:
    """`1,234.50`, and with more decimals where it would read as 0 and is not; what is too large or too small for that is `1.00e99`."""
    size, plus = abs(number), "+" if sign else ""
    if size >= 1e15 or 0 < size < 1e-6:
        return f"{number:{plus}.2e}".replace("e+", "e").replace("e-0", "e-")
    places = next((each for each in range(digits, 7) if round(number, each)), digits)
    return f"{number or 0:{plus},.{places}f}"


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, right: Collection[str] = (), free: Collection[str] = ()) -> None:
    """A table; the columns in `right` hold numbers, those in `free` text that may be folded between words.

    Nothing else is ever folded, so that an id can be copied: where a terminal is too narrow, each row becomes a paragraph.
    """
    texts = [[_cell(value, figures=name in right) for name, value in zip(columns, row, strict=True)] for row in rows]
    widths = {name: _width([name, *(row[n] for row in texts)]) for n, name in enumerate(columns)}
    needed = _needed(columns, texts, widths, free)
    # A pipe has no width of its own.
    available = shutil.get_terminal_size().columns if sys.stdout.isatty() else _total(widths)
    if needed > available:
        _print_paragraphs(columns, texts)
    else:
        _print_columns(columns, texts, available, right=right, free=free)


def price(it: Document) -> str:
    """What a question read, and what that cost: `0.53 MB scanned, $0.000050`."""
    return f"{it['bytes_scanned'] / 1e6:,.2f} MB scanned, ${it['cost_usd']:.6f}"


def _needed(columns: Sequence[str], texts: Sequence[Sequence[str]], widths: dict[str, int], free: Collection[str]) -> int:
    """The least columns of a terminal that hold the table."""
    least = dict(widths)
    for n, name in enumerate(columns):
        if name in free:
            words = [word for row in texts for word in row[n].split()]
            least[name] = min(widths[name], max(_NARROWEST, _width([name, *words])))
    return _total(least)


def _total(widths: dict[str, int]) -> int:
    return sum(widths.values()) + _GAP * (len(widths) - 1) + 2


def _width(texts: Iterable[str]) -> int:
    from rich.cells import cell_len

    return max(cell_len(line) for text in texts for line in text.split("\n"))


def _print_columns(columns: Sequence[str], texts: Iterable[Sequence[str]], width: int, *, right: Collection[str], free: Collection[str]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left", no_wrap=column not in free, overflow="fold")
    for row in texts:
        table.add_row(*row)
    Console(width=width, markup=False, highlight=False).print(table)


def _print_paragraphs(columns: Sequence[str], texts: Iterable[Sequence[str]]) -> None:
    label = max(map(len, columns))
    for row in texts:
        print()
        for name, text in zip(columns, row, strict=True):
            if text:
                print(f"{name:<{label}}  {text}")


def _cell(value: Any, *, figures: bool) -> str:
    """Figures are rounded to be compared; any other number is what it is."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if figures and isinstance(value, int | float):
        return f"{value:,}" if isinstance(value, int) else spelled(value, 2)
    return plain(str(value))


@contextmanager
def progress(title: str) -> Iterator[Callable[[str], None]]:
    """A spinner on stderr, if that is a terminal; what is yielded changes its text."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True, markup=False, highlight=False).status(title) as status:
        yield lambda text: status.update(f"{title}: {text}")


def read_object(text: str, option: str) -> Document:
    """The JSON object that an option says. Raises CommandError."""
    return _object(text, option, code="usage")


def read_document(file: str) -> Document:
    """The JSON object in a file, or on stdin where the name is "-". Raises CommandError."""
    name = "standard input" if file == "-" else file
    try:
        body = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise CommandError(f"cannot read {name}: {error.strerror}", code="bad_file") from None
    return _object(body, name, code="bad_file")


def _object(body: str | bytes, name: str, *, code: str) -> Document:
    try:
        document = strict_json.loads(body)
    except RecursionError:
        raise CommandError(f"{name} is nested too deeply", code=code) from None
    except strict_json.FlawedJsonError as error:
        flaws = [{"path": path, "message": said} for path, said in error.flaws]
        wrong = f"{name}: {error}" if len(flaws) == 1 else f"{name}: {len(flaws)} things are wrong"
        raise CommandError(wrong, code=code, problems=flaws) from None
    except ValueError as error:
        raise CommandError(f"{name} is not JSON: {error}", code=code) from None
    if not isinstance(document, dict):
        raise CommandError(f"{name} must hold one JSON object", code=code)
    return document
