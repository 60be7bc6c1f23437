"""Event source mappings: each is switched on or off, by the template first, and then by whoever calls UpdateEventSourceMapping.

https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html. On AWS switching takes up to a minute; here it is done at once. moto
keeps how each of them stands, for whoever asks.
"""

import threading
import time
from collections.abc import Iterable
from typing import Any, Final

from moto.awslambda_simple.models import lambda_simple_backends

from local.resources.model import QueueMapping
from local.resources.site import ACCOUNT, REGION
from local.runtime.lambdas import Lambdas
from local.runtime.pumps import QueuePump

_HONOURED: Final = frozenset({"Enabled", "UUID"})
"""Of an update."""


class Switch:
    """How a mapping stands, as moto keeps it."""

    def __init__(self, uuid: str, enabled: bool) -> None:
        self.uuid, self.enabled = uuid, enabled

    def get_configuration(self) -> dict[str, Any]:
        return {"UUID": self.uuid, "State": "Enabled" if self.enabled else "Disabled"}


def switches() -> dict[str, Any]:
    """By UUID."""
    kept: dict[str, Any] = lambda_simple_backends[ACCOUNT][REGION]._event_source_mappings
    return kept


class QueueMappings:
    """Those of one deployment. Nothing is taken from a queue before `start`, or after `stop`."""

    def __init__(self, mappings: Iterable[QueueMapping], lambdas: Lambdas) -> None:
        self._mappings, self._lambdas = mappings, lambdas
        self._pumps: dict[str, QueuePump] = {}
        self._leaving: list[QueuePump] = []
        self._switching = threading.Lock()

    def start(self) -> None:
        """With those that are switched on: by the template, if nobody has switched them since."""
        for mapping in self._mappings:
            self._pump(mapping, switches().setdefault(mapping.uuid, Switch(mapping.uuid, mapping.enabled)).enabled)

    def updated(self, uuid: str, update: dict[str, Any]) -> Switch | None:
        """None where there is none such. Raises NotImplementedError for what this does not honour."""
        if unknown := update.keys() - _HONOURED:
            raise NotImplementedError(f"of an event source mapping the local cloud changes Enabled alone, not {sorted(unknown)}")
        switch: Switch | None = switches().get(uuid)
        if switch is not None and "Enabled" in update:
            switch.enabled = bool(update["Enabled"])
            self._pump(next(each for each in self._mappings if each.uuid == uuid), switch.enabled)
        return switch

    def stop(self, patience: float) -> None:
        """Takes nothing more from any queue, and waits for running invocations, `patience` seconds in all."""
        with self._switching:
            leaving = [*self._leaving, *self._pumps.values()]
            self._leaving, self._pumps = [], {}
        deadline = time.monotonic() + patience
        for pump in leaving:
            pump.ask_to_stop()
        for pump in leaving:
            pump.stop(max(0.0, deadline - time.monotonic()))

    def _pump(self, mapping: QueueMapping, on: bool) -> None:
        with self._switching:
            if on and mapping.uuid not in self._pumps:
                self._pumps[mapping.uuid] = QueuePump(mapping, self._lambdas)
            elif not on and mapping.uuid in self._pumps:
                pump = self._pumps.pop(mapping.uuid)
                pump.ask_to_stop()
                self._leaving.append(pump)
