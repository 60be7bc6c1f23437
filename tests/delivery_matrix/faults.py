"""What is wrong with FCM, or with the way to it, while a run is under way. All of it is done by the double (`local.fcm.faults`)."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from local.fcm import FcmDouble

LATENCY: Final = 0.02
"""Seconds: so that requests are under way when something happens."""

BEGINS: Final = 0.1
"""Seconds after the first call began, for faults that come in the middle."""


@dataclass(frozen=True)
class Fault:
    """`says` is for people, `faults` as the double takes them. `of_token` is what befalls a `share` of the tokens: `tokens` or `slow`, and what. It
    begins `after` so many seconds, and ends `lasts` later, or never. `answer_seconds` is how long the sender waits for an answer."""

    says: str
    faults: Mapping[str, Any] = field(default_factory=dict)
    of_token: tuple[str, Any] | None = None
    share: float = 0.0
    after: float = 0.0
    lasts: float | None = None
    answer_seconds: float = 3.0

    def befallen(self, tokens: Sequence[str]) -> Sequence[str]:
        return tokens[:: round(1 / self.share)] if self.share else ()

    def dead(self, tokens: Sequence[str]) -> Sequence[str]:
        """Those that lead to nobody."""
        return self.befallen(tokens) if self.of_token == ("tokens", "UNREGISTERED") else ()

    @contextmanager
    def upon(self, double: FcmDouble, tokens: Sequence[str]) -> Iterator[None]:
        wanted = dict(self.faults)
        if self.of_token:
            key, what = self.of_token
            wanted[key] = dict.fromkeys(self.befallen(tokens), what)
        double.set_faults(latency=LATENCY, seed=9)
        timers = [threading.Timer(self.after, double.set_faults, kwargs=wanted)] if self.after else []
        timers += [threading.Timer(self.after + self.lasts, double.set_faults, kwargs=dict.fromkeys(wanted))] if self.lasts else []
        if not self.after:
            double.set_faults(**wanted)
        for timer in timers:
            timer.start()
        try:
            yield
        finally:
            for timer in timers:
                timer.cancel()
                timer.join()
            double.heal()


FAULTS: Final[Mapping[str, Fault]] = {
    "none": Fault("nothing"),
    "503": Fault("503 for a while, with Retry-After", {"rates": {"503": 1}, "retry_after": 1}, after=BEGINS, lasts=0.5),
    "some 503 and 500": Fault("one push in five is answered 503 or 500", {"rates": {"503": 0.15, "500": 0.05}, "retry_after": None}),
    "quota": Fault("the quota is used up (429), again and again", {"quota": {"count": 200, "seconds": 0.3, "retry_after": 1}}),
    "dead tokens": Fault("one token in twenty is dead", of_token=("tokens", "UNREGISTERED"), share=0.05),
    "slow": Fault("for a while one answer in fifty comes too late", of_token=("slow", 1.0), share=0.02, lasts=0.5, answer_seconds=0.4),
    "resets": Fault("all connections are reset (TCP) five times a second", {"cut": {"every": 0.2}}),
    "GOAWAY": Fault("connections end with GOAWAY after 50 pushes", {"goaway": {"after": 50}}),
    "refused streams": Fault("one push in five is refused by HTTP/2", {"streams": {"refused": 0.2}}),
    "stream resets": Fault("one answer in twenty is lost (stream reset)", {"streams": {"reset": 0.05}}),
    "hang": Fault("FCM hangs for a while", {"hang": 0.6}, after=BEGINS, answer_seconds=0.4),
    "unreachable": Fault("FCM can't be reached for a while", {"cut": {"times": 1}, "stopped": 0.5}, after=BEGINS),
}
