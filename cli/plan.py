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
    """List a tracking plan's versions, the newest first."""
    definitions.versions(session, "plans", plan)


@api_command(group, "archive")
def archive(session: Session, plan: Plan) -> None:
    """Hold events against a tracking plan no longer."""
    definitions.archive(session, "plans", plan)
