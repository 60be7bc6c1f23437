"""Why nobody is sent to for a while."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Pause:
    """Since when, and who asked for it: nobody, where FCM refuses everybody."""

    at: datetime
    by: str = ""
