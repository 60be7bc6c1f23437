"""`regulars query`: SQL of one's own on the lake."""

import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated, Any, Final, TextIO

import typer

from .client import Document
from .command import Session
from .errors import CommandError
from .files import whole_file
from .output import plain, price, print_table, progress

ASKS_ABOVE: Final = 0.10
"""US dollars that a statement may cost at most (20 GB) without anybody being asked."""

Sql = Annotated[str, typer.Argument(metavar="[SQL]", help="One statement that reads, in quotes.", show_default=False)]
File = Annotated[str, typer.Option("--file", metavar="FILE", help="Read the statement from here.", show_default=False)]
Plan = Annotated[bool, typer.Option("--plan", help="Say what it would read and cost, and do not run it.", show_default=False)]
Csv = Annotated[bool, typer.Option("--csv", help="Print all rows as CSV: every value in quotes and whole, NULL as nothing.", show_default=False)]
Output = Annotated[str, typer.Option("--output", metavar="FILE", help="Write that CSV here.", show_default=False)]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask before a dear one.", show_default=False)]


def query(session: Session, sql: Sql = "", file: File = "", plan: Plan = False, csv: Csv = False, output: Output = "", yes: Yes = False) -> None:
    """Ask the lake in SQL: SELECT, WITH, SHOW, DESCRIBE or EXPLAIN, as Athena takes it; docs/lake.md says what there is to ask.

    What it would read is said before, by the metadata of its tables, and what may cost more than $0.10 asks first where a terminal is there to ask.
    Ctrl-C stops it. Rows are shown as a table of the first ones; --csv has all of them, where one that a spreadsheet would take for
    a formula begins with an apostrophe.

    With --json: {"columns": [{"name", "type"}], "rows": [[text or null]], "more": bool, "cut": values that are longer than shown, "bytes_scanned",
    "cost_usd", "plan"}; of --plan alone what "plan" has: {"reads", "bytes", "cost_usd", "expected_bytes", "expected_usd", "limit", "tables",
    "unknown"}.
    """
    statement = {"sql": _statement(sql, file)}
    planned = session.api.post("query-plans", body=statement)
    if plan:
        session.show(planned, lambda it: print(_foreseen(it)))
        return
    _agree(planned, yes=yes or session.as_json)
    done = _run(session, statement)
    if csv or output:
        _write(session, done["ticket"], output)
        return
    page = session.api.get("queries", done["ticket"], "rows")
    columns = [{name: each[name] for name in ("name", "type")} for each in page["columns"]]
    cost = {name: done[name] for name in ("bytes_scanned", "cost_usd")}
    session.show({"columns": columns, "rows": page["rows"], "more": bool(page["next"]), "cut": page["cut"], **cost, "plan": planned}, _print)


def _statement(sql: str, file: str) -> str:
    """Raises CommandError for neither, for both, and for a file that cannot be read."""
    if bool(sql) == bool(file):
        raise CommandError("what is to be asked? One statement in quotes, or --file FILE", code="bad_option")
    if sql:
        return sql
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"cannot read {file}: {error}", code="bad_file") from None


def _agree(planned: Document, *, yes: bool) -> None:
    """On a terminal the price is said, and asked about where it is high or nobody knows. Raises CommandError for a no."""
    if not sys.stderr.isatty():
        return
    print(_foreseen(planned), file=sys.stderr)
    dear = planned["cost_usd"] is None or planned["cost_usd"] > ASKS_ABOVE
    if dear and not yes and sys.stdin.isatty() and not typer.confirm("Run it?", err=True):
        raise CommandError("nothing was run", code="declined")


def _foreseen(planned: Document) -> str:
    if not planned["reads"]:
        return "reads no data, and is free"
    if planned["bytes"] is None:
        return plain(f"nobody can say before what it reads ({'; '.join(planned['unknown'])}); it is stopped at {_size(planned['limit'])}")
    about, most = (f"{_size(planned[size])}, ${planned[cost]:.6f}" for size, cost in (("expected_bytes", "expected_usd"), ("bytes", "cost_usd")))
    return f"reads about {about}; at most {most}"


def _size(count: int) -> str:
    return f"{count / 1e6:,.2f} MB"


def _run(session: Session, statement: Document) -> Document:
    """Raises CommandError where it did not succeed. What is interrupted is stopped."""
    begun = session.api.post("queries", body=statement)
    try:
        return session.answer("query", "queries", begun)
    except KeyboardInterrupt:
        session.api.post("queries", begun["ticket"], "cancel", body={})
        raise CommandError("interrupted, and stopped: what it read until then is paid", code="interrupted", exit_code=130) from None


def _write(session: Session, ticket: str, output: str) -> None:
    opened: AbstractContextManager[TextIO] = whole_file(output) if output else nullcontext(sys.stdout)
    with opened as file, progress(f"export to {output or 'standard output'}") as tell:
        page, size = "", 0
        while True:
            part = session.api.get("queries", ticket, "export", page=page)
            size += file.write(part["text"])
            tell(f"{size:,} characters")
            page = part["next"]
            if not page:
                break


def _print(it: Document) -> None:
    names = [each["name"] for each in it["columns"]]
    rows: list[list[Any]] = [["NULL" if value is None else value for value in row] for row in it["rows"]]
    print_table(names, rows, right=[each["name"] for each in it["columns"] if each["type"] in ("integer", "bigint", "double", "decimal")])
    told = "the first " if it["more"] else ""
    whole = "; --csv has all, and long values whole" if it["more"] or it["cut"] else ""
    print(f"{told}{len(rows):,} rows{whole}  ({price(it)})")
