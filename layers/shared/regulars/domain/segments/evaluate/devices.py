"""Whether a push would lead to a person: docs/devices.md, as of a moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from regulars.domain.lake.device_events import DELETIONS, LOGOUTS
from regulars.domain.language import shown
from regulars.domain.segments.evaluate.history import DeviceEvent, PersonHistory
from regulars.domain.segments.limits import REACH
from regulars.domain.segments.phrases import quoted


@dataclass(frozen=True)
class _Device:
    """Who uses it, and the latest event that says what leads to it."""

    device_id: str
    user_id: str | None
    registration: DeviceEvent | None = None

    @property
    def target(self) -> str | None:
        return self.registration.target if self.registration else None

    @property
    def registered_by(self) -> str | None:
        return _user(self.registration) if self.registration else None


@dataclass(frozen=True)
class Standing:
    """How a device that a person used, or that was registered for them, stands to them: `against` says why no push would lead to them by it."""

    device_id: str
    since: datetime
    against: str = ""


def reachable(history: PersonHistory, as_of: datetime) -> bool:
    """What was registered longer than REACH ago counts as long as the device is heard of, and is taken to lead there still."""
    return any(not standing.against for standing in standings(history, as_of))


def standings(history: PersonHistory, as_of: datetime) -> list[Standing]:
    """Of each device with a target that is heard of and has to do with them."""
    devices = _devices([one for one in history.device_events if one.event.at < as_of])
    heard = {one.device_id for one in history.device_events if as_of - REACH <= one.event.at < as_of}
    dead = {one.device_id: one.at for one in sorted(history.dead_targets, key=lambda one: one.at) if as_of - REACH <= one.at < as_of}
    those = [device for device in devices.values() if device.device_id in heard and device.target is not None]
    return [
        Standing(device.device_id, device.registration.event.at, _against(device, those, dead, history.user_id))
        for device in those
        if device.registration is not None and history.user_id in (device.user_id, device.registered_by)
    ]


def _devices(events: Sequence[DeviceEvent]) -> Mapping[str, _Device]:
    found: dict[str, _Device] = {}
    for one in sorted(events, key=lambda one: one.event.order):
        device = replace(found.get(one.device_id, _Device(one.device_id, None)), user_id=_user(one))
        registers = one.target is not None or one.event.name in DELETIONS
        found[one.device_id] = replace(device, registration=one) if registers else device
    return found


def _user(one: DeviceEvent) -> str | None:
    return None if one.event.name in LOGOUTS else one.user_id


def _against(device: _Device, those: Sequence[_Device], dead: Mapping[str, datetime], user_id: str) -> str:
    if device.user_id != user_id:
        return "nobody uses it" if device.user_id is None else f"it is used by {quoted(device.user_id)}"
    if device.registered_by not in (None, user_id):
        return f"what leads to it was registered for {quoted(device.registered_by or '')}"
    newest = max((other for other in those if other.target == device.target), key=_registered)
    if newest is not device:
        return f"what leads to it leads to device {newest.device_id} since"
    found = dead.get(device.device_id)
    return f"FCM called what leads to it dead at {shown(found)}" if found is not None and _registered(device)[0] <= found else ""


def _registered(device: _Device) -> tuple[datetime, datetime, int, str]:
    assert device.registration is not None, "only devices with a target are compared"
    return device.registration.event.order
