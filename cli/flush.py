"""`regulars flush`: wait until everything accepted so far can be queried."""

from typing import Annotated

import typer

from .client import Document
from .command import Session


def flush(
    session: Session,
    patience: Annotated[int, typer.Option("--timeout", metavar="SECONDS", help="How long to wait at most.")] = 1800,
) -> None:
    """Return when every event accepted so far can be queried.

    That is when the queue has been found empty for as long as its counts take to settle, and a curate run that began after that has finished. On
    AWS that is a minute (QueueSettleSeconds of the template), because SQS counts approximately until then
    (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html), and under steady traffic the queue may
    never be empty: --timeout ends the wait.
    """
    ticket = [""]

    def look() -> Document:
        found = session.api.post("flush", body={"ticket": ticket[-1]})
        ticket.append(found["ticket"])
        return found

    done = session.wait("flush", look, lambda found: found["state"] == "done", patience=patience, tell=_stage)
    session.show({"state": done["state"]}, lambda _: print("every event accepted so far can be queried"))


def _stage(found: Document) -> str:
    return f"{found['queued']:,} messages to load" if found["waiting_for"] == "queue" else "filling the lake's tables"
