"""How many pushes a person gets in a span that moves with time."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `count` in any span as long as `within`."""

    count: int
    within: timedelta
