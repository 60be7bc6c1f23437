"""Which ids a person has, since when and by which event, and what is decided about them: a merge can be undone, and that taken back.

A decision is an object of its own in the lake, kept for ever: the table `identity_decisions` is these objects. Curate brings `identities` up to date
with them, as with events (`curation.identities`).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from regulars.domain.collection.moments import lake_time

IdentityKind = Literal["anonymous", "user"]

Verdict = Literal["separated", "joined"]

DECISIONS: Final = "lake/identity_decisions/"

OVERLAP: Final = timedelta(minutes=5)
"""Decisions are looked for from this long before the last run: an object is named before it is written, by another machine's clock."""


@dataclass(frozen=True, slots=True)
class Decision:
    """`separated`: from this moment on the id is not this person's, whatever claims it again for them. `joined`: it never was separated."""

    kind: IdentityKind
    id: str
    user_id: str
    decision: Verdict
    at: datetime
    by: str

    @property
    def key(self) -> str:
        """Of its object: sorts by the moment, and the same decision has the same."""
        named = hashlib.sha256("\n".join((self.kind, self.id, self.user_id, self.decision)).encode()).hexdigest()[:16]
        return f"{_moment(self.at)}-{named}.json"

    def row(self) -> Mapping[str, str]:
        """As `identity_decisions` keeps it."""
        who = {"kind": self.kind, "id": self.id, "user_id": self.user_id}
        return {**who, "decision": self.decision, "decided_ts": lake_time(self.at), "decided_by": self.by}


@dataclass(frozen=True, slots=True)
class Identity:
    """An id that `claimed_by` claimed first at `claimed_at`, by an event of this type (`by`) and message id; moments are lake times.

    They had it from `since` on, which is None for a claim that moved nothing, and `until` it was separated. `owner` has it as of the moment asked
    about: that person, whoever they became, the one who claimed it before them, or nobody.
    """

    kind: str
    id: str
    claimed_by: str
    claimed_at: str
    by: str
    message_id: str
    since: str | None
    until: str | None
    owner: str | None

    @property
    def is_conflict(self) -> bool:
        """Whether somebody else has it than the one who claimed it here."""
        return self.since is None and self.owner != self.claimed_by


def decided_after(moment: datetime) -> str:
    """The keys of all that may have been decided after the moment come after this."""
    return _moment(moment - OVERLAP)


def _moment(at: datetime) -> str:
    return f"{DECISIONS}{at:%Y%m%dT%H%M%S}{at.microsecond // 1000:03d}"
