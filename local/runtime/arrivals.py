"""What arrives, for whoever watches: counted from the metrics that functions print, the last event read from the lake's newest raw object."""

import gzip
import json
import threading
from collections.abc import Iterable
from dataclasses import dataclass

from moto.s3.models import FakeKey, s3_backends

from local.resources.site import ACCOUNT
from local.runtime.metrics import EMBEDDED

RAW_EVENTS = "raw/events/"


@dataclass(frozen=True, slots=True)
class Arrived:
    """Since the start: events accepted and events refused later. `last` says which was the last one loaded; empty if there is none."""

    events: int = 0
    quarantined: int = 0
    last: str = ""


class Arrivals:
    """Listens to functions."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts = {"EventsAccepted": 0, "EventsQuarantined": 0}
        self._newest = self._last = ""

    def hear(self, lines: Iterable[str]) -> None:
        """What a function printed."""
        for line in lines:
            if line.startswith(EMBEDDED):
                counted = json.loads(line)
                with self._lock:
                    for name in self._counts:
                        self._counts[name] += int(counted.get(name, 0))

    def so_far(self, bucket: str) -> Arrived:
        """`bucket` is the lake's."""
        with self._lock:
            events, quarantined = self._counts.values()
        return Arrived(events, quarantined, self._last_event(bucket))

    def _last_event(self, bucket: str) -> str:
        keys = s3_backends[ACCOUNT]["aws"].get_bucket(bucket).keys
        newest = next((name for name in reversed(list(keys)) if name.startswith(RAW_EVENTS)), "")
        found = keys.get(newest)
        if newest != self._newest and isinstance(found, FakeKey):
            event = json.loads(gzip.decompress(found.value).splitlines()[-1])
            name = event.get("other_name") or event["event_name"]
            self._newest, self._last = newest, f"{name} by {event.get('user_id') or event.get('anonymous_id')}"
        return self._last
