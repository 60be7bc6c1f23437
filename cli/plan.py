"""`regulars plan ...`: what events are meant to look like."""

from typing import Annotated

import typer

from . import definitions
from .command import Session, api_command

group = typer.Typer(no_args_is_help=True, help="Say what events are meant to look like.")

Plan = Annotated[str, typer.Argument(help="The tracking plan's id.", metavar="ID")]


@api_command(group, "put")
def put(session: Session, file: definitions.File) -> None:
    """Save a tracking plan as a new version: from then on events are held against it.

    A plan with a schema that is none is refused whole.
    """
    definitions.put(session, "plans", file)


@api_command(group, "list")
def list_(session: Session, archived: definitions.Archived = False) -> None:
    """List the tracking plans."""
    definitions.list_(session, "plans", archived=archived)


@api_command(group, "get")
def get(session: Session, plan: Plan, version: definitions.Version = None) -> None:
    """Show a tracking plan as JSON."""
    definitions.get(session, "plans", plan, version=version)


@api_command(group, "versions")
def versions(session: Session, plan: Plan) -> None:
    """List a tracking plan's versions, the newest first: who saved each, when, and what changed."""
    definitions.versions(session, "plans", plan)


@api_command(group, "diff")
def diff(session: Session, plan: Plan, from_version: definitions.FromVersion = None, to_version: definitions.ToVersion = None) -> None:
    """Say what changed between two versions, a line a change: `rule.all[1].within: 30d -> 60d`."""
    definitions.diff(session, "plans", plan, from_version=from_version, to_version=to_version)


@api_command(group, "restore")
def restore(session: Session, plan: Plan, version: definitions.Restored) -> None:
    """Make an old version the newest again: a new version that says the same, if it can still be honoured."""
    definitions.restore(session, "plans", plan, version=version)


@api_command(group, "archive")
def archive(session: Session, plan: Plan) -> None:
    """Hold events against a tracking plan no longer."""
    definitions.archive(session, "plans", plan)
