"""What one person has behind them: the input of `evaluate`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from regulars.domain.segments.rule import EventClause


@dataclass(frozen=True, slots=True)
class PastEvent:
    """One event of a person, with `properties`, `traits` and `context` as the JSON texts that the lake keeps. `name` is its own name, wherever it
    lies (`lake.event_names`); `received` is None where only the order of `at` is known."""

    message_id: str
    name: str
    at: datetime
    type: str = "track"
    properties: str | None = None
    traits: str | None = None
    context: str | None = None
    received: datetime | None = None
    place: int | None = None

    @property
    def order(self) -> tuple[datetime, datetime, int, str]:
        """Which of two events is later (`lake.order`)."""
        return self.at, self.received or self.at, self.place or 0, self.message_id


@dataclass(frozen=True, slots=True)
class PastDelivery:
    """What became of one push of a run to one of a person's devices: `outcome` is sent, failed or another word of `deliveries`."""

    run_id: str
    campaign_id: str
    outcome: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DeviceEvent:
    """An event of a device. `user_id` is whom it names, `target` what leads to the device by it: its installation id, else its token."""

    event: PastEvent
    device_id: str
    user_id: str | None = None
    target: str | None = None


@dataclass(frozen=True, slots=True)
class DeadTarget:
    """When FCM called the target of a device dead."""

    device_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's place, from 1 on, among the `people` who are ranked by what a clause asks: the greatest comes first."""

    place: int
    people: int


@dataclass(frozen=True, slots=True)
class PersonHistory:
    """One person: the events, and the pushes, of all the ids that were theirs as of the moment that will be asked about. `first_seen` is when an
    event named them for the first time; None where that has never happened, or where they were another person by then.

    `device_events` are those of every device that was theirs, and of others with the same targets, whoever used them. `standings` say how they rank
    among all others, which no life can tell by itself: a clause without one is unknown.

    It may be shorter than a life: a rule is judged as over all of it where it holds every event that the rule asks about.
    """

    user_id: str
    first_seen: datetime | None
    events: tuple[PastEvent, ...] = ()
    deliveries: tuple[PastDelivery, ...] = ()
    device_events: tuple[DeviceEvent, ...] = ()
    dead_targets: tuple[DeadTarget, ...] = ()
    standings: Mapping[EventClause, Standing] = field(default_factory=dict)

    def known(self, as_of: datetime) -> bool:
        """Whether anything can be said of them."""
        return self.first_seen is not None and self.first_seen < as_of
