"""Where curate stands: its lease, the statement that it has under way, and up to when the lake has everything.

`started_at` names a run, and no two are the same. What a run that died left behind shows in `inserted_through` being later than `known_through`,
`people_through` or `merged_through`. A document of the version before lacks the first two: they are BEGINNING, so that all is made known and all
traits get their times once.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from regulars.domain.curation.inserted import Inserted, joined

LEASE = timedelta(minutes=16)
"""A little longer than the function may live (template.yaml, CurateFunction.Timeout)."""

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


DROPPED_AFTER = timedelta(hours=4)
"""No statement runs for longer: Athena's quota of a DML query's time is 30 minutes, and 240 at most
(https://docs.aws.amazon.com/athena/latest/ug/service-limits.html)."""


@dataclass(frozen=True)
class UnderWay:
    """A statement that changes the lake, kept before it is started. `query_id` is empty while nobody knows whether it was."""

    sql: str
    token: str
    asked_at: datetime
    query_id: str = ""

    def is_long_over(self, now: datetime) -> bool:
        """Whether it has ended in any case, if it ever began."""
        return now - self.asked_at > DROPPED_AFTER


@dataclass(frozen=True)
class CurateState:
    """Moments are in UTC; BEGINNING where the thing has not happened yet."""

    started_at: datetime = BEGINNING
    running_until: datetime | None = None
    """The lease; None while nobody runs."""
    inserted_through: datetime = BEGINNING
    """When the last run started that began to insert rows: they may have to be merged."""
    inserted_days: tuple[date, date] | None = None
    """The first and last day on which those rows happened; None where nobody knows."""
    raw_through: datetime = BEGINNING
    """Raw objects of before this (and a little after) have been read."""
    merged_through: datetime = BEGINNING
    """Rows curated up to this are in `devices`."""
    people_through: datetime = BEGINNING
    """Rows curated up to this are in `people`, and what they said has its times there."""
    identities_through: datetime = BEGINNING
    """Rows curated up to this, and what was decided until then, are in `identities`."""
    known_through: datetime = BEGINNING
    """Rows curated up to this are in `known_messages`."""
    under_way: UnderWay | None = None
    """The last statement that was begun; it may be over."""
    finished_started_at: datetime = BEGINNING
    """When the last run that finished had started: everything that lay in raw by then can be queried."""
    finished_at: datetime | None = None
    error: str = ""
    may_pass: bool = False
    """Whether the error is one that a next run may not meet."""
    failed_started_at: datetime = BEGINNING

    def is_running(self, now: datetime) -> bool:
        return self.running_until is not None and self.running_until > now

    def covers(self, moment: datetime) -> bool:
        """Whether all that lay in raw at that moment can be queried."""
        return self.finished_started_at >= moment

    def failed_since(self, moment: datetime) -> bool:
        """Whether a run that started at or after the moment failed, and none has succeeded since."""
        return bool(self.error) and self.failed_started_at >= moment

    @property
    def needs_merge(self) -> bool:
        return self.inserted_through > min(self.merged_through, self.people_through, self.identities_through)

    @property
    def has_unknown(self) -> bool:
        """Whether there may be rows that `known_messages` lacks."""
        return self.inserted_through > self.known_through

    def leased(self, now: datetime) -> "CurateState":
        """A run begins; its `started_at` is never equal to an earlier one's, whatever the clocks say."""
        return replace(self, started_at=max(now, self.started_at + timedelta(milliseconds=1)), running_until=now + LEASE)

    @property
    def unknown(self) -> Inserted:
        """What `known_messages` may lack."""
        return Inserted(self.known_through, self.inserted_days)

    @property
    def unmerged_people(self) -> Inserted:
        """What `people` may lack; all that there is, where none of it has its times."""
        return Inserted(self.people_through, None if self.people_through == BEGINNING else self.inserted_days)

    @property
    def unmerged_identities(self) -> Inserted:
        """What `identities` may lack; all that there is, where nobody ever looked for claims."""
        return Inserted(self.identities_through, None if self.identities_through == BEGINNING else self.inserted_days)

    @property
    def unmerged_devices(self) -> Inserted:
        return Inserted(self.merged_through, self.inserted_days)

    def inserting(self, days: tuple[date, date]) -> "CurateState":
        """From here on a crash leaves rows that are not merged, of these days."""
        left_behind = self.needs_merge or self.has_unknown
        of_both = joined(self.inserted_days, days) if self.inserted_days else None
        return replace(self, inserted_through=self.started_at, inserted_days=of_both if left_behind else days)

    def beginning(self, under_way: UnderWay) -> "CurateState":
        return replace(self, under_way=under_way)

    def remembered(self) -> "CurateState":
        return replace(self, known_through=self.inserted_through)

    def paused(self) -> "CurateState":
        """The run gives back the lease before it is through; the next one goes on."""
        return replace(self, running_until=None)

    def failed(self, error: str, *, may_pass: bool = False) -> "CurateState":
        """`may_pass`: it was a store that did not answer, not a statement that cannot work."""
        return replace(self, running_until=None, error=error, may_pass=may_pass, failed_started_at=self.started_at)

    def finished(self, now: datetime) -> "CurateState":
        through = self.started_at
        done = replace(self, raw_through=through, merged_through=through, people_through=through, identities_through=through)
        done = replace(done, known_through=through, finished_started_at=through, finished_at=now, under_way=None)
        return replace(done, running_until=None, error="", may_pass=False)
