"""How a session of sending is driven, in the way of `deliver`: a few pushes at a time, as often as it could send more."""

import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice

from regulars.ports import Push, PushResult, PushSender, PushSession

AT_A_TIME = 10


def drained(session: PushSession) -> list[PushResult]:
    """What still comes of a session that is given nothing more."""
    found: list[PushResult] = []
    patience = time.monotonic() + 30
    while session.busy and time.monotonic() < patience:
        found += session.results()
    return found


def sending(sender: PushSender, pushes: Iterable[Push], *, per_second: float, deadline: datetime | None = None) -> Iterator[PushResult]:
    """The results as they come; what was put off is given again when its time has come, unless that is after the deadline. Raises the session's
    failure after the last of them."""
    left = _Left(iter(pushes))
    with sender.open(per_second=per_second, deadline=deadline) as session:
        while True:
            while left.give(session) or session.busy:
                yield from (result for result in session.results() if left.has_result(result))
            if session.failure is not None or not left.later or max(left.until_next, 0.0) >= _seconds(deadline):
                break
            time.sleep(0.01)
        if session.failure is not None:
            raise session.failure


def _seconds(deadline: datetime | None) -> float:
    return float("inf") if deadline is None else (deadline - datetime.now(UTC)).total_seconds()


class _Left:
    """What has no result yet."""

    def __init__(self, pushes: Iterator[Push]) -> None:
        self._new, self._given = pushes, dict[int, Push]()
        self.later: list[tuple[float, Push]] = []

    @property
    def until_next(self) -> float:
        return min(moment for moment, _ in self.later) - time.monotonic()

    def give(self, session: PushSession) -> bool:
        taken = (self._due() or list(islice(self._new, AT_A_TIME))) if session.hungry else []
        self._given |= {push.key: push for push in taken}
        session.take(taken)
        return bool(taken)

    def has_result(self, result: PushResult) -> bool:
        push = self._given.pop(result.key)
        if result.outcome == "later":
            self.later.append((time.monotonic() + result.delay, push._replace(delays=push.delays + 1)))
        return result.outcome != "later"

    def _due(self) -> list[Push]:
        now = time.monotonic()
        due = [push for moment, push in self.later if moment <= now]
        self.later = [(moment, push) for moment, push in self.later if moment > now]
        return due
