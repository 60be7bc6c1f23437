"""Merge what a load learned about devices into what is kept of them."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from regulars.domain.people.device import Device, Sightings
from regulars.ports import DeviceStore, Stored
from regulars.usecases.merge_many import Merged, merge_many


def merge_devices(sightings: Mapping[str, Sightings], *, devices: DeviceStore, time_left: Callable[[], timedelta]) -> Merged:
    """`sightings` by device id. A device of which they say nothing new is not written, unless it was seen long ago."""
    return merge_many(sightings, _merged, store=devices, time_left=time_left)


def _merged(device_id: str, sightings: Sightings, known: Stored[Device] | None) -> Stored[Device] | None:
    seen = sightings.device()
    if known is None:
        return Stored(seen, 0)
    device = known.value.merged(seen)
    return Stored(device, known.version) if device.is_worth_writing_over(known.value) else None
