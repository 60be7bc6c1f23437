"""`regulars profile ...`: what is known of a person."""

from typing import Annotated

import typer

from .client import Document
from .command import Session, api_command
from .output import print_table

profile = typer.Typer(no_args_is_help=True, help="Look a person up.")


@api_command(profile, "get")
def get(session: Session, user: Annotated[str, typer.Argument(help="The person's user id.", metavar="USER")]) -> None:
    """Show what is known of a person now: traits, and the devices that are theirs, each with its moment."""
    # As a query: an HTTP API decodes a path before our code sees it, so that an id with "/" or "?" would be lost.
    session.show(session.api.get("profiles", user_id=user), _print_profile)


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
