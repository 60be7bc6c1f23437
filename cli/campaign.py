"""`regulars campaign ...`: one message to one audience, and what it changed."""

from collections.abc import Iterator
from typing import Annotated

import typer

from .client import Document
from .command import Session, api_command
from .errors import CommandError
from .output import print_definitions, print_json, print_table, read_document
from .report import print_report
from .segment import LONGEST_QUERY_SECONDS, AsOf, identity_of, moment, query_ended

group = typer.Typer(no_args_is_help=True, help="Send to an audience, and measure against its control group.")

Campaign = Annotated[str, typer.Argument(help="The campaign's id.", metavar="ID")]
Run = Annotated[str, typer.Argument(help="The run's id, as launch printed it.", metavar="RUN")]

LONGEST_RUN_SECONDS = 24 * 3600.0
ENDED_WELL = "succeeded"
ENDED = frozenset({ENDED_WELL, "failed"})


@api_command(group, "put")
def put(session: Session, file: Annotated[str, typer.Argument(help="A JSON file, or - for standard input.", metavar="FILE")]) -> None:
    """Save a campaign as a new version."""
    campaign = read_document(file)
    saved = session.api.put("campaigns", identity_of(campaign, file), body=campaign)
    session.show(saved, lambda it: print(f"campaign {it['id']}: version {it['version']} saved"))


@api_command(group, "list")
def list_(session: Session) -> None:
    """List the campaigns."""
    session.show(session.api.get("campaigns"), lambda it: print_definitions(it["campaigns"]))


@api_command(group, "get")
def get(session: Session, campaign: Campaign) -> None:
    """Show a campaign's newest version as JSON."""
    session.show(session.api.get("campaigns", campaign), print_json)


@api_command(group, "launch")
def launch(
    session: Session,
    campaign: Campaign,
    as_of: AsOf = "",
    wait: Annotated[bool, typer.Option("--wait", help="Return when the run has ended; fail if it failed.")] = False,
) -> None:
    """Send a campaign now. A past --as-of takes audience and outcomes from there: a rehearsal on history."""
    run = session.api.post("campaigns", campaign, "runs", body=moment(as_of))
    if wait:
        run = _await_end(session, run["run_id"])
    session.show(run, _print_run)
    if wait and run["state"] != ENDED_WELL:
        raise CommandError(f"run {run['run_id']} {run['state']}: {_why(run)}")


@api_command(group, "status")
def status(session: Session, run: Run) -> None:
    """Show how far a run is."""
    session.show(session.api.get("runs", run), _print_run)


@api_command(group, "report")
def report(session: Session, run: Run) -> None:
    """Report what a run changed: treated people against the control group."""
    identity = session.api.post("runs", run, "reports", body={})["report_id"]
    done = session.wait(
        f"report on {run}",
        lambda: session.api.get("runs", run, "reports", identity),
        query_ended,
        patience=LONGEST_QUERY_SECONDS,
    )
    if done["state"] != "succeeded":
        raise CommandError(f"the report's query {done['state']}: {done.get('reason') or 'no reason given'}")
    session.show(done["report"], print_report)


def _await_end(session: Session, run_id: str) -> Document:
    return session.wait(
        f"run {run_id}",
        lambda: session.api.get("runs", run_id),
        lambda found: found["state"] in ENDED,
        patience=LONGEST_RUN_SECONDS,
        tell=lambda found: f"{found['state']} {_counted(found)}",
    )


def _counted(run: Document) -> str:
    return ", ".join(f"{value:,} {name}" for name, value in (run.get("counts") or {}).items() if isinstance(value, int))


def _why(run: Document) -> str:
    error = run.get("error") or {}
    return f"{error.get('message', 'no reason was recorded')} ({error.get('code', 'unknown')})"


def _print_run(run: Document) -> None:
    print(f"run {run['run_id']}: {run['state']}" + (f": {_why(run)}" if run["state"] == "failed" else ""))
    print_table(["outcome", "how many"], _rows(run.get("counts") or {}), right=["how many"])


def _rows(counts: Document) -> Iterator[tuple[str, int]]:
    """One row a count, and one a reason under it."""
    for name, value in counts.items():
        if isinstance(value, dict):
            yield from ((f"{name}: {reason}", people) for reason, people in value.items())
        else:
            yield name, value
