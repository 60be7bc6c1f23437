"""`regulars up`: the whole platform in this process, until it is told to stop."""

import json
import signal
import socket
import sys
import threading
from contextlib import redirect_stdout
from typing import Annotated, TextIO

import typer

from local.cli.client import CommandError
from local.cli.command import errors_on_stderr

Port = Annotated[
    int,
    typer.Option("--port", min=1, max=65533, help="The HTTP API's port; the next two are for AWS and FCM."),
]
PORT_NAMES = ("the HTTP API", "the AWS endpoint", "the FCM double")


class _StopAsked(Exception):
    """SIGINT or SIGTERM came."""


def up(
    port: Port = 8400,
    write_key: Annotated[str, typer.Option("--write-key", help="The collection key. Default: made up.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON when ready.")] = False,
) -> None:
    """Start the whole platform on this machine, until Ctrl-C."""
    with errors_on_stderr():
        refuse_busy_ports(port)
        stdout = sys.stdout
        # The functions run in this process, and what they print is a log: stdout is for what was promised.
        with redirect_stdout(sys.stderr):
            _serve(port, write_key, as_json, stdout)


def refuse_busy_ports(port: int) -> None:
    """Raises CommandError for the first of the three ports that cannot be had."""
    for offset, name in enumerate(PORT_NAMES):
        with socket.socket() as probe:
            # As servers do: a port whose last connections are still closing is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port + offset))
            except OSError as error:
                raise CommandError(
                    f"port {port + offset}, for {name}, is taken ({error.strerror}).\n"
                    "Is another `regulars up` running? Choose another three with --port."
                ) from None


def _serve(port: int, write_key: str, as_json: bool, stdout: TextIO) -> None:
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, _ask_to_stop)
    platform = None
    try:
        from local.platform import Platform

        platform = Platform(port=port, write_key=write_key)
        info = platform.start()
        print(json.dumps(info) if as_json else _welcome(info), file=stdout, flush=True)
        threading.Event().wait()
    except _StopAsked:
        pass
    finally:
        # A second signal while stopping ends the process at once.
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.SIG_DFL)
        if platform is not None:
            platform.stop()


def _ask_to_stop(number: int, frame: object) -> None:
    raise _StopAsked


def _welcome(info: dict[str, str]) -> str:
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
      -d '{{"type": "track", "event": "Order Completed", "userId": "ada", "properties": {{"revenue": 10.5}}}}'
    regulars flush
    regulars segment list
"""
