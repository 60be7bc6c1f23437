"""When a campaign is launched by itself, for people: `Thu 3 Dec 2026 18:00 +01:00`."""

from collections.abc import Sequence
from datetime import datetime

OWN_CLOCK = "on each person's own clock"


def shown(moment: str) -> str:
    """What a clock shows, and by which. What is no moment (of a later version of the API, say) stays as it came."""
    try:
        read = datetime.fromisoformat(moment)
    except ValueError:
        return moment
    return f"{read:%a} {read.day} {read:%b %Y %H:%M} {read.isoformat()[-6:] if read.tzinfo else OWN_CLOCK}"


def lines(moments: Sequence[str]) -> list[str]:
    """The next occurrences, each in a line; nothing where there is none."""
    return [f"{'next:' if place == 0 else '':5} {shown(moment)}" for place, moment in enumerate(moments)]
