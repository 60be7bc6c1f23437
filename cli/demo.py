"""`regulars demo`: a real retailer's year through the real product."""

import signal
from typing import Annotated

import typer

from .checkout import require_checkout
from .errors import CommandError
from .up import Port


def demo(
    port: Port = 8400,
    households: Annotated[int, typer.Option("--households", min=1, metavar="N", help="Only the first N households.")] = 2469,
    keep_running: Annotated[bool, typer.Option("--keep-running", help="Leave the platform up afterwards.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
) -> None:
    """Watch a real retailer's year go through the whole product: events, audiences, a campaign, its report."""
    # As Ctrl-C does it: the platform is stopped in good order.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    require_checkout()
    from local.demo import run
    from local.platform import PlatformError

    try:
        run(port=port, households=households, keep_running=keep_running, as_json=as_json)
    except PlatformError as error:
        raise CommandError(str(error)) from None
