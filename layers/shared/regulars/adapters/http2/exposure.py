"""How much is put at risk on connections that may break. Pure; moments are seconds of a steady clock.

When a connection breaks, all that it carried and had no answer to is in doubt. Of connections that are cut every T seconds and answer in L seconds,
L/T of all requests are in doubt, however many are under way at once: fewer at once take longer and meet more cuts, and to begin anew with few after
each cut makes it more, because most of what is sent goes out just before the next one. So a break after answers changes nothing here. What is
governed is a server that takes requests and answers none, where each new connection would put another load in doubt.
"""

FIRST_STREAMS = 32
"""On a fresh connection, when all is well."""
SHRINK = 4
FIRST_DELAY, MAX_DELAY = 0.05, 2.0
"""Seconds before another connection is opened after one that never answered anything, doubled each time."""


class Exposure:
    """`first` is how many requests a fresh connection may carry until its first answers; none is to be opened before `open_from`."""

    def __init__(self) -> None:
        self.first = FIRST_STREAMS
        self.open_from = 0.0
        self._barren = 0

    def answered(self) -> None:
        self.first = min(self.first + 1, FIRST_STREAMS)
        self._barren = 0

    def broke(self, now: float, *, answered: int) -> None:
        """A connection ended after so many answers. Several that end together are one break."""
        if answered or now < self.open_from:
            return
        self.first = max(1, self.first // SHRINK)
        self.open_from = now + min(FIRST_DELAY * 2.0**self._barren, MAX_DELAY)
        self._barren += 1

    def connections(self, wanted: int) -> int:
        """How many may be open: one, to try, while none has answered since one broke."""
        return 1 if self._barren else wanted
