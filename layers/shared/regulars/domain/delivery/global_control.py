"""The global control group: people whom no campaign reaches, so that a quarter with all messages can be compared with a quarter without any.

Its members are a share of all people, whatever segments they are in. Each quarter has a group of its own (so that nobody is left out for good), and
within a quarter nobody enters or leaves it but by a change of the settings. What people wait for (`transactional`) reaches them all the same.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from regulars.domain.collection.consents import TRANSACTIONAL
from regulars.domain.lake.buckets import BUCKETS, bucket_of

HELD_OUT: Final = "global control"
"""What stands in a run's assignments in the place of an arm: no id of a variant has a space."""

MOST_BUCKETS: Final = 2_000
"""Ours: holding out more than a fifth is warned of. What the group shows grows with the root of its size, what it costs with its size."""


@dataclass(frozen=True)
class GlobalControl:
    """Whoever falls into the first `buckets` by the quarter's `salt`, until the end of the day `until` (UTC)."""

    buckets: int
    salt: str
    until: date

    def holds(self, person: str) -> bool:
        return bucket_of(person, self.salt) < self.buckets

    def place_of(self, person: str) -> str:
        """Their bucket beside those of the group, for people to read."""
        return f"bucket {bucket_of(person, self.salt):,} of {BUCKETS:,}, the first {self.buckets:,} are held out"


def global_control(buckets: int, at: datetime, *, purpose: str = "") -> GlobalControl | None:
    """The group of the quarter of a moment, for a message of this purpose; None where nobody is held out of it."""
    if not buckets or purpose == TRANSACTIONAL:
        return None
    moment = at.astimezone(UTC)
    quarter = (moment.month - 1) // 3
    year_after, month_after = moment.year + (quarter == 3), 1 if quarter == 3 else 3 * quarter + 4
    return GlobalControl(buckets, f"global-control-{moment.year}Q{quarter + 1}", date(year_after, month_after, 1) - timedelta(days=1))
