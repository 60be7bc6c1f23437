"""`regulars demo`: a real retailer's year through the real product."""

import os
from typing import TYPE_CHECKING, Annotated

import typer

from .checkout import require_checkout
from .credentials import chosen
from .errors import CommandError
from .up import StopAsked, signals_stop

if TYPE_CHECKING:
    from local.demo.stage import Stage
    from local.demo.story import Story

INTERRUPTED = 130
"""128 + SIGINT, as a shell says it."""


def demo(
    port: Annotated[
        int | None,
        typer.Option(
            "--port",
            min=1,
            max=65533,
            metavar="N",
            help="The HTTP API's port; the next two are for AWS and FCM. Default: 8400, or the next free one.",
        ),
    ] = None,
    households: Annotated[int, typer.Option("--households", min=1, metavar="N", help="Only the first N households.")] = 2469,
    keep_running: Annotated[bool, typer.Option("--keep-running", help="Leave the platform up afterwards.")] = False,
    # The environment's address alone does not turn `make demo` on an installation that somebody lives from.
    api: Annotated[
        str, typer.Option("--api", metavar="URL", help="With --write-key: where that is. Default: REGULARS_API, else the current context.")
    ] = "",
    token: Annotated[
        str, typer.Option("--token", metavar="TOKEN", help="With --write-key: its token. Default: REGULARS_TOKEN, else the current context's.")
    ] = "",
    write_key: Annotated[
        str, typer.Option("--write-key", metavar="KEY", help="Play on a platform that is there already: send the events with this key of it.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="With --write-key: do not ask before anything is sent there.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
) -> None:
    """Watch a real retailer's year go through the whole product: events, audiences, a campaign, its report.

    It starts a platform for that, and stops it at the end. With --write-key it is played on one that is there already, here or on AWS, and says
    first what that changes: the year's events, new versions of three segments and a campaign, and a launch. The device tokens in the data are made
    up, so that FCM refuses every push. What only the local cloud can show (the messages that arrived, the bill) is then left out.
    """
    if not write_key and (api or token or yes):
        raise CommandError("--api, --token and --yes go with --write-key: the events are sent with a key of that platform")
    if write_key and (port or keep_running):
        raise CommandError("--port and --keep-running are for a platform that the demonstration starts itself, without --write-key")
    require_checkout()
    from local.demo.story import Story

    story = Story(households=households, keep_running=keep_running, as_json=as_json, may_send=yes)
    try:
        with signals_stop():
            if write_key:
                story.play_there(_there(api, token, write_key))
            else:
                _play_here(story, port)
    except StopAsked:
        raise typer.Exit(INTERRUPTED) from None


def _there(api: str, token: str, write_key: str) -> "Stage":
    from local.demo.stage import Stage

    token = token or os.environ.get("REGULARS_TOKEN", "")
    address, _ = chosen(api or os.environ.get("REGULARS_API", ""), token)
    return Stage(address, token, write_key)


def _play_here(story: "Story", port: int | None) -> None:
    from local.demo.stage import started
    from local.errors import PlatformError

    try:
        story.play_here(started(port, story.say))
    except PlatformError as error:
        raise CommandError(str(error)) from None
