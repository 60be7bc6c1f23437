"""Whom a shard holds back until when: what its calls hand on to each other, so that nobody is looked up again before it is their time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Final

import orjson

LONGEST_REST: Final = timedelta(minutes=15)
"""Whoever is held back for hours is looked after so often: a run that was stopped meanwhile ends by then. 49 hours of it are some 1,800 of the 25,000
events that Step Functions keeps of a child (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html)."""


@dataclass(frozen=True)
class Held:
    """By the place in the shard. `rest_is_done` says that nobody else of it is left."""

    until: Mapping[int, datetime] = field(default_factory=dict)
    rest_is_done: bool = False

    @property
    def earliest(self) -> datetime | None:
        """When the first of them may be sent to; None where there is none."""
        return min(self.until.values(), default=None)

    def waits_at(self, now: datetime) -> datetime | None:
        """Until when there is nothing to do at all."""
        earliest = self.earliest
        return earliest if self.rest_is_done and earliest is not None and earliest > now else None


NOBODY: Final = Held()


def held_document(held: Held) -> bytes:
    """As JSON: places by the second of UTC that they wait for."""
    places: dict[str, list[int]] = {}
    for place, until in sorted(held.until.items()):
        places.setdefault(str(ceil(until.timestamp())), []).append(place)
    return orjson.dumps({"rest_is_done": held.rest_is_done, "places": places})


def held_of(document: bytes) -> Held:
    """What `held_document` wrote."""
    known = orjson.loads(document)
    return Held(
        {place: datetime.fromtimestamp(int(second), UTC) for second, places in known["places"].items() for place in places}, known["rest_is_done"]
    )
