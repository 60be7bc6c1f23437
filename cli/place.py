"""`regulars place ...`: lists of places that people come to."""

import csv
import math
import re
from pathlib import Path
from typing import Annotated

import typer

from . import definitions
from .client import Document
from .command import Session, api_command
from .errors import ApiError, CommandError
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
    document, lines = _table(file, list_id) if file.lower().endswith(".csv") else (read_document(file), [])
    identity = document.get("id")
    if not isinstance(identity, str) or not identity:
        raise CommandError(f'{file}: "id" must be a text, as in {{"id": "shops", ...}}', code="bad_file")
    try:
        saved = session.api.put("places", identity, body=document)
    except ApiError as refused:
        raise (_by_line(refused, file, document, lines) if lines and refused.problems else refused) from None
    definitions.show_saved(session, "places", saved)


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


def _table(file: str, list_id: str) -> tuple[Document, list[int]]:
    """Each line a place, and the lines' numbers. An empty field is left out; a number may have a decimal comma where semicolons part the fields."""
    try:
        text = Path(file).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CommandError(f"cannot read {file}: {error.strerror}", code="bad_file") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{file} is not in UTF-8", code="bad_file") from error
    semicolons = ";" in text.partition("\n")[0]
    rows = csv.DictReader(text.splitlines(), delimiter=";" if semicolons else ",")
    columns = rows.fieldnames or ()
    if set(columns) - {*_TEXTS, *_NUMBERS} or not {"id", "lat", "lon"} <= set(columns):
        named = ", ".join(columns) or "nothing"
        raise CommandError(f"{file}: the first line names the columns id, lat, lon, name, radius_m; it says {named}", code="bad_file")
    numbered = [(rows.line_num, row) for row in rows]
    if longer := [str(number) for number, row in numbered if None in row]:
        raise CommandError(f"{file}: more fields than columns in line {', '.join(longer)}", code="bad_file")
    return {"id": list_id or Path(file).stem, "places": [_place(row, semicolons) for _, row in numbered]}, [number for number, _ in numbered]


def _place(row: dict[str, str | None], semicolons: bool) -> Document:
    """What is no number stays as it stands there, for the API to refuse with all that is wrong."""
    texts = {name: text.strip() for name, text in row.items() if text and text.strip()}
    return {name: _number(text, semicolons) if name in _NUMBERS else text for name, text in texts.items()}


def _number(text: str, semicolons: bool) -> float | str:
    try:
        number = float(text.replace(",", ".") if semicolons else text)
    except ValueError:
        return text
    return number if math.isfinite(number) else text


def _by_line(refused: ApiError, file: str, document: Document, lines: list[int]) -> ApiError:
    """The refusal in terms of the table: `places[1].lat` is in the line of the second place."""
    told = []
    for each in refused.problems:
        path, message = str(each["path"]), str(each["message"])
        if found := re.fullmatch(r"places\[(\d+)\](?:\.(.*))?", path):
            place, key = document["places"][int(found[1])], found[2] or ""
            path = f"{file}, line {lines[int(found[1])]}" + (f": {key}" if key else "")
            if key in _NUMBERS and isinstance(place.get(key), str):
                message = f"a number is needed, not `{place[key]}`"
        told.append({"path": path, "message": message})
    return ApiError(refused.status, refused.code, f"{told[0]['path']}: {told[0]['message']}", problems=told)
