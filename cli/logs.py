"""`regulars logs`: what the functions say, on AWS and locally the same."""

import json
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

import typer

from .client import Document
from .command import Session
from .errors import CommandError
from .output import plain

LOOK_SECONDS: Final = 2.0

LATE: Final = timedelta(seconds=30)
"""CloudWatch may take a while until a line can be read: so far back a follower looks again."""

_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_SPAN: Final = re.compile(r"(\d{1,6})([smhd])")
_PLATFORM: Final = re.compile(r"(START|END) RequestId: |INIT_START ")
"""Lambda's own lines that say no more than that it was there."""


def logs(
    session: Session,
    function: Annotated[str, typer.Argument(help="Of this function only, such as load.", metavar="[FUNCTION]", show_default=False)] = "",
    since: Annotated[str, typer.Option("--since", metavar="SPAN|TIME", help="From then on: 10m, 2h, 7d, or a TIME.")] = "1h",
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what comes, until Ctrl-C.", show_default=False)] = False,
) -> None:
    """Show what the functions logged, the oldest line first.

    Lines carry ids and no traits. With --follow and --json each line is a JSON object of its own.
    """
    start = moment_of(since)
    if session.as_json and not follow:
        session.show({"events": list(_events(session, function, start))}, lambda _: None)
        return
    seen: dict[str, datetime] = {}
    while True:
        for event in _events(session, function, start):
            if event["id"] not in seen:
                seen[event["id"]] = datetime.fromisoformat(event["at"])
                _show(event, as_json=session.as_json)
        if not follow:
            return
        start = max([start, *(at - LATE for at in seen.values())])
        seen = {known: at for known, at in seen.items() if at >= start}
        time.sleep(LOOK_SECONDS)


def _events(session: Session, function: str, since: datetime) -> Iterator[Document]:
    page = ""
    while True:
        answer = session.api.get("logs", function=function, since=since.isoformat(), page=page)
        yield from answer["events"]
        if not (page := answer["next"]):
            return


def moment_of(text: str, *, option: str = "--since") -> datetime:
    """So long ago, or the time; in UTC where it names no zone. Raises CommandError."""
    try:
        if span := _SPAN.fullmatch(text):
            return datetime.now(UTC) - timedelta(**{_UNITS[span[2]]: int(span[1])})
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        advice = "As in 10m, 2h, 7d or 2026-11-21T08:30."
        raise CommandError(f"{option} {text!r} is no span and no time", code="usage", advice=advice, exit_code=2) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _show(event: Document, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(event, ensure_ascii=False), flush=True)
    elif not _PLATFORM.match(event["message"]):
        print(f"{event['at'][:19].replace('T', ' ')}  {event['function']:<9} {plain(_text(event['message']))}", flush=True)


def _text(message: str) -> str:
    """A structured line as a person reads it: its level, its words, and what else it says."""
    try:
        line = json.loads(message)
    except ValueError:
        line = None
    if not isinstance(line, dict):
        return message.rstrip()
    if "_aws" in line:
        names = [metric["Name"] for each in line["_aws"]["CloudWatchMetrics"] for metric in each["Metrics"]]
        return "METRIC " + " ".join(f"{name}={line.get(name)}" for name in names)
    left_out = ("level", "message", "timestamp", "service", "location")
    rest = " ".join(f"{name}={value}" for name, value in line.items() if name not in left_out and value not in (None, ""))
    return " ".join(str(part) for part in (line.get("level", ""), line.get("message", ""), rest) if part)
