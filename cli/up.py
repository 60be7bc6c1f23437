"""`regulars up`: the whole platform in this process, until it is told to stop."""

import json
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout, suppress
from typing import Annotated

import typer

from .checkout import require_checkout
from .errors import CommandError

Port = Annotated[int, typer.Option("--port", min=1, max=65533, metavar="N", help="The HTTP API's port; the next two are for AWS and FCM.")]


class _StopAsked(KeyboardInterrupt):
    """SIGINT or SIGTERM came. No `except Exception` may swallow it."""


def up(
    port: Port = 8400,
    write_key: Annotated[str, typer.Option("--write-key", metavar="KEY", help="The collection key. Default: made up.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON when ready.")] = False,
) -> None:
    """Start the whole platform on this machine, until Ctrl-C.

    Everything in template.yaml runs in the foreground, on 127.0.0.1 only, until Ctrl-C or SIGTERM; then it is forgotten, and the status is 0.

    With --json, exactly one line is printed when all is ready: {"api", "aws", "fcm", "ca", "write_key", "token", "bucket", "database"}.
    """
    # The functions run in this process, and what they print is a log: stdout is for what was promised.
    stdout = sys.stdout
    with _until_told_to_stop(), redirect_stdout(sys.stderr):
        require_checkout()
        from local.platform import Platform, PlatformError

        try:
            platform = Platform.start(port=port, write_key=write_key or None)
        except PlatformError as error:
            raise CommandError(str(error)) from None
        try:
            print(json.dumps(platform.info) if as_json else _welcome(platform.info), file=stdout, flush=True)
            threading.Event().wait()
        finally:
            platform.stop()


@contextmanager
def _until_told_to_stop() -> Iterator[None]:
    """Lets SIGINT and SIGTERM end what is inside, in good order. A second signal ends the process at once."""

    def stop(number: int, frame: object) -> None:
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.SIG_DFL)
        raise _StopAsked

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, stop)
    with suppress(_StopAsked):
        yield


def _welcome(info: Mapping[str, str]) -> str:
    return f"""
  Regulars is up. Ctrl-C stops it, and forgets everything.

    HTTP API       {info["api"]}
    AWS endpoint   {info["aws"]}
    FCM double     {info["fcm"]}/__admin/messages
    write key      {info["write_key"]}

  In another terminal:

    export REGULARS_API={info["api"]}
    export REGULARS_TOKEN={info["token"]}

    curl -u {info["write_key"]}: {info["api"]}/v1/track -H 'Content-Type: application/json' \\
      -d '{{"event": "Order Completed", "userId": "ada", "properties": {{"revenue": 10.5}}}}'
    regulars flush
    regulars segment list
"""
