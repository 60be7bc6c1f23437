"""`regulars segment export`: the people of a segment with what is known of them, in a file or on S3."""

import sys
from contextlib import AbstractContextManager, nullcontext
from typing import Annotated, Literal, TextIO

import typer

from .client import Document
from .command import Session
from .errors import CommandError
from .files import whole_file
from .output import price, progress

Form = Annotated[
    Literal["csv", "ndjson"] | None,
    typer.Option("--format", help="csv for spreadsheets, ndjson for programs. Default: csv; ndjson with --to.", show_default=False),
]
Traits = Annotated[str, typer.Option("--traits", metavar="NAMES", help="Traits to tell, separated by commas: plan,address.city.", show_default=False)]
Output = Annotated[str, typer.Option("--output", metavar="FILE", help="Write here. Default: standard output.", show_default=False)]
To = Annotated[
    str,
    typer.Option(
        "--to", metavar="s3://...", help="Have Athena write gzipped JSON lines below this address, any number of people.", show_default=False
    ),
]


def wanted(form: str | None, traits: str, output: str, to: str, as_of: Document) -> Document:
    """The body of the request. Raises CommandError for options that do not go together."""
    if to and output:
        raise CommandError("either --output or --to: a file here, or objects on S3", code="bad_option")
    if to and form == "csv":
        raise CommandError("with --to the format is ndjson: Athena writes CSV without quotes, which nobody can read back", code="bad_option")
    names = [name.strip() for name in traits.split(",")] if traits else []
    return {"traits": names, **({"to": to} if to else {}), **as_of}


def written(session: Session, done: Document, form: str, output: str) -> Document:
    """Writes the file piece by piece, and tells what there is to tell of it."""
    with _opened(output) as file, progress(f"export to {output or 'standard output'}") as tell:
        page, size = "", 0
        while True:
            answer = session.api.get("evaluations", done["ticket"], "export", format=form, page=page)
            file.write(answer["text"])
            size += len(answer["text"])
            tell(f"{size:,} characters")
            page = answer.get("next") or ""
            if not page:
                break
    return {"file": output or None, **told(done)}


def told(done: Document) -> Document:
    names = ("count", "location", "bytes_scanned", "cost_usd", "as_of")
    return {name: done.get(name) for name in names} | {"evaluation": done.get("id")}


def print_export(it: Document) -> None:
    where = f"below {it['location']}" if it["location"] else f"in {it['file']}"
    people = "Everybody" if it["count"] is None else f"{it['count']:,} people"
    print(f"{people} as of {it['as_of']} {where}  ({price(it)})")


def _opened(name: str) -> AbstractContextManager[TextIO]:
    return whole_file(name) if name else nullcontext(sys.stdout)


def shown(session: Session, exported: Document, output: str, to: str) -> None:
    """Nothing after a file on standard output: it is the answer."""
    if output or to:
        session.show(exported, print_export)
