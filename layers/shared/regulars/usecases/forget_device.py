"""Taking a dead push token out of its person's profile."""

from regulars.domain.delivery.decision import Ready
from regulars.domain.errors import ConflictError, InfrastructureError
from regulars.ports import ProfileStore

ATTEMPTS = 3


def forget_device(device: Ready, *, profiles: ProfileStore) -> None:
    """One that cannot be taken out now will be found dead again: no trouble is raised."""
    user_id = device.recipient.user_id
    for _ in range(ATTEMPTS):
        try:
            stored = profiles.get_many([user_id]).get(user_id)
            if stored is None:
                return
            kept = stored.value.without_dead_token(device.recipient.device_id, device.token)
            if kept != stored.value:
                profiles.put(kept, expected=stored.version)
            return
        except ConflictError:
            continue
        except InfrastructureError:
            return
