"""All commands, and how each of them ends. Only what every command needs is imported here: `regulars --help` must answer at once."""

import errno
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from . import campaign, dlq, events, feed, journey, login, place, plan, profile, quarantine, segment, settings, source, topic
from .command import api_command
from .costs import costs
from .demo import demo
from .doctor import doctor
from .errors import CommandError, Problem
from .flush import flush
from .import_ import import_, imports
from .logs import logs
from .output import problem_lines
from .overview import overview
from .quality import quality
from .query import query
from .up import up

INTERRUPTED = 130
"""128 + SIGINT, as shells say it."""


class Program(TyperGroup):
    """The root of all commands. What ends one is told once, here: on stderr, with --json as one JSON object."""

    def main(self, args: Sequence[str] | None = None, *_: Any, **extra: Any) -> NoReturn:
        arguments = list(sys.argv[1:] if args is None else args)
        as_json = "--json" in arguments
        # Typer tells usage errors by itself, but cannot in JSON.
        extra["standalone_mode"] = not as_json
        with _told(as_json):
            status = super().main(arguments, **extra) or 0
            if status == INTERRUPTED and as_json:
                raise CommandError("interrupted", code="interrupted", exit_code=INTERRUPTED)
            sys.exit(status)


@contextmanager
def _told(as_json: bool) -> Iterator[None]:
    """Ends the process as the error that comes out of here says."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except CommandError as error:
        _tell(error.code, str(error), as_json, run_id=error.run_id, problems=error.problems)
        sys.exit(error.exit_code)
    except typer.TyperException as error:
        _tell("usage", error.format_message(), as_json)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        _silence_stdout()  # whoever read our output has seen enough
        sys.exit(1)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        _silence_stdout()
        _tell("disk_full", f"cannot write the output: {error.strerror}", as_json)
        sys.exit(1)


def _silence_stdout() -> None:
    """What is still buffered must not fail when the interpreter ends (docs.python.org/3/library/signal.html#note-on-sigpipe)."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _tell(code: str, message: str, as_json: bool, *, run_id: str = "", problems: Sequence[Problem] = ()) -> None:
    if as_json:
        more: dict[str, Any] = {"run_id": run_id, "problems": list(problems)}
        told = {"code": code, "message": message.replace("\n", " "), **{name: value for name, value in more.items() if value}}
        print(json.dumps(told, ensure_ascii=False), file=sys.stderr)
    else:
        lines = [f"  {line}" for line in problem_lines(problems)] if len(problems) > 1 else []  # of one, the message says it all
        print("\n".join([f"regulars: {message}", *lines]), file=sys.stderr)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"regulars {version('regulars')}")
        raise typer.Exit


app = typer.Typer(
    cls=Program,
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,  # rich's help takes 0.25 s to import
    # A traceback is for us: what people must know is raised as a CommandError.
    pretty_exceptions_enable=False,
)


@app.callback()
def regulars(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.", show_default=False)
    ] = False,
) -> None:
    """Regulars turns first-time visitors into regulars."""


app.command("up")(up)
app.command("demo")(demo)
app.command("login")(login.login)
api_command(app, "flush")(flush)
api_command(app, "import")(import_)
api_command(app, "doctor")(doctor)
api_command(app, "logs")(logs)
api_command(app, "costs")(costs)
api_command(app, "quality")(quality)
api_command(app, "query")(query)
api_command(app, "overview")(overview)
app.add_typer(imports, name="imports")
app.add_typer(login.contexts, name="context")
app.add_typer(source.group, name="source")
app.add_typer(feed.group, name="feed")
app.add_typer(segment.group, name="segment")
app.add_typer(campaign.group, name="campaign")
app.add_typer(journey.group, name="journey")
app.add_typer(topic.group, name="topic")
app.add_typer(place.group, name="place")
app.add_typer(plan.group, name="plan")
app.add_typer(profile.group, name="profile")
app.add_typer(settings.group, name="settings")
app.add_typer(quarantine.group, name="quarantine")
app.add_typer(dlq.group, name="dlq")
app.add_typer(events.group, name="events")
