"""`regulars flush`: wait until everything accepted so far can be queried."""

from typing import Annotated

import typer

from .client import Document
from .command import Session


def flush(
    session: Session,
    patience: Annotated[int, typer.Option("--timeout", metavar="SECONDS", help="How long to wait at most.")] = 1800,
) -> None:
    """Return when every event accepted so far can be queried."""
    ticket: Document = {}

    def look() -> Document:
        found = session.api.post("flush", body=ticket)
        ticket["flush_id"] = found["flush_id"]
        return found

    done = session.wait("flush", look, lambda found: found["state"] == "done", patience=patience, tell=_stage)
    session.show({"state": done["state"]}, lambda _: print("every event accepted so far can be queried"))


def _stage(found: Document) -> str:
    return f"{found['queued']:,} messages to load" if found["waiting_for"] == "queue" else "filling the lake's tables"
