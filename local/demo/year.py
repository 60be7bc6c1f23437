"""The retailer's year for a platform that is up and empty: sent once, in the background, as `regulars demo` sends it, and looked at meanwhile."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from cli.errors import CommandError
from local.demo.commands import regulars, shop
from local.demo.households import EVENTS, HOUSEHOLDS, data_folder
from local.demo.stage import Stage

State = Literal["none", "sending", "adding", "ready", "failed"]
"""`adding`: all is accepted, and is being made countable."""


@dataclass(frozen=True, slots=True)
class Progress:
    """`events` are accepted so far; `of` is how many there are in a whole year, None of a part of it. `message` says what failed."""

    state: State = "none"
    events: int = 0
    of: int | None = None
    message: str = ""

    @property
    def goes_on(self) -> bool:
        return self.state in ("sending", "adding")


class RetailersYear:
    """`stage` is asked for when somebody begins: the platform is not all there before."""

    def __init__(self, stage: Callable[[], Stage]) -> None:
        self._stage = stage
        self._lock = threading.Lock()
        self._progress = Progress()

    def look(self) -> Progress:
        return self._progress

    def begin(self, households: int = HOUSEHOLDS) -> Progress:
        """Once: a second call while it goes on, or after it, changes nothing. What failed is begun again, and no event counts twice."""
        with self._lock:
            if self._progress.goes_on or self._progress.state == "ready":
                return self._progress
            self._progress = Progress("sending", of=EVENTS if households >= HOUSEHOLDS else None)
        threading.Thread(target=self._run, args=(households,), name="retailers-year", daemon=True).start()
        return self._progress

    def _run(self, households: int) -> None:
        try:
            data_folder()
            for accepted, _ in shop(self._stage(), households):
                self._progress = replace(self._progress, events=accepted)
            self._progress = replace(self._progress, state="adding")
            regulars(self._stage(), "flush")
            self._progress = replace(self._progress, state="ready")
        except (CommandError, ModuleNotFoundError, OSError) as error:
            self._progress = replace(self._progress, state="failed", message=str(error))
