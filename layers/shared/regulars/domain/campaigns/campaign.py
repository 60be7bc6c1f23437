"""A campaign that has been checked: nothing in here can be wrong in form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Literal, get_args

from regulars.domain.campaigns.schedule import Schedule
from regulars.domain.delivery.caps import Cap
from regulars.domain.delivery.global_control import HELD_OUT
from regulars.domain.delivery.quiet_hours import QuietHours
from regulars.domain.messages.template import PushTemplate

CONTROL = "control"
"""The arm that never gets a message, in every campaign."""

TREATED = "treated"
"""The arm of a campaign that names no variants."""

UNTREATED: Final = frozenset({CONTROL, HELD_OUT})
"""Where nobody gets a message: held back by the campaign, or held out of all of them."""

Guardrail = Literal["unsubscribed", "uninstalled", "complained"]
"""What a message should not make happen (`measure.guardrails`)."""

GUARDRAILS: Final[tuple[Guardrail, ...]] = get_args(Guardrail)

WhenUnsure = Literal["skip", "resend"]


@dataclass(frozen=True)
class Variant:
    """One way of saying it. `weight` is its share of the people outside the control group, relative to the other variants."""

    id: str
    weight: int
    push: PushTemplate


@dataclass(frozen=True)
class Goal:
    """What counts as success: the event, how long after the planned moment, and where in its properties the money is (or nowhere)."""

    event: str
    within: timedelta
    value: tuple[str, ...] = ()
    """Names from the outside in, as in a segment's `property`."""
    currency: str = ""
    """ISO 4217: what the value of events in another one is left out for. Empty where all are added up, whatever they are in."""


@dataclass(frozen=True)
class DeliveryOptions:
    """How fast, what becomes of a push of which nobody knows whether it went out, and what each person is promised."""

    per_second: float = 8000.0
    when_unsure: WhenUnsure = "skip"
    quiet_hours: QuietHours | None = None
    cap: Cap | None = None
    purpose: str = ""
    """What consent was asked for; empty where none was."""
    priority: int = 5
    """1 to 10; the higher one goes first."""


@dataclass(frozen=True)
class Campaign:
    id: str
    name: str
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    variants: tuple[Variant, ...]
    control_buckets: int
    """How many of the 10,000 buckets are the control group: a hundred times the per cent."""
    goal: Goal | None
    delivery: DeliveryOptions
    schedule: Schedule | None = None
    """When it launches by itself; None where somebody has to."""
    guardrails: Mapping[Guardrail, tuple[str, ...]] = field(default_factory=dict)
    """Names of events that tell of each guard-rail (GUARDRAILS), beside those that always do."""

    @property
    def segments(self) -> tuple[str, ...]:
        """Every segment that the audience names."""
        return (*self.include, *self.exclude)
