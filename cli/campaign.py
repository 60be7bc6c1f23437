"""`regulars campaign ...`: one message to one audience, and what it changed."""

import json
import sys
from typing import Annotated

import typer

from . import checking, definitions, rendering
from .client import Document
from .command import Session, api_command
from .errors import CommandError
from .launching import launched
from .power import percent, power
from .preflight import agree, preflight, print_preflight
from .report import report as reported
from .run import ENDED_WELL, await_end, print_run, print_runs, why
from .segment import AsOf, moment
from .why import explain

group = typer.Typer(no_args_is_help=True, help="Send to an audience, and measure against its control group.")

Campaign = Annotated[str, typer.Argument(help="The campaign's id.", metavar="ID")]
Run = Annotated[str, typer.Argument(help="The run's id, as launch printed it and runs lists it.", metavar="RUN")]
Wait = Annotated[
    bool,
    typer.Option(
        "--wait",
        help="Print the run's id, and return when it has ended, or needs somebody to mend something; fail if it did not end well.",
        show_default=False,
    ),
]

Send = Annotated[bool, typer.Option("--send", help="As of a past moment, send all the same.", show_default=False)]
Watch = Annotated[bool, typer.Option("--watch", help="Follow it to its end: a bar on a terminal. Ctrl-C leaves the run going.", show_default=False)]
Late = Annotated[bool, typer.Option("--late", help="Also if it was paused for longer than its message lives (ttl).", show_default=False)]

Yes = Annotated[bool, typer.Option("--yes", help="Launch without asking, and without a preflight.", show_default=False)]

Variant = Annotated[str, typer.Option("--variant", help="This variant alone; without it every one.", metavar="V", show_default=False)]

Html = Annotated[str, typer.Option("--html", help="Write the report as a page here, too.", metavar="FILE", show_default=False)]

_LONGEST_PAGE = 100


@api_command(group, "put")
def put(session: Session, file: definitions.File) -> None:
    """Save a campaign as a new version.

    What is saved already, letter for letter, stays the version that it is. One with a schedule is launched by itself from now on: its next
    occurrences are shown.
    """
    definitions.put(session, "campaigns", file)


@api_command(group, "list")
def list_(session: Session, archived: definitions.Archived = False) -> None:
    """List the campaigns."""
    definitions.list_(session, "campaigns", archived=archived)


@api_command(group, "get")
def get(session: Session, campaign: Campaign, version: definitions.Version = None) -> None:
    """Show a campaign as JSON."""
    definitions.get(session, "campaigns", campaign, version=version)


@api_command(group, "versions")
def versions(session: Session, campaign: Campaign) -> None:
    """List a campaign's versions, the newest first: who saved each, when, and what changed."""
    definitions.versions(session, "campaigns", campaign)


@api_command(group, "diff")
def diff(session: Session, campaign: Campaign, from_version: definitions.FromVersion = None, to_version: definitions.ToVersion = None) -> None:
    """Say what changed between two versions, a line a change: `rule.all[1].within: 30d -> 60d`."""
    definitions.diff(session, "campaigns", campaign, from_version=from_version, to_version=to_version)


@api_command(group, "restore")
def restore(session: Session, campaign: Campaign, version: definitions.Restored) -> None:
    """Make an old version the newest again: a new version that says the same, if it can still be honoured."""
    definitions.restore(session, "campaigns", campaign, version=version)


@api_command(group, "archive")
def archive(session: Session, campaign: Campaign) -> None:
    """Take a campaign out of the lists, and its schedule with it. Its runs and their reports stay."""
    definitions.archive(session, "campaigns", campaign)


@api_command(group, "check")
def check(
    session: Session,
    campaign: Campaign,
    user: Annotated[str, typer.Option("--user", help="Rendered for this person and their devices.", metavar="U", show_default=False)] = "",
    variant: Variant = "",
) -> None:
    """Have FCM check each message of a campaign (validate_only); nobody gets one.

    Without --user it is rendered for somebody of whom nothing is known. Fails, with FCM's own complaint, unless FCM takes all of them.
    """
    checking.check(session, campaign, user, variant)


@api_command(group, "test")
def test(
    session: Session,
    campaign: Campaign,
    to: Annotated[str, typer.Option("--to", help="Who gets it, on each device that is theirs now.", metavar="U")],
    variant: Variant = "",
) -> None:
    """Send a campaign's messages to one person now, marked as a test, and say what FCM answered for each device.

    Neither the audience nor a control group is asked, the global one included. The title says [Test], and the app gets run_id "test", so no
    run's report counts it.
    """
    checking.test(session, campaign, to, variant)


@api_command(group, "render")
def render(
    session: Session,
    campaign: Campaign,
    user: Annotated[str, typer.Option("--user", help="As this person would get it.", metavar="U")],
    variant: Variant = "",
) -> None:
    """Show a campaign's messages as one person would get them on each of their devices. Nothing is sent."""
    rendering.render(session, campaign, user, variant)


@api_command(group, "preflight")
def foresee(session: Session, campaign: Campaign, as_of: AsOf = "") -> None:
    """Say what a launch would do: render for everybody, send to nobody.

    Who would get it and why the others would not, what is wrong with whose message, how long it would take, and what it would cost.
    """
    session.show(preflight(session, campaign, moment(as_of)), print_preflight)


