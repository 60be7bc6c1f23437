"""`regulars journey ...`: what follows when somebody does something."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from . import definitions, journey_backtest, journey_report, journey_text
from .checkout import require_checkout
from .client import Document
from .command import Json, Session, api_command
from .definitions import File
from .errors import CommandError
from .files import whole_file
from .output import plain, print_json, print_table, read_document, read_object
from .preflight import on_a_terminal

Journey = Annotated[str, typer.Argument(help="The journey's id.", metavar="ID")]
Yes = Annotated[bool, typer.Option("--yes", help="Launch without asking.", show_default=False)]

Since = Annotated[str, typer.Option("--since", help="Count who came in from then on. Default: 90 days.", metavar="TIME", show_default=False)]
Html = Annotated[str, typer.Option("--html", help="Write the report as a page here, too.", metavar="FILE", show_default=False)]
OfVersion = Annotated[int | None, typer.Option("--version", help="By this version's goal and steps, not the launched one's.", show_default=False)]
Svg = Annotated[str, typer.Option("--svg", help="Write it as a picture here.", metavar="FILE", show_default=False)]
User = Annotated[str, typer.Option("--user", help="The person's user id.", metavar="USER")]

group = typer.Typer(no_args_is_help=True, help="Write and test journeys.")


@group.command("test")
def test(
    file: File,
    trail: Annotated[bool, typer.Option("--trail", help="Also show what who passed would read, and their steps.", show_default=False)] = False,
    as_json: Json = False,
) -> None:
    """Try journeys on the people of a file, in simulated time: who is told what, and when.

    The file names the journeys (or holds them), people, what these do, and what they are meant to be told (docs/journeys.md). No platform is needed,
    and a year passes in milliseconds. The status is 0 only if everybody was told just that.
    """
    require_checkout("local", "regulars")
    from local.journeys import tested

    trial = read_document(file)
    sources = list(_sources(trial.get("journeys"), file))
    result = tested(trial, [document for _, document in sources])
    wrong = [line for (name, _), each in zip(sources, result["journeys"], strict=True) for line in journey_text.problems(name, each["errors"])]
    wrong += journey_text.problems(file, result["problems"])
    if as_json:
        print_json(result)
    if wrong:
        raise CommandError("\n".join(wrong), code="invalid_journey")
    if not as_json:
        print("\n".join(journey_text.verdicts(result, with_trail=trail)))
    if not result["passed"]:
        failed = sum(not person["passed"] for person in result["people"])
        raise CommandError(f"{failed} of {len(result['people'])} people were told something else than expected", code="test_failed")


@group.command("show")
def show(file: File, svg: Svg = "", as_json: Json = False) -> None:
    """Check a journey, and draw it as a flow chart in Mermaid's words, or as a picture.

    GitHub, GitLab and most documentation draw what is between ```mermaid and ```. Warnings are on stderr; every error is told at once, with its path.
    """
    require_checkout("local", "regulars")
    from local.journeys import drawn, looked_at

    document = read_document(file)
    found = looked_at(document)
    if svg and not found["errors"]:
        with whole_file(svg) as drawing:
            drawing.write(drawn(document))
        found = {**found, "svg": svg}
    if as_json:
        print_json(found)
    if found["errors"]:
        raise CommandError("\n".join(journey_text.problems(file, found["errors"])), code="invalid_journey")
    if not as_json:
        print(svg or found["picture"])
        journey_text.warn(file, found["warnings"])


@api_command(group, "put")
def put(session: Session, file: File) -> None:
    """Save a journey as a new version; nobody enters it before it is launched. Everything that is wrong with it is told at once."""
    definitions.put(session, "journeys", file)


@api_command(group, "list")
def list_(session: Session, archived: definitions.Archived = False) -> None:
    """List the journeys, and how they stand."""
    answer = session.api.get("journeys", archived="true" if archived else "")
    rows = [_row(each) for each in answer["journeys"]]
    session.show(answer, lambda _: print_table(("id", "name", "stands", "launched", "version"), rows, right=["launched", "version"], free=["name"]))


@api_command(group, "get")
def get(session: Session, journey: Journey, version: definitions.Version = None) -> None:
    """Show a journey as JSON."""
    definitions.get(session, "journeys", journey, version=version)


@api_command(group, "versions")
def versions(session: Session, journey: Journey) -> None:
    """List a journey's versions, the newest first: who saved each, when, and what changed."""
    definitions.versions(session, "journeys", journey)


@api_command(group, "diff")
def diff(session: Session, journey: Journey, from_version: definitions.FromVersion = None, to_version: definitions.ToVersion = None) -> None:
    """Say what changed between two versions, a line a change."""
    definitions.diff(session, "journeys", journey, from_version=from_version, to_version=to_version)


@api_command(group, "restore")
def restore(session: Session, journey: Journey, version: definitions.Restored) -> None:
    """Make an old version the newest again: a new version that says the same. It is not launched by that."""
    definitions.restore(session, "journeys", journey, version=version)


@api_command(group, "archive")
def archive(session: Session, journey: Journey) -> None:
    """Take a journey that is stopped out of the lists. What it did stays."""
    definitions.archive(session, "journeys", journey)


