"""A campaign that has been checked: nothing in here can be wrong in form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from regulars.domain.campaigns.schedule import Schedule
from regulars.domain.delivery.global_control import HELD_OUT
from regulars.domain.delivery.options import DeliveryOptions
from regulars.domain.goals import Goal
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


@dataclass(frozen=True)
class Variant:
    """One way of saying it. `weight` is its share of the people outside the control group, relative to the other variants."""

    id: str
    weight: int
    push: PushTemplate


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
