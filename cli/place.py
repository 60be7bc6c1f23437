"""`regulars place ...`: lists of places that people come to."""

import csv
from pathlib import Path
from typing import Annotated

import typer

from . import definitions
from .client import Document
from .command import Session, api_command
from .errors import CommandError
from .output import read_document

group = typer.Typer(no_args_is_help=True, help="Say where your shops are, so that telephones can tell that somebody comes to one.")

List = Annotated[str, typer.Argument(help="The list's id.", metavar="ID")]

_NUMBERS = ("lat", "lon", "radius_m")
_TEXTS = ("id", "name")


@api_command(group, "put")
def put(
    session: Session,
    file: Annotated[str, typer.Argument(help="A JSON file, - for standard input, or a CSV file.", metavar="FILE")],
    list_id: Annotated[str, typer.Option("--id", metavar="ID", help="Of a CSV file: the list's id. Default: the file's name.")] = "",
) -> None:
    """Save a list of places as a new version.

    A CSV file has a line of names first: id, lat, lon, and if you like name and radius_m; it is in UTF-8, with commas or semicolons.
    """
    document = _table(file, list_id) if file.lower().endswith(".csv") else read_document(file)
    identity = document.get("id")
    if not isinstance(identity, str) or not identity:
        raise CommandError(f'{file}: "id" must be a text, as in {{"id": "shops", ...}}', code="bad_file")
    definitions.show_saved(session, "places", session.api.put("places", identity, body=document))


@api_command(group, "list")
def list_(session: Session, archived: definitions.Archived = False) -> None:
    """List the lists of places."""
    definitions.list_(session, "places", archived=archived)


@api_command(group, "get")
def get(session: Session, list_id: List, version: definitions.Version = None) -> None:
    """Show a list of places as JSON."""
    definitions.get(session, "places", list_id, version=version)


@api_command(group, "versions")
def versions(session: Session, list_id: List) -> None:
    """List a list's versions, the newest first: who saved each, when, and what changed."""
    definitions.versions(session, "places", list_id)


@api_command(group, "restore")
def restore(session: Session, list_id: List, version: definitions.Restored) -> None:
    """Make an old version the newest again: a new version that says the same."""
    definitions.restore(session, "places", list_id, version=version)


@api_command(group, "archive")
def archive(session: Session, list_id: List) -> None:
    """Tell telephones of a list of places no longer."""
    definitions.archive(session, "places", list_id)


def _table(file: str, list_id: str) -> Document:
    """Each line a place; a field that is empty is left out. Numbers may have a decimal comma where semicolons part the fields."""
    try:
        text = Path(file).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file}: {error}", code="bad_file") from error
    semicolons = ";" in text.partition("\n")[0]
    rows = csv.DictReader(text.splitlines(), delimiter=";" if semicolons else ",")
    unknown = [name for name in rows.fieldnames or () if name not in (*_TEXTS, *_NUMBERS)]
    if unknown or not {"id", "lat", "lon"} <= set(rows.fieldnames or ()):
        raise CommandError(f"{file}: the first line names the columns id, lat, lon, name, radius_m; it has {rows.fieldnames}", code="bad_file")
    places = [_place(row, f"{file}, line {rows.line_num}", semicolons) for row in rows]
    return {"id": list_id or Path(file).stem, "places": places}


def _place(row: dict[str, str | None], where: str, semicolons: bool) -> Document:
    if None in row:
        raise CommandError(f"{where}: more fields than columns", code="bad_file")
    texts = {name: text.strip() for name, text in row.items() if text and text.strip()}
    try:
        numbers = {name: float(texts.pop(name).replace(",", "." if semicolons else ",")) for name in _NUMBERS if name in texts}
    except ValueError as error:
        raise CommandError(f"{where}: {error}", code="bad_file") from error
    return {**texts, **numbers}
