"""`regulars profile ...` and `regulars quarantine ...`: what is known of a person, and which events were refused."""

from typing import Annotated

import typer

from .client import Document
from .command import Session, api_command
from .output import print_table

profile = typer.Typer(no_args_is_help=True, help="Look a person up.")
quarantine = typer.Typer(no_args_is_help=True, help="See which events were refused, and why.")


@api_command(profile, "get")
def get(session: Session, user: Annotated[str, typer.Argument(help="The person's user id.", metavar="USER")]) -> None:
    """Show what is known of a person now: traits, and the devices that are theirs, each with its moment."""
    # As a query: an HTTP API decodes a path before our code sees it, so that an id with "/" or "?" would be lost.
    session.show(session.api.get("profiles", user_id=user), _print_profile)


@api_command(quarantine, "list")
def list_(session: Session, limit: Annotated[int, typer.Option("--limit", min=1, max=200, metavar="N", help="How many at most.")] = 50) -> None:
    """List events that were refused in the last 30 days, the newest first, with the reason."""
    session.show(session.api.get("quarantine", limit=str(limit)), _print_quarantine)


def _print_profile(it: Document) -> None:
    print(it["user_id"])
    traits, devices = it.get("traits") or {}, it.get("devices") or {}
    print_table(["trait", "value", "since"], [[name, trait["value"], trait["at"]] for name, trait in traits.items()], free=["value"])
    if devices:
        print_table(
            ["device", "platform", "app", "token", "at"],
            [
                [name, each.get("platform"), each.get("app_version"), _shortened(each.get("token") or each.get("fid")), each["at"]]
                for name, each in devices.items()
            ],
        )


def _shortened(token: str | None) -> str:
    return f"{token[:12]}..." if token and len(token) > 15 else token or ""


def _print_quarantine(it: Document) -> None:
    columns = ("at", "id", "source", "reason", "message")
    print_table(columns, [[each.get(name) for name in columns] for each in it["events"]], free=["message"])
