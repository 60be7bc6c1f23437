"""What an export looks like: CSV or NDJSON, a piece at a time. CSV is for spreadsheets, and `guarded`; NDJSON is for programs and has every value as
it is."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import orjson

from regulars.domain.language import Path
from regulars.domain.spreadsheets import guarded

ExportFormat = Literal["csv", "ndjson"]

Row = Sequence[str | None]
"""`user_id`, how many people there are, then the JSON text of each trait, None where nobody told it."""


def rendered(rows: Iterable[Row], traits: Sequence[Path], form: ExportFormat, *, first: bool) -> str:
    """The rows as text; `first`: with what a file of this form begins with."""
    if form == "ndjson":
        return "".join(_line(row, traits) for row in rows)
    written = io.StringIO()
    writer = csv.writer(written)  # lines end as RFC 4180 has it, and a lone carriage return in a cell is in quotes
    if first:
        writer.writerow(["user_id", *(guarded(".".join(trait)) for trait in traits)])
    writer.writerows([guarded(row[0] or ""), *map(_cell, row[2:])] for row in rows)
    return written.getvalue()


def _line(row: Row, traits: Sequence[Path]) -> str:
    told = {".".join(trait): orjson.Fragment(value) for trait, value in zip(traits, row[2:], strict=True) if value is not None}
    return orjson.dumps({"user_id": row[0], **({"traits": told} if traits else {})}, option=orjson.OPT_APPEND_NEWLINE).decode()


def _cell(json_text: str | None) -> str:
    """Texts without their quotes, and what is no text as JSON has it."""
    if json_text is None or json_text == "null":
        return ""
    value: Any = orjson.loads(json_text) if json_text.startswith('"') else json_text
    return guarded(value)