@api_command(group, "preflight")
def preflight(session: Session, journey: Journey) -> None:
    """Say what a launch would do: what is wrong or odd, how often its event comes, and what becomes of who is inside. Nothing is done."""
    found = session.api.post("journeys", journey, "preflight", body={})
    session.show(found, lambda it: print("\n".join(journey_text.foreseen(it))))
    if found["errors"]:
        raise CommandError(f"{journey} cannot be launched: {len(found['errors'])} things are wrong", code="invalid_journey")


@api_command(group, "launch")
def launch(session: Session, journey: Journey, yes: Yes = False) -> None:
    """Have the newest version take people in.

    Who is inside already goes on by their own version, unless the new one says `migrate`. On a terminal it asks first.
    """
    saved = session.api.get("journeys", journey)
    standing = session.api.get("journeys", journey, "status")
    if not yes and on_a_terminal():
        _agree(journey_text.launching(saved, standing))
    told = session.api.post("journeys", journey, "launch", body={"version": saved["version"]})
    session.show(told, lambda it: print(journey_text.changed(it)))


@api_command(group, "start")
def start(
    session: Session,
    journey: Journey,
    user: Annotated[str, typer.Option("--user", metavar="U", help="Whom, by user id.")],
    properties: Annotated[str, typer.Option("--properties", metavar="JSON", help="What its texts know as event.", show_default=False)] = "{}",
) -> None:
    """Send somebody into a journey whose entry is `api`, as another system would. Whether they come in is the journey's to say."""
    told = session.api.post("journeys", journey, "starts", body={"user_id": user, "properties": read_object(properties, "--properties")})
    session.show(told, lambda it: print(plain(f"{it['user_id']} is sent into {it['journey_id']} ({it['id']})")))


@api_command(group, "pause")
def pause(session: Session, journey: Journey) -> None:
    """Hold its messages and calls back. People go on, and what they would have been told waits."""
    _change(session, journey, "pause")


@api_command(group, "resume")
def resume(session: Session, journey: Journey) -> None:
    """Send what was held back, and go on sending."""
    _change(session, journey, "resume")


@api_command(group, "stop")
def stop(session: Session, journey: Journey) -> None:
    """Let nobody in any more, and everybody out. Nothing more is sent."""
    _change(session, journey, "stop")


@api_command(group, "backtest")
def backtest(
    session: Session,
    journey: Annotated[str, typer.Argument(help="The journey's id, or a file with one that is not saved.", metavar="ID|FILE")],
    start: Annotated[str, typer.Option("--from", metavar="TIME", help="The first moment, as in 2017-07-01.")],
    end: Annotated[str, typer.Option("--to", metavar="TIME", help="The last moment; default: now.", show_default=False)] = "",
    sample: Annotated[str, typer.Option("--sample", metavar="5%", help="Of how many people; the same ones every time.", show_default=False)] = "",
    user: Annotated[str, typer.Option("--user", metavar="U", help="Show what this person would have got.", show_default=False)] = "",
    beside: Annotated[
        list[str] | None, typer.Option("--with", metavar="ID", help="Another journey that sends to the same people. May be repeated.")
    ] = None,
) -> None:
    """Say what it would have done to real people: who would have got what, and when. Nobody gets anything.

    Who would have come in, how many would have been inside each day, what its quiet hours and its cap would have cost, and what cannot be known.
    """
    journey_backtest.backtest(session, journey, start=start, end=end, sample=sample, user=user, beside=beside or [])


@api_command(group, "status")
def status(session: Session, journey: Journey) -> None:
    """Say how it stands, and how many people are at each step now."""
    session.show(session.api.get("journeys", journey, "status"), lambda it: print("\n".join(journey_text.status(it))))


@api_command(group, "report")
def report(session: Session, journey: Journey, since: Since = "", version: OfVersion = None, html: Html = "") -> None:
    """Say what it changed: who came in against who was held out, each from the moment at which they came; and what became of people at each step."""
    journey_report.report(session, journey, since=since, version=version, html=html)


@api_command(group, "why")
def why(session: Session, journey: Journey, user: User) -> None:
    """Say where somebody is in it, what they wait for, what was sent or not; or why they never came in."""
    journey_report.why(session, journey, user)


def _row(it: Document) -> list[Any]:
    document = it["document"]
    return [document["id"], document.get("name"), it["standing"], it.get("launched_version"), document["version"]]


def _change(session: Session, journey: str, verb: str) -> None:
    session.show(session.api.post("journeys", journey, verb, body={}), lambda it: print(journey_text.changed(it)))


def _agree(question: str) -> None:
    """Raises CommandError where somebody says no."""
    print(question, file=sys.stderr)
    print("Launch it? [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise CommandError("nothing was launched", code="not_agreed")


def _sources(listed: Any, file: str) -> Iterator[tuple[str, Document]]:
    """Each journey with what it is called in messages: those that stand in the file, and those in files beside it. Raises CommandError."""
    if not isinstance(listed, list) or not listed:
        raise CommandError(f'{file}: "journeys" must list journeys, or the names of their files, as in ["cart.json"]', code="bad_file")
    folder = Path() if file == "-" else Path(file).parent
    for number, each in enumerate(listed):
        if isinstance(each, str):
            yield each, read_document(str(folder / each))
        elif isinstance(each, dict):
            yield f"journeys[{number}]", each
        else:
            raise CommandError(f"{file}: journeys[{number}] is neither a journey nor the name of a file", code="bad_file")
