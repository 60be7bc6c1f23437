"""What segments, campaigns and tracking plans have in common: documents with an id, saved in versions. `noun` is one of these in the plural."""

import sys
from typing import Annotated

import typer

from . import occurrences
from .client import Document
from .command import Session
from .errors import CommandError
from .output import plain, price, print_json, print_table, problem_lines, read_document

File = Annotated[str, typer.Argument(help="A JSON file, or - for standard input.", metavar="FILE")]
Archived = Annotated[bool, typer.Option("--archived", help="Also the archived ones.", show_default=False)]
Version = Annotated[int | None, typer.Option("--version", min=1, metavar="N", help="This version. Default: the newest.", show_default=False)]

FromVersion = Annotated[
    int | None, typer.Option("--from", min=1, metavar="V", help="The older version. Default: the one before.", show_default=False)
]
ToVersion = Annotated[int | None, typer.Option("--to", min=1, metavar="V", help="The newer version. Default: the newest.", show_default=False)]
Restored = Annotated[int, typer.Option("--version", min=1, metavar="N", help="The version to bring back.")]


def put(session: Session, noun: str, file: str) -> None:
    """Saves the definition in a file; what is there already makes no new version."""
    show_saved(session, noun, saved(session, noun, file))


def saved(session: Session, noun: str, file: str) -> Document:
    """What the API answers to the definition in a file. Raises CommandError."""
    definition = read_document(file)
    identity = definition.get("id")
    if not isinstance(identity, str) or not identity:
        raise CommandError(f'{file}: "id" must be a text, as in {{"id": "lapsing", ...}}', code="bad_file")
    return session.api.put(noun, identity, body=definition)


def show_saved(session: Session, noun: str, answer: Document) -> None:
    told = "unchanged, still version {version}" if answer.get("unchanged") else "version {version} saved"
    session.show(answer, lambda it: print("\n".join(_saved_lines(f"{_called(noun, it)}: {told.format_map(it)}", it))))
    _print_warnings(session, answer)


def _saved_lines(first: str, it: Document) -> list[str]:
    """What was saved; of a segment whom it finds, of a campaign when it is launched by itself."""
    said = [plain(f"whoever {it['sentence']}")] if it.get("sentence") else []
    counted = [f"{it['count']:,} people now  ({price(it)})"] if "count" in it else []
    return [first, *said, *counted, *occurrences.lines(it.get("next") or ())]


def list_(session: Session, noun: str, *, archived: bool) -> None:
    answer = session.api.get(noun, archived="true" if archived else "")
    found = [{**each, "next": occurrences.shown(each["next"][0])} if each.get("next") else each for each in answer[noun]]
    scheduled = any("next" in each for each in found)
    columns = ("id", "name", "version", *(("archived",) if archived else ()), *(("next",) if scheduled else ()))
    session.show(
        answer,
        lambda it: print_table(columns, ([each.get(column) for column in columns] for each in found), right=["version"], free=["name"]),
    )


def get(session: Session, noun: str, identity: str, *, version: int | None) -> None:
    session.show(session.api.get(noun, identity, version=str(version or "")), print_json)


def versions(session: Session, noun: str, identity: str) -> None:
    show_versions(session, session.api.get(noun, identity, "versions"))


def show_versions(session: Session, answer: Document) -> None:
    columns = ("version", "saved_at", "saved_by", "archived", "changes")
    session.show(
        answer,
        lambda it: print_table(
            columns, ([_in_lines(each.get(column)) for column in columns] for each in it["versions"]), right=["version"], free=["changes"]
        ),
    )


def diff(session: Session, noun: str, identity: str, *, from_version: int | None, to_version: int | None) -> None:
    found = session.api.get(noun, identity, "diff", **{"from": str(from_version or ""), "to": str(to_version or "")})
    session.show(found, _print_difference)


def restore(session: Session, noun: str, identity: str, *, version: int) -> None:
    show_restored(session, noun, session.api.post(noun, identity, "restore", body={"version": version}), version)


def show_restored(session: Session, noun: str, saved: Document, version: int) -> None:
    told = "is what the newest says, version {version}" if saved["unchanged"] else "is the newest again, as version {version}"
    first = f"{_called(noun, saved)}: version {version} {told.format_map(saved)}"
    session.show(saved, lambda it: print("\n".join([first, *occurrences.lines(it.get("next") or ())])))
    _print_warnings(session, saved)


def archive(session: Session, noun: str, identity: str) -> None:
    done = session.api.post(noun, identity, "archive", body={})
    session.show(done, lambda it: print(f"{noun.removesuffix('s')} {it['id']}: archived, version {it['version']} is its last"))
    for run in done.get("under_way", ()):
        print(f"run {run} goes on all the same: `regulars campaign abort {run}` ends it", file=sys.stderr)


def _print_warnings(session: Session, saved: Document) -> None:
    if not session.as_json:
        for line in problem_lines(saved.get("warnings", ())):
            print(f"warning: {line}", file=sys.stderr)


def _called(noun: str, saved: Document) -> str:
    """A definition by its kind and id; the settings are all that there is of their kind."""
    return noun if noun == saved["id"] else f"{noun.removesuffix('s')} {saved['id']}"


def _print_difference(it: Document) -> None:
    print(f"version {it['from_version']} -> {it['to_version']}" + ("" if it["changes"] else ": no difference"))
    for change in it["changes"]:
        print(f"  {change['text']}")


def _in_lines(value: object) -> object:
    return "\n".join(value) if isinstance(value, list) else value
