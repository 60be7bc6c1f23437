"""Taking a dead push target away from its device."""

from regulars.domain.delivery.decision import Ready
from regulars.domain.errors import ConflictError, InfrastructureError
from regulars.ports import DeviceStore

ATTEMPTS = 3


def forget_device(dead: Ready, *, devices: DeviceStore) -> None:
    """One that cannot be taken away now will be found dead again: no trouble is raised."""
    device_id = dead.recipient.device_id
    for _ in range(ATTEMPTS):
        try:
            stored = devices.get_many([device_id]).get(device_id)
            if stored is None:
                return
            kept = stored.value.without(dead.target)
            if kept != stored.value:
                devices.put(kept, expected=stored.version)
            return
        except ConflictError:
            continue
        except InfrastructureError:
            return
