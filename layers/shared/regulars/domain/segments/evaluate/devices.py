"""Whether a push would lead to a person: docs/devices.md, as of a moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from regulars.domain.lake.device_events import DELETIONS, LOGOUTS
from regulars.domain.segments.evaluate.history import DeviceEvent, PersonHistory
from regulars.domain.segments.limits import REACH


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


def reachable(history: PersonHistory, as_of: datetime) -> bool:
    """What was registered longer than REACH ago counts as long as the device is heard of, and is taken to lead there still."""
    devices = _devices([one for one in history.device_events if one.event.at < as_of])
    heard = {one.device_id for one in history.device_events if as_of - REACH <= one.event.at < as_of}
    dead = {one.device_id: one.at for one in sorted(history.dead_targets, key=lambda one: one.at) if as_of - REACH <= one.at < as_of}
    those = [device for device in devices.values() if device.device_id in heard and device.target is not None]
    return any(_leads(device, those, history.user_id) and not _died(device, dead) for device in those)


def _devices(events: Sequence[DeviceEvent]) -> Mapping[str, _Device]:
    found: dict[str, _Device] = {}
    for one in sorted(events, key=lambda one: one.event.order):
        device = replace(found.get(one.device_id, _Device(one.device_id, None)), user_id=_user(one))
        registers = one.target is not None or one.event.name in DELETIONS
        found[one.device_id] = replace(device, registration=one) if registers else device
    return found


def _user(one: DeviceEvent) -> str | None:
    return None if one.event.name in LOGOUTS else one.user_id


def _leads(device: _Device, those: Sequence[_Device], user_id: str) -> bool:
    """To the person, by a target that is no other device's since."""
    same = [other for other in those if other.target == device.target]
    newest = max(same, key=lambda other: other.registration.event.order if other.registration else ())
    return device is newest and device.user_id == user_id and device.registered_by in (None, user_id)


def _died(device: _Device, dead: Mapping[str, datetime]) -> bool:
    found = dead.get(device.device_id)
    return found is not None and device.registration is not None and device.registration.event.at <= found
