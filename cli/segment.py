"""`regulars segment ...`: who is in an audience, as of any moment."""

from typing import Annotated

import typer

from .client import Document
from .command import Session, api_command
from .errors import CommandError
from .output import print_definitions, print_json, progress, read_document

group = typer.Typer(no_args_is_help=True, help="Describe audiences, count them and list them.")

Segment = Annotated[str, typer.Argument(help="The segment's id.", metavar="ID")]
AsOf = Annotated[
    str,
    typer.Option("--as-of", metavar="TIME", help="As of this moment (ISO 8601; UTC if it has no zone). Default: now."),
]

LONGEST_QUERY_SECONDS = 1800
"""Athena ends a query after 30 minutes (Service Quotas, "DML query timeout")."""


@api_command(group, "put")
def put(session: Session, file: Annotated[str, typer.Argument(help="A JSON file, or - for standard input.", metavar="FILE")]) -> None:
    """Save a segment as a new version."""
    segment = read_document(file)
    saved = session.api.put("segments", identity_of(segment, file), body=segment)
    session.show(saved, lambda it: print(f"segment {it['id']}: version {it['version']} saved"))


@api_command(group, "list")
def list_(session: Session) -> None:
    """List the segments."""
    session.show(session.api.get("segments"), lambda it: print_definitions(it["segments"]))


@api_command(group, "get")
def get(session: Session, segment: Segment) -> None:
    """Show a segment's newest version as JSON."""
    session.show(session.api.get("segments", segment), print_json)


@api_command(group, "sql")
def sql(session: Session, segment: Segment, as_of: AsOf = "") -> None:
    """Print the SQL that finds the segment's people."""
    answer = session.api.post("segments", segment, "sql", body=moment(as_of))
    session.show(answer, lambda it: print(it["sql"]))


@api_command(group, "count")
def count(session: Session, segment: Segment, as_of: AsOf = "") -> None:
    """Count the people in a segment, and say what that cost."""
    evaluation = _evaluate(session, segment, "count", as_of)
    counted = {name: evaluation.get(name) for name in ("count", "bytes_scanned", "cost_usd", "as_of")}
    session.show(counted, _print_count)


@api_command(group, "members")
def members(session: Session, segment: Segment, as_of: AsOf = "") -> None:
    """Print the ids of the people in a segment, one a line, sorted."""
    evaluation = _evaluate(session, segment, "members", as_of)
    ids: list[str] = []
    with progress(f"members of {segment}") as tell:
        page = ""
        while True:
            answer = session.api.get("evaluations", evaluation["evaluation_id"], "members", page=page)
            ids += answer["members"]
            tell(f"{len(ids):,}")
            page = answer.get("next") or ""
            if not page:
                break
    session.show({"members": sorted(ids), "as_of": evaluation["as_of"]}, lambda it: _print_lines(it["members"]))


def identity_of(document: Document, file: str) -> str:
    """The id in a definition, which the address needs before the API can check it. Raises CommandError without one."""
    identity = document.get("id")
    if not isinstance(identity, str) or not identity:
        raise CommandError(f'{file}: "id" must be a text, as in {{"id": "lapsing", ...}}')
    return identity


def moment(as_of: str) -> Document:
    return {"as_of": as_of} if as_of else {}


def query_ended(found: Document) -> bool:
    return found["state"] not in ("queued", "running")


def _evaluate(session: Session, segment: str, kind: str, as_of: str) -> Document:
    """Starts an evaluation and waits for it: its final document, with its id and its moment."""
    begun = session.api.post("segments", segment, "evaluations", body={"kind": kind, **moment(as_of)})
    identity = begun["evaluation_id"]
    done = session.wait(
        f"{kind} of {segment}",
        lambda: session.api.get("evaluations", identity, kind=kind, as_of=begun["as_of"]),
        query_ended,
        patience=LONGEST_QUERY_SECONDS,
    )
    if done["state"] != "succeeded":
        raise CommandError(f"the query {identity} {done['state']}: {done.get('reason') or 'no reason given'}")
    return {**begun, **done}


def _print_count(it: Document) -> None:
    size = it["bytes_scanned"] / 1e6
    print(f"{it['count']:,} people as of {it['as_of']}  ({size:,.2f} MB scanned, ${it['cost_usd']:.6f})")


def _print_lines(lines: list[str]) -> None:
    if lines:
        print("\n".join(lines))