@api_command(group, "power")
def assess(
    session: Session,
    campaign: Campaign,
    lift: Annotated[
        str, typer.Option("--lift", help="How large the effect is, by what it would be anyhow. Default: 10%.", metavar="10%", show_default=False)
    ] = "",
    points: Annotated[
        str, typer.Option("--points", help="The same in percentage points, in place of --lift.", metavar="0.5", show_default=False)
    ] = "",
    days: Annotated[
        int | None,
        typer.Option("--days", help="Know it from the audience of so many days ago. Default: 28, or the goal's window.", metavar="28"),
    ] = None,
    as_of: AsOf = "",
) -> None:
    """Say how many people and days an effect needs, and what this control group can show.

    From what the campaign's own audience did: the people who were in it some weeks ago, and what they have done since. Four effects in five of the
    size that is named are then found, at the usual five per cent.
    """
    body = {**moment(as_of), **percent(lift, "lift"), **percent(points, "points"), **({} if days is None else {"days": days})}
    power(session, campaign, body)


@api_command(group, "launch")
def launch(session: Session, campaign: Campaign, as_of: AsOf = "", send: Send = False, yes: Yes = False, wait: Wait = False) -> None:
    """Send a campaign now.

    A preflight says who gets what, how long it takes and what it costs, and on a terminal you are asked; --yes spares both. Without a terminal it
    goes on, unless nobody would get it, a template fails for somebody, or the audience is ten times the last run's: then exit status 3.

    A past --as-of takes audience and outcome windows from there, and sends nothing: a rehearsal on history. With --send it sends. Ctrl-C during
    --wait leaves the run going, and says how to follow it.
    """
    body = moment(as_of)
    if not yes and (send or not as_of):
        agree(session, campaign, body)
    _follow(session, launched(session, campaign, {**body, **({"send": True} if send else {})}), wait=wait)


def _follow(session: Session, run: Document, *, wait: bool) -> None:
    """Shows a run that was started: as it began, or, its id first, as it ended. Raises CommandError where we waited and it did not end well."""
    if wait:
        run = _watched(session, run["run_id"])
    session.show(run, print_run)
    if wait and run["state"] != ENDED_WELL:
        raise CommandError(f"run {run['run_id']} {run['state']}: {why(run)}", code="run_failed")


def _watched(session: Session, run_id: str) -> Document:
    """The run as it ended. Its id comes before all else, so that whoever stops waiting has it; with --json on stderr, where each line is JSON."""
    if session.as_json:
        print(json.dumps({"run_id": run_id}), file=sys.stderr, flush=True)
    else:
        print(f"run {run_id}", flush=True)
    return await_end(session, run_id)


@api_command(group, "pause")
def pause(session: Session, run: Run) -> None:
    """Send to nobody else, from within a second or two on, until the run is resumed (within three days of its launch)."""
    session.show(session.api.post("runs", run, "pause", body={}), print_run)


@api_command(group, "abort")
def abort(session: Session, run: Run) -> None:
    """End a run before its time: nothing more goes out from within a second or two on, and what went out is counted."""
    session.show(session.api.post("runs", run, "abort", body={}), print_run)


@api_command(group, "resume")
def resume(session: Session, run: Run, wait: Wait = False, late: Late = False) -> None:
    """Go on with a run that is paused, or whose execution was stopped, timed out, failed or never began; nobody gets anything twice.

    A run that FCM's refusal of its message has paused goes on with the campaign's newest version. Of a run that has failed or was aborted the
    campaign is launched again: the answer is the new run, which skips whom the old one reached.
    """
    found = session.api.post("runs", run, "resume", body={"late": True} if late else {})
    if found["run_id"] != run and not session.as_json:
        print(f"run {run} has ended: run {found['run_id']} goes on with it.", file=sys.stderr)
    _follow(session, found, wait=wait)


@api_command(group, "runs")
def runs(
    session: Session,
    campaign: Annotated[str, typer.Argument(help="Only this campaign's.", metavar="[ID]", show_default=False)] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="N", help="How many at most.")] = 20,
) -> None:
    """List runs, the newest first: of one campaign, or of all."""
    found: list[Document] = []
    page = ""
    while True:
        answer = session.api.get("runs", campaign_id=campaign, limit=str(min(limit - len(found), _LONGEST_PAGE)), page=page)
        found += answer["runs"]
        page = answer.get("next") or ""
        if not page or len(found) >= limit:
            break
    session.show({"runs": found[:limit], "next": page}, lambda it: print_runs(it["runs"]))


@api_command(group, "status")
def status(session: Session, run: Run, watch: Watch = False) -> None:
    """Show how far a run is: people by outcome, why the others got nothing, how many have their turn a second, and how long the rest takes.

    The counts are of this moment, also while it runs.
    """
    session.show(_watched(session, run) if watch else session.api.get("runs", run), print_run)


@api_command(group, "report")
def report(session: Session, run: Run, html: Html = "") -> None:
    """Report what a run changed: treated people against the control group.

    A sentence, a table by arm, each variant's difference to the control group with its 95 % interval, guard-rails, how far the message came, why the
    others got nothing, the cost. --html writes it as a page with pictures, one file that needs no other.
    """
    reported(session, run, html)


@api_command(group, "why")
def outcome(
    session: Session,
    run: Run,
    user: Annotated[str, typer.Option("--user", help="Whose outcome is explained.", metavar="U")],
) -> None:
    """Say why somebody got a run's message or not: each gate, whether they passed it, and why.

    The first gate that is shut is the reason; those after it were not asked.
    """
    explain(session, run, user)
