"""`regulars up`: the whole platform in this process, until it is told to stop."""

import json
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from .checkout import require_checkout
from .contexts import save_context
from .errors import CommandError
from .status_line import StatusLine, status_line

if TYPE_CHECKING:
    from local.platform import Platform
    from local.runtime.arrivals import Arrived

CONTEXT = "local"
LOOK_SECONDS = 1.0

Port = Annotated[int, typer.Option("--port", min=1, max=65533, metavar="N", help="The HTTP API's port; the next two are for AWS and FCM.")]


class StopAsked(KeyboardInterrupt):
    """SIGINT, SIGTERM or SIGHUP came. No `except Exception` may swallow it."""


def up(
    port: Port = 8400,
    write_key: Annotated[
        str, typer.Option("--write-key", metavar="KEY", help="The key of the source `local`. Default: the kept one, or one made up.")
    ] = "",
    keep: Annotated[Path | None, typer.Option("--keep", metavar="DIR", help="Keep everything there, and go on from it at the next start.")] = None,
    latency: Annotated[str, typer.Option("--latency", metavar="SERVICE=MS,...", help="Let each call of a service take longer.")] = "",
    queue_lag: Annotated[float, typer.Option("--queue-lag", metavar="SECONDS", help="Let the counts of queues be so late.")] = 0.0,
    fcm: Annotated[str, typer.Option("--fcm", metavar="URL", help="Send pushes there; no double is started.")] = "",
    fcm_ca: Annotated[Path | None, typer.Option("--fcm-ca", metavar="FILE", help="With --fcm: the authorities (PEM) to trust there.")] = None,
    fcm_account: Annotated[
        Path | None,
        typer.Option("--fcm-account", metavar="FILE", help="With --fcm: the JSON key of who sends. Default: service_account.json beside --fcm-ca."),
    ] = None,
    open_console: Annotated[bool, typer.Option("--open", help="Open the console in the browser when ready.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON when ready.")] = False,
) -> None:
    """Start the whole platform on this machine, until Ctrl-C.

    Everything in template.yaml runs in the foreground, on 127.0.0.1 only, until Ctrl-C or SIGTERM, which end it with status 0. Without --keep it is
    forgotten then. A terminal shows what arrives. It becomes the current context, as `local`, so that a second terminal needs nothing.

    With --keep, a folder keeps what the platform holds (events, people, segments, campaigns, runs, refused events, what waits in queues, the write
    key) and the next start with it goes on from there. It is saved at the end, and once a minute, and serves one platform at a time. The messages of
    the FCM double and the results of queries are not kept.

    On AWS a call takes its time and counts are approximate: --latency dynamodb=5,s3=20 and --queue-lag 60 show what the platform makes of that.

    Pushes go to a double of FCM, which starts with the rest. --fcm URL with --fcm-ca FILE names another one, or FCM itself, and none is started. Who
    sends them is the service account of --fcm-account, or of service_account.json beside the CA, where a double writes it; where neither is, one that
    is made up, for a double that takes anybody (its tokens come from URL/token).

    The console is for whoever would rather not type: its address is printed, and --open shows it in the browser. Who one is there is chosen on its
    first page, and nobody needs a password.

    With --json, exactly one line is printed when all is ready: {"api", "aws", "fcm", "ca", "write_key", "token", "bucket", "database", "console"}.
    """
    # The functions run in this process, and what they print is a log: stdout is for what was promised.
    stdout = sys.stdout
    with (
        suppress(StopAsked),
        signals_stop(),
        status_line(wanted=not as_json) as status,
        redirect_stdout(sys.stderr),
        running(port, write_key, keep, latency=latency, queue_lag=queue_lag, fcm=FcmOptions(fcm, fcm_ca, fcm_account)) as platform,
    ):
        needs_nothing = known_as_context(platform.info)
        print(json.dumps(platform.info) if as_json else _welcome(platform.info, keep, needs_nothing), file=stdout, flush=True)
        if open_console:
            show_in_browser(platform.info["console"])
        try:
            watch(platform, status) if status.is_shown else threading.Event().wait()
        finally:
            status.show("" if keep is None else f"  keeping everything in {keep}; Ctrl-C again gives that up")


