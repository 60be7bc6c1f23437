"""Long work is started by one request and asked after by others."""

import time
from collections.abc import Callable

from .client import Document
from .errors import ApiError, CommandError


def poll(look: Callable[[], Document], finished: Callable[[Document], bool], *, patience: float) -> Document:
    """Looks until it has finished, 0.1 s to 2 s apart; a look that is turned away for now is taken again.

    Raises CommandError after `patience` seconds, or at once for a refusal that will not pass.
    """
    deadline, wait = time.monotonic() + patience, 0.1
    while True:
        last = _tried(look)
        if not isinstance(last, ApiError) and finished(last):
            return last
        if time.monotonic() > deadline:
            raise CommandError(f"still not finished after {patience:.0f} s; it goes on, ask again later. Last seen: {last}", code="timeout")
        time.sleep(wait)
        wait = min(wait * 1.4, 2.0)


def _tried(look: Callable[[], Document]) -> Document | ApiError:
    """What was seen, or the refusal that will pass."""
    try:
        return look()
    except ApiError as error:
        if not error.transient:
            raise
        return error
