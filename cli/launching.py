"""Starting a run: once, however often the API has to be asked."""

import time
import uuid
from typing import Final

from .client import Document
from .command import Session
from .errors import ApiError, CommandError

_ATTEMPTS: Final = 4
_FIRST_WAIT: Final = 0.5
"""Seconds before the second attempt, then twice as long before each that follows."""


def launched(session: Session, campaign: str, body: Document) -> Document:
    """The run as it began. Where no answer came the same launch is asked for again, by the same key: the API has one run for it.

    Raises CommandError; Ctrl-C may come after the API has taken the launch and before its answer is here.
    """
    key = str(uuid.uuid4())
    try:
        for attempt in range(_ATTEMPTS):
            try:
                return session.api.post("campaigns", campaign, "runs", body=body, headers={"Idempotency-Key": key})
            except CommandError as error:
                if attempt == _ATTEMPTS - 1 or not _may_pass(error):
                    raise
                time.sleep(_FIRST_WAIT * 2**attempt)
        raise AssertionError("the last attempt returns or raises")
    except KeyboardInterrupt:
        raise CommandError(
            f"interrupted while {campaign} was being launched.",
            code="interrupted",
            advice=f"It may have begun all the same: `regulars campaign runs {campaign}` says so.",
            exit_code=130,
        ) from None


def _may_pass(error: CommandError) -> bool:
    return error.transient if isinstance(error, ApiError) else error.code == "unreachable"
