"""The devices that a push for somebody reaches now."""

from collections.abc import Sequence
from dataclasses import dataclass

from regulars.domain.collection.device import PushTarget
from regulars.domain.delivery.gates import ANY_DEVICE
from regulars.domain.documents import JsonObject
from regulars.domain.errors import InvalidRequestError
from regulars.ports import DeviceStore, ProfileStore
from regulars.usecases.whole_profiles import whole_profiles


@dataclass(frozen=True)
class ReachableDevice:
    """`traits` are the person's: what a message for them may say; `locale` is what the device told of its language, or empty. `refusal` is why it
    takes no push (`delivery.gates`), or empty."""

    user_id: str
    device_id: str
    target: PushTarget
    traits: JsonObject
    locale: str = ""
    refusal: str = ""


def reachable_devices(user_id: str, *, profiles: ProfileStore, devices: DeviceStore) -> Sequence[ReachableDevice]:
    """Those that are theirs and that something leads to (`delivery.decision`), at least one. Raises InvalidRequestError."""
    profile = whole_profiles([user_id], profiles=profiles).get(user_id)
    if profile is None:
        raise InvalidRequestError(f"there is no profile of {user_id!r}", field="user_id")
    known = [stored.value for stored in devices.get_many(sorted(profile.devices)).values()]
    traits = profile.values
    found = [
        ReachableDevice(user_id, each.device_id, each.target, traits, each.use.locale or "", ANY_DEVICE.against(each))
        for each in known
        if each.owner == user_id and each.target is not None
    ]
    if not found:
        raise InvalidRequestError(
            f"{user_id!r} has no device that a push reaches: `regulars profile get` shows what is known of theirs", field="user_id"
        )
    return found
