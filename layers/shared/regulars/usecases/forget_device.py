"""Taking a dead push target away from its device, unless the device was registered since."""

from regulars.domain.errors import ConflictError, InfrastructureError
from regulars.domain.people.device import Registration
from regulars.ports import DeviceStore

ATTEMPTS = 3


def forget_device(device_id: str, dead: Registration, *, devices: DeviceStore) -> None:
    """`dead` is what led to it when the push was decided. One that cannot be taken away now will be found dead again: no trouble is raised."""
    for _ in range(ATTEMPTS):
        try:
            stored = devices.get_many([device_id]).get(device_id)
            if stored is None:
                return
            kept = stored.value.without(dead)
            if kept != stored.value:
                devices.put(kept, expected=stored.version)
            return
        except ConflictError:
            continue
        except InfrastructureError:
            return
