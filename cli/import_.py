"""`regulars import`: bring a file, or what lies in S3, into the lake as events of the past. `regulars imports` looks at what was brought."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from .client import Document
from .command import Session, api_command
from .errors import CommandError
from .import_file import Upload, content_of, part_in
from .import_text import head_of
from .output import print_table, progress, read_document

SEGMENTS = "pinpoint-segments"
FORMATS = ("segment-ndjson", "csv", "pinpoint-endpoints", SEGMENTS)
PATIENCE = 24 * 3600.0

imports = typer.Typer(help="Look at imports.", no_args_is_help=True)


def import_(
    session: Session,
    file: Annotated[str, typer.Argument(metavar="FILE", help="A file, gzipped or not, or s3://BUCKET/PREFIX.")],
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help=f"{', '.join(FORMATS)}. Default: by the name.", show_default=False)] = "",
    mapping: Annotated[str, typer.Option("--map", metavar="FILE", help="What the columns of a CSV mean (docs/import.md).", show_default=False)] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and check everything, and keep nothing.", show_default=False)] = False,
    errors: Annotated[str, typer.Option("--errors", metavar="FILE", help="Write what was refused, a line of JSON each.", show_default=False)] = "",
) -> None:
    """Import events and people of the past: nothing is triggered by them.

    With --format pinpoint-segments, the segments that `aws pinpoint get-segment` or get-segments answered become segments here, as far as they can.

    The same file again adds nothing, and goes on where it was interrupted. What cannot be mapped goes to quarantine with its line number, and the
    rest of the file goes on.
    """
    form = form or _guessed(file)
    if form not in FORMATS:
        raise CommandError(f"there is no format {form!r}; known: {', '.join(FORMATS)}", code="usage", exit_code=2)
    if form == SEGMENTS:
        _put_segments(session, file, dry_run=dry_run)
        return
    begun = session.api.post("imports", body=_wanted(file, form, mapping, dry_run=dry_run))
    before = begun["state"] == "done"  # of a prefix in S3: nothing came or changed since
    if begun["state"] == "uploading":
        _upload(session, file, begun, form)
    found = {**_followed(session, begun), "imported_before": before}
    if errors:
        _write_errors(session, found["id"], errors)
    session.show(found, _told)
    if found["state"] == "failed":
        raise CommandError(f"import {found['id']} is not whole: {'; '.join(found['errors'])}", code="import_failed")


def _wanted(file: str, form: str, mapping: str, *, dry_run: bool) -> Document:
    """What the API must know of the file before it gets any of it; of what lies in S3, that is all."""
    wanted: Document = {"name": file, "format": form, "dry_run": dry_run, "content": file}
    if mapping:
        wanted["mapping"] = read_document(mapping)
    if file.startswith("s3://"):
        return wanted
    with progress(f"check of {file}"):
        return {**wanted, "name": Path(file).name, "content": content_of(file), "head": base64.b64encode(head_of(file)).decode()}


def _put_segments(session: Session, file: str, *, dry_run: bool) -> None:
    """Those that can be ours are saved; of the others it is said what has no counterpart."""
    found = session.api.post("imports", SEGMENTS, body={"document": read_document(file)})
    for each in found["segments"]:
        if each["segment"] and not dry_run:
            saved = session.api.put("segments", each["id"], body=each["segment"])
            each |= {"version": saved["version"], "warnings": saved["warnings"]}
    session.show({**found, "dry_run": dry_run}, _told_segments)
    if left := [each["name"] for each in found["segments"] if each["unmapped"]]:
        raise CommandError(f"{len(left)} of {len(found['segments'])} segments have parts without a counterpart: {', '.join(left)}", code="unmapped")


def _told_segments(found: Document) -> None:
    for each in found["segments"]:
        state = f"version {each['version']} saved" if "version" in each else "not saved" if each["unmapped"] else "could be saved"
        print(f"{each['id']} ({each['name']}): {state}")
        for part in (*each["unmapped"], *each.get("warnings", ())):
            print(f"  {part['path']}: {part['message']}")


def _guessed(file: str) -> str:
    return "csv" if {".csv", ".tsv"} & set(Path(file).suffixes) else "segment-ndjson"


def _upload(session: Session, file: str, begun: Document, form: str) -> None:
    with progress(f"upload of {begun['name']}") as show:
        try:
            for part in part_in(file, quoted=form == "csv"):
                if part.number >= begun["parts_taken"]:  # the last one again: whether it was taken whole nobody knows
                    _hand_over(session, begun["id"], part)
                show(f"{part.first_line + part.lines - 1:,} lines")
        except KeyboardInterrupt:
            raise CommandError(
                "interrupted", code="interrupted", advice="What was uploaded is being read; the same command again goes on from there.", exit_code=130
            ) from None


def _hand_over(session: Session, identity: str, part: Upload) -> None:
    query = {"first_line": str(part.first_line), "last": "true" if part.last else ""}
    session.api.upload("imports", identity, "parts", str(part.number), content=part.content, **query)


def _followed(session: Session, begun: Document) -> Document:
    def look() -> Document:
        return session.api.get("imports", begun["id"])

    try:
        return session.wait("import", look, lambda it: it["state"] in ("done", "failed"), patience=PATIENCE, tell=_line)
    except KeyboardInterrupt:
        advice = f"It goes on without this command: `regulars imports status {begun['id']}` says how far it is."
        raise CommandError("interrupted", code="interrupted", advice=advice, exit_code=130) from None


def _line(it: Document) -> str:
    return f"{it['records']:,} read, {it['events']:,} events, {_refused(it):,} refused, part {it['parts_done']} of {it['parts'] or '?'}"


def _refused(it: Document) -> int:
    return sum(int(those["count"]) for those in it["refused"].values())


def _told(it: Document) -> None:
    rate = f"{it['events'] / it['seconds']:,.0f} a second" if it["seconds"] else ""
    checked = " (a dry run: nothing was kept)" if it["dry_run"] else ""
    print(f"import {it['id']}, {it['name']}: {it['state']}{checked}")
    if it.get("imported_before"):
        print(f"imported before, on {it['started_at'][:16].replace('T', ' at ')} UTC, as {it['name']}: nothing was added. What was then:")
    print(f"{it['records']:,} records, {it['events']:,} events, {it['profiles']:,} profiles written, in {it['seconds']:,.1f} s: {rate}")
    if it["refused"]:
        rows = [[reason, those["count"], those["line"], those["name"]] for reason, those in sorted(it["refused"].items())]
        print_table(("refused", "records", "first on line", "of"), rows, right=["records", "first on line"])


def _errors(session: Session, identity: str) -> Iterator[Document]:
    page: str | None = ""
    while page is not None:
        found = session.api.get("imports", identity, "errors", page=page)
        yield from found["errors"]
        page = found["next"] or None


def _write_errors(session: Session, identity: str, file: str) -> None:
    try:
        with Path(file).open("w", encoding="utf-8") as out:
            out.writelines(json.dumps(each, ensure_ascii=False) + "\n" for each in _errors(session, identity))
    except OSError as error:
        raise CommandError(f"cannot write {file}: {error.strerror}", code="bad_file") from None


@api_command(imports, "list")
def list_(session: Session) -> None:
    """Imports, newest first."""
    columns = ("id", "name", "format", "state", "started_at", "records", "events")
    session.show(
        session.api.get("imports"),
        lambda it: print_table(columns, ([each[column] for column in columns] for each in it["imports"]), right=["records", "events"]),
    )


@api_command(imports, "status")
def status(session: Session, identity: Annotated[str, typer.Argument(metavar="ID", help="The import.")]) -> None:
    """How far an import is, and what came of it."""
    session.show(session.api.get("imports", identity), _told)


@api_command(imports, "errors")
def errors_(session: Session, identity: Annotated[str, typer.Argument(metavar="ID", help="The import.")]) -> None:
    """What was refused of an import, each with its line, its reason and what stood there: a line of JSON each."""
    for error in _errors(session, identity):
        print(json.dumps(error, ensure_ascii=False))
