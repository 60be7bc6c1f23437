"""When a person is left in peace: hours of their own clock, every day."""

from dataclasses import dataclass
from datetime import time
from typing import Literal

Otherwise = Literal["hold", "drop"]


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` (included) to `end` (not), over midnight where `end` is not later. Who would get a push meanwhile gets it afterwards (`hold`) or
    not at all (`drop`)."""

    start: time
    end: time
    otherwise: Otherwise = "hold"
