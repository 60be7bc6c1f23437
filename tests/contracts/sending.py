"""How a session of sending is driven, in the way of `deliver`: a few pushes at a time, as often as it could send more."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from regulars.ports import Push, PushResult, PushSender

AT_A_TIME = 10


def sending(sender: PushSender, pushes: Iterable[Push], *, per_second: float, deadline: datetime | None = None) -> Iterator[PushResult]:
    """The results as they come. Raises the session's failure after the last of them."""
    waiting, more = iter(pushes), True
    with sender.open(per_second=per_second, deadline=deadline) as session:
        while True:
            while more and session.hungry:
                taken = list(islice(waiting, AT_A_TIME))
                more = bool(taken)
                session.take(taken)
            yield from session.results()
            if not session.busy and not (more and session.hungry):
                break
        if session.failure is not None:
            raise session.failure
