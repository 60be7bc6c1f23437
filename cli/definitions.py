"""What segments, campaigns and tracking plans have in common: documents with an id, saved in versions. `noun` is one of these in the plural."""

import sys
from typing import Annotated

import typer

from .command import Session
from .errors import CommandError
from .output import print_json, print_table, read_document

File = Annotated[str, typer.Argument(help="A JSON file, or - for standard input.", metavar="FILE")]
Archived = Annotated[bool, typer.Option("--archived", help="Also the archived ones.", show_default=False)]
Version = Annotated[int | None, typer.Option("--version", min=1, metavar="N", help="This version. Default: the newest.", show_default=False)]


def put(session: Session, noun: str, file: str) -> None:
    """Saves the definition in a file; what is there already makes no new version."""
    definition = read_document(file)
    identity = definition.get("id")
    if not isinstance(identity, str) or not identity:
        raise CommandError(f'{file}: "id" must be a text, as in {{"id": "lapsing", ...}}', code="bad_file")
    saved = session.api.put(noun, identity, body=definition)
    told = "unchanged, still version {version}" if saved.get("unchanged") else "version {version} saved"
    session.show(saved, lambda it: print(f"{noun.removesuffix('s')} {it['id']}: {told.format_map(it)}"))
    if not session.as_json:
        for warning in saved.get("warnings", ()):
            print(f"warning: {warning['path']}: {warning['message']}", file=sys.stderr)


def list_(session: Session, noun: str, *, archived: bool) -> None:
    columns = ("id", "name", "version", *(("archived",) if archived else ()))
    answer = session.api.get(noun, archived="true" if archived else "")
    session.show(
        answer,
        lambda it: print_table(columns, ([each.get(column) for column in columns] for each in it[noun]), right=["version"], free=["name"]),
    )


def get(session: Session, noun: str, identity: str, *, version: int | None) -> None:
    session.show(session.api.get(noun, identity, version=str(version or "")), print_json)


def versions(session: Session, noun: str, identity: str) -> None:
    columns = ("version", "saved_at", "saved_by", "archived")
    session.show(
        session.api.get(noun, identity, "versions"),
        lambda it: print_table(columns, ([each.get(column) for column in columns] for each in it["versions"]), right=["version"]),
    )


def archive(session: Session, noun: str, identity: str) -> None:
    done = session.api.post(noun, identity, "archive", body={})
    session.show(done, lambda it: print(f"{noun.removesuffix('s')} {it['id']}: archived, version {it['version']} is its last"))
