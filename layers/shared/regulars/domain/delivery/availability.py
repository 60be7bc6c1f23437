"""How FCM takes what it is sent, lately: an outage, in which all wait, or one push that is never taken while the others are.

FCM answers 500 and 503 to both. In an outage nearly every answer is one, so that another says nothing of the push; while others go through, each
is as improbable as it is rare. The surprises of a push add up, as the logarithms of independent probabilities do.
"""

import math

MEMORY = 0.02
"""The weight of the newest answer in the running share: some fifty answers of memory."""

RAREST = 0.01
"""No refusal counts as rarer than this, so that no push is given up before its fifth."""

OUTAGE = 20
"""After so many refusals in a row those that were never tried wait for the ones that were."""

ITS_OWN: float = -math.log(1e-9)
"""Refusals whose surprises come to this are the push's own trouble: one in a billion is given up for what was everybody's."""


class Availability:
    """Answers in the order in which they came. `refused` is the share of those that FCM could not take: until others are taken a refusal says nothing
    of a push."""

    def __init__(self, refused: float = 1.0) -> None:
        self.refused = refused
        self._in_a_row = 0

    def answered(self, *, taken: bool) -> None:
        """`taken`: FCM was there for the push, whatever it said of it."""
        self.refused += ((not taken) - self.refused) * MEMORY
        self._in_a_row = 0 if taken else self._in_a_row + 1

    @property
    def is_away(self) -> bool:
        return self._in_a_row >= OUTAGE

    @property
    def surprise(self) -> float:
        """How unlikely a refusal is now, as the negative logarithm of its probability."""
        return -math.log(max(self.refused, RAREST))
