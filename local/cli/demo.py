"""`regulars demo`: a real retailer's year through the real product."""

from typing import Annotated

import typer

from local.cli.command import errors_on_stderr
from local.cli.up import Port, refuse_busy_ports


def demo(
    port: Port = 8400,
    households: Annotated[
        int,
        typer.Option("--households", min=1, metavar="N", help="Only the first N households."),
    ] = 2469,
    keep_running: Annotated[bool, typer.Option("--keep-running", help="Leave the platform up afterwards.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
) -> None:
    """Watch a real retailer's year go through the whole product."""
    with errors_on_stderr():
        refuse_busy_ports(port)
        from local.demo import run

        run(port=port, households=households, keep_running=keep_running, as_json=as_json)
