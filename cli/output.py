"""What the command line prints: JSON and tables on stdout, progress on stderr where that is a terminal.

rich is imported on use: most commands never need it.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .client import Document
from .errors import CommandError


def print_json(document: object) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, right: Iterable[str] = ()) -> None:
    """A table as wide as the terminal; the columns named in `right` hold numbers."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, justify="right" if column in set(right) else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    # A pipe has no width of its own: give long ids room instead of folding them.
    Console(width=None if sys.stdout.isatty() else 200, markup=False, highlight=False).print(table)


def print_definitions(definitions: Iterable[Document]) -> None:
    """Segments or campaigns: what they are called and how often they were changed."""
    columns = ("id", "name", "version")
    print_table(columns, ([each.get(column) for column in columns] for each in definitions), right=["version"])


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return f"{value:,.2f}" if isinstance(value, float) else str(value)


@contextmanager
def progress(title: str) -> Iterator[Callable[[str], None]]:
    """A spinner on stderr, if that is a terminal; what is yielded changes its text."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True, markup=False, highlight=False).status(title) as status:
        yield lambda text: status.update(f"{title}: {text}")


def read_document(file: str) -> Document:
    """The JSON object in a file, or on stdin where the name is "-". Raises CommandError."""
    name = "standard input" if file == "-" else file
    try:
        body = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        document = json.loads(body)
        json.dumps(document, allow_nan=False)  # Python also reads NaN, Infinity and 1e999, which no JSON can hold
    except OSError as error:
        raise CommandError(f"cannot read {name}: {error.strerror}") from None
    except RecursionError:
        raise CommandError(f"{name} is nested too deeply") from None
    except ValueError as error:
        raise CommandError(f"{name} is not JSON: {error}") from None
    if not isinstance(document, dict):
        raise CommandError(f"{name} must hold one JSON object")
    return document
