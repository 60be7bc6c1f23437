"""How whatever sends wants it to be delivered: campaigns and journeys say it in the same words."""

from dataclasses import dataclass
from typing import Literal

from regulars.domain.delivery.caps import Cap
from regulars.domain.delivery.quiet_hours import QuietHours

WhenUnsure = Literal["skip", "resend"]


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
