"""`regulars segment ...`: who is in an audience, as of any moment."""

import sys
from typing import Annotated

import typer

from . import backtest, definitions, explanation, export, lifecycle, person_explanation, refreshing
from .client import Document
from .command import Session, api_command
from .errors import CommandError
from .output import price, print_json, print_table, progress, read_document

group = typer.Typer(no_args_is_help=True, help="Describe audiences, count them and list them.")

Segment = Annotated[str, typer.Argument(help="The segment's id.", metavar="ID")]
AsOf = Annotated[
    str,
    typer.Option("--as-of", metavar="TIME", help="As of this moment: later events do not exist for it. Default: now."),
]
PastEvaluation = Annotated[
    str,
    typer.Option("--evaluation", metavar="E", help="One of `segment evaluations`, by its id; a run's audience by the run's.", show_default=False),
]
User = Annotated[str, typer.Option("--user", metavar="USER", help="Explain why this person is in it, or not.", show_default=False)]
Now = Annotated[bool, typer.Option("--now", help="Look at it now, before its time, and wait for that.", show_default=False)]
Counted = Annotated[bool, typer.Option("--count/--no-count", help="Also count the people, which asks Athena.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=200, metavar="N", help="How many, at most.")]


@api_command(group, "put")
def put(session: Session, file: definitions.File, count: Counted = True) -> None:
    """Save a segment as a new version, and say in words and in people whom it finds.

    What is saved already, letter for letter, stays the version that it is. With --json: {"id", "version", "unchanged", "warnings", "sentence",
    "count", "bytes_scanned", "cost_usd"}; without the last three where nothing was counted.
    """
    answer = definitions.saved(session, "segments", file)
    definitions.show_saved(session, "segments", {**answer, **_counted(session, answer["id"])} if count else answer)


@api_command(group, "init")
def init(
    session: Session,
    purchase: lifecycle.Purchase = "",
    revenue: lifecycle.Revenue = "",
    cart: lifecycle.Cart = "",
    view: lifecycle.View = "",
    visit: lifecycle.Visit = "",
    comment: lifecycle.Comment = "",
    like: lifecycle.Like = "",
    sign_up: lifecycle.SignUp = "",
    yes: lifecycle.Yes = False,
    dry_run: lifecycle.DryRun = False,
) -> None:
    """Save ready-made segments by the customer life cycle, for the names that the shop's events have.

    It shows which event it takes for a purchase, a cart and so on, which segments that allows and which are left out, and asks. What somebody has
    made their own is kept as it is; what was written here for other names becomes a new version.
    """
    shopping = {"purchase": purchase, "revenue": revenue, "cart": cart, "view": view}
    names = {**shopping, "visit": visit, "comment": comment, "like": like, "sign_up": sign_up}
    lifecycle.init(session, lifecycle.suggested(session, names), yes=yes, dry_run=dry_run)


@api_command(group, "lifecycle")
def lifecycle_(session: Session, purchase: lifecycle.Purchase = "", revenue: lifecycle.Revenue = "", as_of: AsOf = "") -> None:
    """Show who is where in the customer life cycle: of each ready-made segment its people, whom a push would reach, and what they spent in a year.

    All figures are of one query. A segment that you made your own counts as you made it.

    With --json: {"everybody", "groups": [{"id", "name", "purpose", "stage", "worth"}], "bytes_scanned", "cost_usd", "as_of"}; everybody and worth are
    {"people", "share", "reachable", "orders", "revenue", "average_order"}.
    """
    given = {"purchase": purchase, "revenue": revenue}
    lifecycle.view(session, {**{role: name for role, name in given.items() if name}, **moment(as_of)})


@api_command(group, "list")
def list_(session: Session, archived: definitions.Archived = False) -> None:
    """List the segments."""
    definitions.list_(session, "segments", archived=archived)


@api_command(group, "get")
def get(session: Session, segment: Segment, version: definitions.Version = None) -> None:
    """Show a segment as JSON."""
    definitions.get(session, "segments", segment, version=version)


@api_command(group, "versions")
def versions(session: Session, segment: Segment) -> None:
    """List a segment's versions, the newest first: who saved each, when, and what changed."""
    definitions.versions(session, "segments", segment)


@api_command(group, "diff")
def diff(session: Session, segment: Segment, from_version: definitions.FromVersion = None, to_version: definitions.ToVersion = None) -> None:
    """Say what changed between two versions, a line a change: `rule.all[1].within: 30d -> 60d`."""
    definitions.diff(session, "segments", segment, from_version=from_version, to_version=to_version)


@api_command(group, "restore")
def restore(session: Session, segment: Segment, version: definitions.Restored) -> None:
    """Make an old version the newest again: a new version that says the same, if it can still be honoured."""
    definitions.restore(session, "segments", segment, version=version)


@api_command(group, "archive")
def archive(session: Session, segment: Segment) -> None:
    """Take a segment out of the lists. What was sent to it stays explained."""
    definitions.archive(session, "segments", segment)


@api_command(group, "sql")
def sql(session: Session, segment: Segment, as_of: AsOf = "") -> None:
    """Print the SQL that finds the segment's people, and nothing else."""
    answer = session.api.post("segments", segment, "sql", body=moment(as_of))
    session.show(answer, lambda it: print(it["sql"]))


@api_command(group, "count")
def count(session: Session, segment: Segment, as_of: AsOf = "") -> None:
    """Count the people in a segment, and say what that cost.

    With --json: {"count", "bytes_scanned", "cost_usd", "as_of", "evaluation"}, the last for `members --evaluation`.
    """
    evaluation = _evaluate(session, segment, "count", as_of)
    counted = {name: evaluation.get(name) for name in ("count", "bytes_scanned", "cost_usd", "as_of")} | {"evaluation": evaluation.get("id")}
    session.show(counted, _print_count)


@api_command(group, "members")
def members(session: Session, segment: Segment, as_of: AsOf = "", evaluation: PastEvaluation = "") -> None:
    """Print the ids of the people in a segment, one a line, sorted.

    With --evaluation the very people whom an evaluation found, whatever has changed since: for 90 days where it listed them or has been shown once,
    for about three where it only counted them.
    """
    if evaluation and as_of:
        raise CommandError("an evaluation has a moment of its own: leave out --as-of", code="bad_option")
    done = _again(session, segment, evaluation) if evaluation else _evaluate(session, segment, "members", as_of)
    ids: list[str] = []
    with progress(f"members of {segment}") as tell:
        page = ""
        while True:
            answer = session.api.get("evaluations", done["ticket"], "members", page=page)
            ids += answer["members"]
            tell(f"{len(ids):,}")
            page = answer.get("next") or ""
            if not page:
                break
    told = {"members": sorted(ids), "as_of": done["as_of"], "evaluation": done.get("id")}
    session.show(told, lambda it: _print_lines(it["members"]))


@api_command(group, "evaluations")
def evaluations(session: Session, segment: Segment, evaluation: PastEvaluation = "", limit: Limit = 50) -> None:
    """List when the segment was counted or listed, and the runs whose audience it was in, the newest first.

    Each says as of which moment, which version, how many people, and what it read. With --evaluation: all of one, with its SQL and its snapshots.
    """
    if evaluation:
        session.show(session.api.get("segments", segment, "evaluations", evaluation), print_json)
        return
    columns = ("id", "kind", "version", "as_of", "count", "bytes_scanned", "state", "started_by", "listed")
    session.show(
        session.api.get("segments", segment, "evaluations", limit=str(limit)),
        lambda it: print_table(
            columns, ([each.get(column) for column in columns] for each in it["evaluations"]), right=["version", "count", "bytes_scanned"]
        ),
    )


@api_command(group, "refresh")
def refresh(session: Session, segment: Segment, now: Now = False) -> None:
    """Show how a segment's refreshing stands: as of when, how many people, and how many entered and exited at the last look.

    A segment with "refresh": "1h" is looked at every hour, and everybody who came or went since the look before gets an event, `Segment Entered` or
    `Segment Exited`. The first look, and the first after a change, only learns who is in it.
    With --json: {"segment_id", "every", "as_of", "count", "entered", "exited", "bytes_scanned", "cost_usd", "refreshed_at", "evaluation",
    "under_way", "error", "failed_at"}.
    """
    refreshing.refresh(session, segment, now=now)


@api_command(group, "explain")
def explain(session: Session, segment: Segment, user: User = "", as_of: AsOf = "") -> None:
    """Say in words whom a segment finds, and how many people each of its clauses finds alone and leaves, from one query.

    With --user: why that person is in it or not, each clause true, false or unknown, with the events and traits that decided it.

    With --json: {"sentence", "sql", "count", "clauses": [{"path", "sentence", "alone", "leaves", "adds"}], "bytes_scanned", "cost_usd", "as_of"};
    of a person {"user_id", "member", "clauses": [{"path", "sentence", "verdict", "because"}], "became", "bytes_scanned", "cost_usd", "as_of"}.
    """
    if user:
        begun = session.api.post("segments", segment, "person-explanations", body={"user_id": user, **moment(as_of)})
        person_explanation.explain(session, segment, begun)
        return
    begun = session.api.post("segments", segment, "explanations", body=moment(as_of))
    explanation.explain(session, f"explain {segment}", begun)


@api_command(group, "preview")
def preview(session: Session, file: definitions.File, as_of: AsOf = "") -> None:
    """Explain the rule in a file without saving it: a segment, or only {"rule": ...}. It answers what `explain` answers."""
    document = read_document(file)
    if "rule" not in document:
        raise CommandError(f'{file}: "rule" is needed, as in {{"rule": {{"event": "Order Completed"}}}}', code="bad_file")
    explanation.explain(session, f"preview {file}", session.api.post("segment-previews", body={"rule": document["rule"], **moment(as_of)}))


@api_command(group, "backtest")
def backtest_(session: Session, segment: Segment, start: backtest.Start, end: backtest.End, every: backtest.Every = "1d") -> None:
    """Chart how many people the segment would have had on each day of a range, and how many entered and left it since the day before.

    One query answers for all days, each as `segment count --as-of` would: what came later does not exist for it.
    With --json: {"days": [{"at", "count", "entered", "left"}], "bytes_scanned", "cost_usd"}.
    """
    backtest.backtest(session, segment, {"from": start, "to": end, "every": every})


@api_command(group, "export")
def export_(
    session: Session,
    segment: Segment,
    form: export.Form = None,
    traits: export.Traits = "",
    as_of: AsOf = "",
    output: export.Output = "",
    to: export.To = "",
) -> None:
    """Write the people of a segment, with traits of your choice, to a file or to S3.

    People and traits are as of the same moment. In CSV a cell that a spreadsheet would take for a formula begins with an apostrophe; ndjson has every
    value as it is. With --to Athena writes: below exports/ of the lake's bucket, or to the bucket that the stack's parameter ExportBucket names.
    """
    body = export.wanted(form, traits, output, to, moment(as_of))
    done = _ended(session, segment, f"export of {segment}", session.api.post("segments", segment, "exports", body=body))
    exported = export.told(done) if to else export.written(session, done, form or "csv", output)
    export.shown(session, exported, output, to)


def _counted(session: Session, segment: str) -> Document:
    """Nothing where it cannot be counted: the segment is saved all the same."""
    try:
        evaluation = _evaluate(session, segment, "count", "")
    except CommandError as error:
        print(f"not counted: {error}", file=sys.stderr)
        return {}
    return {name: evaluation[name] for name in ("count", "bytes_scanned", "cost_usd")}


def moment(as_of: str) -> Document:
    return {"as_of": as_of} if as_of else {}


def _evaluate(session: Session, segment: str, kind: str, as_of: str) -> Document:
    """Starts an evaluation and waits for it: its final document. Raises CommandError if it did not succeed."""
    begun = session.api.post("segments", segment, "evaluations", body={"kind": kind, **moment(as_of)})
    return _ended(session, segment, f"{kind} of {segment}", begun)


def _again(session: Session, segment: str, evaluation: str) -> Document:
    begun = session.api.post("segments", segment, "evaluations", evaluation, "members", body={})
    return _ended(session, segment, f"members of {segment}, again", begun)


def _ended(session: Session, segment: str, title: str, begun: Document) -> Document:
    return session.answer(title, "evaluations", begun, advice=f"`regulars segment sql {segment}` shows it.")


def _print_count(it: Document) -> None:
    print(f"{it['count']:,} people as of {it['as_of']}  ({price(it)})")


def _print_lines(lines: list[str]) -> None:
    if lines:
        print("\n".join(lines))
