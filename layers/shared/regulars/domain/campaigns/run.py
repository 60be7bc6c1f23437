"""A run: one launch of one campaign, with everything that is needed to show its audience again.

launch -> planned -> running -> succeeded
             |  ^       |  ^---> failed, or aborted by somebody     the reason is its `error`
             v  |       v  |
             paused     paused                                       by somebody, or with an `error` of FCM's that has to be mended

An error of a run that is not paused is there from the moment when something went wrong for all of it, or somebody aborted it: from then on nobody
else is sent to, and what went out is counted when all who send have ended (docs/decisions/0019). A pause ends nothing (0045).
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from regulars.domain.campaigns.counts import Counts
from regulars.domain.campaigns.pause import Pause
from regulars.domain.campaigns.plan import Plan
from regulars.domain.definitions import Definition
from regulars.domain.delivery.global_control import GlobalControl
from regulars.domain.errors import RegularsError
from regulars.domain.lake.snapshots import Snapshots
from regulars.domain.reasons import QUOTA, UNAVAILABLE
from regulars.domain.segments.conversions import Goals

RunState = Literal["planned", "running", "paused", "succeeded", "failed", "aborted"]

ABORTED = "aborted"
"""The code of the error of a run that somebody stopped."""

PAUSED_TOO_LONG = "paused_too_long"
"""That of one which nobody resumed while that was of use: it ends as if it had been aborted."""

Dollars = Mapping[str, float]
"""US dollars by service, with their `total`."""

PARALLEL_WORKERS = 4
"""How many shards of a run are delivered at once (`MaxConcurrencyPath` of the map), if it holds nobody back: `promises.HOLDING_SHARDS` else."""

MAX_SHARDS = 90
"""UNLOAD writes at most 100 partitions (https://docs.aws.amazon.com/athena/latest/ug/unload.html)."""

PEOPLE_PER_SHARD = 5_000
"""About so many, until MAX_SHARDS of them are not enough."""

TOLERATED_LOSS = 0.1
"""Of the people whom a run tried to reach, the share that FCM may not have taken, or of whom nobody knows, in a run that went well."""

NOBODY = 20
"""Of so many people who were tried and all failed, at least, a run has not gone well whatever the reasons."""


@dataclass(frozen=True)
class RunError:
    """Why a run failed: a stable word, and a sentence for people."""

    code: str
    message: str

    @classmethod
    def of(cls, error: RegularsError) -> "RunError":
        return cls(error.code, str(error))


@dataclass(frozen=True)
class RunSummary:
    """What `launch`, `status` and the list of runs answer. `per_second` is how many people have their turn a second of late, and `seconds_left` how
    long the rest takes at that; None where it can't be said."""

    run_id: str
    campaign_id: str
    campaign_version: int
    state: RunState
    counts: Counts
    as_of: datetime
    planned_at: datetime
    launched_at: datetime
    launched_by: str
    snapshots: Snapshots = field(default_factory=dict)
    shards: int | None = None
    concluded_at: datetime | None = None
    cost: Dollars | None = None
    error: RunError | None = None
    continues: Sequence[str] = ()
    per_second: float = 0.0
    seconds_left: float | None = None
    rehearsal: bool = False
    """Nothing is sent."""
    stopped_at: datetime | None = None
    """Since when it is paused, or when it was told to end."""
    stopped_by: str = ""
    """Who said so; nobody where it came to that by itself."""
    occurrence: datetime | None = None
    """Which moment of the campaign's schedule it was launched for."""
    local_time: datetime | None = None
    """What each person's clock shows when they are due."""
    held: int = 0
    """How many recipients wait for their hour, or for the end of their quiet hours."""
    held_until: datetime | None = None
    """When the first of them may be sent to."""


@dataclass(frozen=True)
class Run:
    """Moments are in UTC. `planned_at` is where outcome windows begin: the as-of moment where one was given, else the launch."""

    run_id: str
    campaign: Definition
    segments: Mapping[str, Definition]
    """Every segment that the audience depends on, by id."""
    as_of: datetime
    planned_at: datetime
    launched_at: datetime
    launched_by: str
    state: RunState = "planned"
    counts: Counts = field(default_factory=Counts)
    plan: Plan | None = None
    manifest: str = ""
    """The key of the list of shards in the lake's bucket. Once it is there it stays: the journal counts by shard and window."""
    shards: int | None = None
    bytes_scanned: Mapping[str, int] = field(default_factory=dict)
    """By the run's queries, each by its name."""
    cost: Dollars | None = None
    error: RunError | None = None
    concluded_at: datetime | None = None
    continues: Sequence[str] = ()
    """Runs of the campaign that failed or were stopped, with which this one goes on: whom they reached gets nothing again."""
    stopped_at: datetime | None = None
    stopped_by: str = ""
    """When it was told to stop, and who aborted it."""
    pause: Pause | None = None
    goals: Goals = field(default_factory=dict)
    """Of the campaigns whose conversions the segments ask about, as they were at the launch."""
    executions: int = 1
    resumed_at: datetime | None = None
    """How many it was given in the state machine, one after the other, and when the newest was asked for, if not by the launch."""
    notes: bool = False
    """Whether each of its pushes is noted, for the caps of other runs (`usecases.count_contacts`)."""
    local_time: datetime | None = None
    """What each person's clock shows when they are due (naive); None where all are due at once."""
    occurrence: datetime | None = None
    """Which moment of the campaign's schedule it was launched for; None where somebody launched it."""
    sends: bool = True
    """False for a rehearsal: it goes the same way, renders for everybody, and sends to nobody."""
    intention: str = ""
    """What the launch was asked for by (`campaigns.intention`); empty where the run never began."""
    global_control: GlobalControl | None = None
    """Who was held out of all campaigns when it was launched; None where nobody was, or its messages are for them too."""

    @property
    def has_ended(self) -> bool:
        return self.state in ("succeeded", "failed", "aborted")

    @property
    def goes_on(self) -> bool:
        """Whether more may be sent."""
        return not (self.has_ended or self.pause or self.error)

    @property
    def shown_state(self) -> RunState:
        """What people are told: a run that somebody aborted is so from then on, and not only when what went out is counted."""
        return "aborted" if not self.has_ended and not self.pause and self.error and _end(self.error) == "aborted" else self.state

    @property
    def begun_at(self) -> datetime:
        """When its newest execution was asked for."""
        return self.resumed_at or self.launched_at

    @property
    def first_run(self) -> str:
        """The id of the run, or of the first of those with which it goes on: whoever is sent to by any of them has had one message."""
        return self.continues[-1] if self.continues else self.run_id

    @property
    def summary(self) -> RunSummary:
        return RunSummary(
            run_id=self.run_id,
            campaign_id=self.campaign.id,
            campaign_version=self.campaign.version,
            state=self.shown_state,
            counts=self.counts,
            as_of=self.as_of,
            planned_at=self.planned_at,
            launched_at=self.launched_at,
            launched_by=self.launched_by,
            snapshots=self.plan.snapshots if self.plan else {},
            shards=self.shards,
            concluded_at=self.concluded_at,
            cost=self.cost,
            error=self.error,
            continues=self.continues,
            rehearsal=not self.sends,
            stopped_at=self.pause.at if self.pause else self.stopped_at,
            stopped_by=self.pause.by if self.pause else self.stopped_by,
            occurrence=self.occurrence,
            local_time=self.local_time,
        )

    def planned(self, plan: Plan) -> "Run":
        """Its queries are about to be asked, also while it is paused."""
        return replace(self, plan=plan, state="paused" if self.pause else "running")

    def sharded(self, manifest: str, shards: int, *, notes: bool = False) -> "Run":
        return replace(self, manifest=manifest, shards=shards, notes=notes)

    def sized(self, counts: Counts, scanned: int) -> "Run":
        """Its people are counted, before any of them is sent to. `scanned` are the bytes that this read."""
        return replace(self, counts=counts, bytes_scanned={**self.bytes_scanned, "size": scanned})

    def paused(self, pause: Pause, error: RunError | None = None) -> "Run":
        """Nobody else is sent to until it is resumed; the `error` says what has to be mended before."""
        return replace(self, state="paused", pause=pause, error=error)

    def asked(self, bytes_scanned: Mapping[str, int]) -> "Run":
        """Its execution ends, and it does not. `bytes_scanned` is as in `concluded`."""
        return replace(self, bytes_scanned={**self.bytes_scanned, **bytes_scanned})

    def stopped(self, error: RunError, now: datetime) -> "Run":
        """Nothing more is to be sent; what went out is still counted. One that has ended stays as it is."""
        if self.has_ended:
            return self
        return replace(self._unpaused(), error=self.error or error, stopped_at=self.stopped_at or now)

    def aborted(self, error: RunError, by: str, now: datetime) -> "Run":
        """Somebody, or nobody where `by` is empty, stopped it for good. It is counted by another execution, that has nobody to wait for."""
        return replace(self._unpaused(), error=error, stopped_at=now, stopped_by=by, executions=self.executions + 1)

    def resumed(self, execution: int, now: datetime) -> "Run":
        """It goes on in its execution of this number; that one of before has ended, or that it was paused, is nothing any more."""
        return replace(self._unpaused(), executions=execution, resumed_at=now, error=None, stopped_at=None)

    def _unpaused(self) -> "Run":
        return replace(self, state="running" if self.plan else "planned", pause=None) if self.pause else self

    def failed_to_start(self, error: RunError, now: datetime) -> "Run":
        """Whoever asked for it may ask again, with the same request."""
        return replace(self, error=error, state="failed", concluded_at=now, intention="")

    def concluded(self, counts: Counts, *, error: RunError | None, bytes_scanned: Mapping[str, int], cost: Dollars, now: datetime) -> "Run":
        """Ended, well unless there is an error, here or from before, people are left of whom nothing became, or too many were not surely reached."""
        failure = self.error or error or (unfinished(counts) if counts.not_reached else None) or loss(counts)
        return replace(
            self,
            counts=counts,
            error=failure,
            state=_end(failure),
            pause=None,
            bytes_scanned={**self.bytes_scanned, **bytes_scanned},
            cost=cost,
            concluded_at=now,
        )


@dataclass(frozen=True)
class RunsPage:
    """Some runs, the newest first, and the name of the page after them ("" at the end)."""

    runs: Sequence[Run]
    next: str


def new_run_id(campaign_id: str, launched_at: datetime, request: str) -> str:
    """`<campaign>-<yyyymmddThhmmss>-<6 hexadecimal digits of request and moment>`: it sorts by time."""
    digits = hashlib.sha256(f"{request} {launched_at.isoformat()}".encode()).hexdigest()[:6]
    return f"{campaign_id}-{launched_at:%Y%m%dT%H%M%S}-{digits}"


def resumed_run_id(ended: Run) -> str:
    """The id of the run that goes on with one that has ended unwell: whoever asks for it, and how often, it is one run."""
    return new_run_id(ended.campaign.id, ended.concluded_at or ended.launched_at, f"resume {ended.run_id}")


def unfinished(counts: Counts, because: str = "a shard was not delivered to its end") -> RunError:
    """Why a run that left people over has failed."""
    doubt = f", and of {counts.unknown:,} nobody knows" if counts.unknown else ""
    return RunError("unfinished", f"{counts.not_reached:,} people were not reached{doubt}: {because}")


def loss(counts: Counts) -> RunError | None:
    """Why a run has failed that FCM did not take enough of, or of which nobody knows: whoever launches its campaign again goes on with it."""
    away = counts.failed.get(UNAVAILABLE, 0) + counts.failed.get(QUOTA, 0)
    tried = counts.sent + counts.unknown + sum(counts.failed.values())
    if not counts.sent and not counts.unknown and tried - away >= NOBODY:
        reasons = ", ".join(f"{reason} {people:,}" for reason, people in sorted(counts.failed.items(), key=lambda each: -each[1]))
        return RunError("nobody_reached", f"none of the {tried:,} people who were tried got the message: {reasons}")
    if away + counts.unknown <= tried * TOLERATED_LOSS:
        return None
    again = "launch the campaign again, and whoever was reached is skipped"
    lost = f"of {tried:,} people FCM did not take the message for {away:,}"
    if not counts.unknown:
        return RunError("push_unavailable", f"{lost}: {again}")
    doubt = f"{lost}, and of {counts.unknown:,} nobody knows whether they got it"
    told = f"{doubt}: {again}; so are those in doubt, unless it says `when_unsure: resend`"
    return RunError("push_unavailable" if away > counts.unknown else "push_unsure", told)


def _end(failure: RunError | None) -> RunState:
    if failure and failure.code in (ABORTED, PAUSED_TOO_LONG):
        return "aborted"
    return "failed" if failure else "succeeded"
