"""Which refused events somebody means."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from regulars.domain.collection.rejection import REASONS
from regulars.domain.errors import InvalidRequestError
from regulars.domain.language import unknown

LIFE: Final = timedelta(days=90)
"""How long the quarantine keeps an event (template.yaml, LakeBucket)."""

MAX_IDS: Final = 100


@dataclass(frozen=True)
class Selection:
    """Events that meet all that is said; nothing said is everything. `event` is a track call's name or another call's type, `since` and `until`
    bound the moment of receipt: since <= received < until.

    Raises InvalidRequestError for a reason that is none and for too many ids.
    """

    reason: str | None = None
    source: str | None = None
    event: str | None = None
    ids: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None

    def __post_init__(self) -> None:
        if self.reason is not None and self.reason not in REASONS:
            raise InvalidRequestError(unknown(self.reason, REASONS), field="reason")
        if len(self.ids) > MAX_IDS:
            raise InvalidRequestError(f"{len(self.ids)} ids; at most {MAX_IDS}", field="ids")

    def first_day(self, now: datetime) -> date:
        """No object written before it can hold one of them: an event is written after its receipt, and kept for LIFE."""
        oldest = now - LIFE - timedelta(days=1)
        return max(self.since or oldest, oldest).date()
