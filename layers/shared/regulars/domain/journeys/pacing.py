"""Messages of one run that would go out at the same moment, and were meant to be apart: after an outage, a pause, the end of quiet hours."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from regulars.domain.journeys.errand import Errand


def apart(messages: Iterable[Errand], now: datetime) -> Mapping[str, datetime]:
    """Until when all but the first of a run wait, by errand, so that between any two of them is as long as between their moments. What is decided for
    one moment goes out together."""
    first: dict[str, datetime] = {}
    wait = {}
    for errand in sorted(messages, key=lambda each: each.at):
        began = first.setdefault(errand.run, errand.at)
        if errand.at > began:
            wait[errand.id] = now + (errand.at - began)
    return wait
