"""`regulars settings ...`: what holds for the whole installation."""

import typer

from . import definitions
from .command import Session, api_command
from .output import print_json, read_document

group = typer.Typer(
    no_args_is_help=True,
    help="Say what consent is asked for, how much is sent a day, when a device counts as gone, and how many people no campaign reaches.",
)


@api_command(group, "get")
def get(session: Session) -> None:
    """Show the settings as they hold now, as JSON that can be put."""
    session.show(session.api.get("settings"), print_json)


@api_command(group, "put")
def put(session: Session, file: definitions.File) -> None:
    """Save the settings as a new version: all of them, for what a file leaves out is as it is where nobody said anything.

    They hold from the next call that sends anything, also of a run under way.
    """
    definitions.show_saved(session, "settings", session.api.put("settings", body=read_document(file)))


@api_command(group, "versions")
def versions(session: Session) -> None:
    """List the versions, the newest first: who saved each, when, and what changed."""
    definitions.show_versions(session, session.api.get("settings", "versions"))


@api_command(group, "restore")
def restore(session: Session, version: definitions.Restored) -> None:
    """Make an old version the newest again: a new version that says the same."""
    definitions.show_restored(session, "settings", session.api.post("settings", "restore", body={"version": version}), version)