class FcmOptions(NamedTuple):
    """What --fcm, --fcm-ca and --fcm-account say."""

    url: str = ""
    ca: Path | None = None
    account: Path | None = None


OWN_DOUBLE = FcmOptions()


@contextmanager
def running(
    port: int, write_key: str = "", keep: Path | None = None, *, latency: str = "", queue_lag: float = 0.0, fcm: FcmOptions = OWN_DOUBLE
) -> "Iterator[Platform]":
    """The platform for as long as this lasts. Raises CommandError where it cannot start, or cannot keep what it was to keep."""
    require_checkout()
    from local.errors import PlatformError
    from local.fcm.address import FcmAddressError, named
    from local.platform import Platform

    try:
        elsewhere = named(fcm.url, fcm.ca, fcm.account)
        with Platform.start(port=port, write_key=write_key or None, keep=keep, latency=latency, queue_lag=queue_lag, fcm=elsewhere) as platform:
            yield platform
    except (PlatformError, FcmAddressError) as error:
        raise CommandError(str(error)) from None


@contextmanager
def signals_stop() -> Iterator[None]:
    """SIGINT, SIGTERM and SIGHUP raise StopAsked in what is inside, so that it ends in good order. A second one ends the process at once."""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(number: int, frame: object) -> None:
        for each in signals:
            signal.signal(each, signal.SIG_DFL)
        raise StopAsked

    for each in signals:
        signal.signal(each, stop)
    yield


def known_as_context(info: Mapping[str, str]) -> bool:
    """Keeps the platform's address and token as the context `local`. A file that cannot be written only means that they must be shown."""
    try:
        save_context(CONTEXT, api=info["api"], token=info["token"])
    except CommandError as error:
        print(f"regulars: {error}", file=sys.stderr)
        return False
    return True


def show_in_browser(address: str) -> None:
    """Beside us: a browser in the terminal does not return before it is left, and some say a word on stdout, which is promised to others."""
    import webbrowser

    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def watch(platform: "Platform", status: StatusLine) -> None:
    """Shows what arrives, until a signal comes."""
    asleep = threading.Event()
    before = platform.arrived()
    while True:
        asleep.wait(LOOK_SECONDS)
        now = platform.arrived()
        status.show(_arrivals(now, (now.events - before.events) / LOOK_SECONDS))
        before = now


def _arrivals(now: "Arrived", per_second: float) -> str:
    if not now.events:
        return "  no event yet"
    quarantined = f", {now.quarantined:,} quarantined" if now.quarantined else ""
    last = f"; last: {now.last}" if now.last else ""
    events = "1 event" if now.events == 1 else f"{now.events:,} events"
    return f"  {events}, {per_second:,.0f} a second{quarantined}{last}"


def next_steps(info: Mapping[str, str], *, needs_nothing: bool = True) -> str:
    """What to type in another terminal; with the address and the token where no context holds them."""
    exports = "" if needs_nothing else f"\n    export REGULARS_API={info['api']}\n    export REGULARS_TOKEN={info['token']}\n"
    return f"""    console        {info["console"]}
    HTTP API       {info["api"]}
    AWS endpoint   {info["aws"]}
    FCM double     {info["fcm"]}/__admin/messages
    write key      {info["write_key"]}

  In another terminal:
{exports}
    curl -u {info["write_key"]}: {info["api"]}/v1/track -H 'Content-Type: application/json' \\
      -d '{{"event": "Order Completed", "userId": "ada", "properties": {{"revenue": 10.5}}}}'
    regulars flush
    regulars segment list
"""


def _welcome(info: Mapping[str, str], keep: Path | None, needs_nothing: bool) -> str:
    end = "forgets everything" if keep is None else f"keeps everything in {keep}"
    return f"\n  Regulars is up. Ctrl-C stops it, and {end}.\n\n{next_steps(info, needs_nothing=needs_nothing)}"
