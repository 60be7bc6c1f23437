"""Having a person's devices hear an FCM topic, or not any more."""

from regulars.domain.messages.topics import ChangedDevice, TopicChange, TopicChanged
from regulars.ports import DeviceStore, FcmAdmin, ProfileStore
from regulars.usecases.reachable_devices import reachable_devices


def change_topic(change: TopicChange, *, profiles: ProfileStore, devices: DeviceStore, fcm: FcmAdmin) -> TopicChanged:
    """Asking for what is so already changes nothing. Raises InvalidRequestError for no topic, an unknown person and one without a device, and what
    `ports.FcmAdmin` raises."""
    change.check()
    reached = reachable_devices(change.user_id, profiles=profiles, devices=devices)
    codes = fcm.change_topic(change.topic, [device.target.value for device in reached], subscribe=change.subscribe)
    changed = [ChangedDevice(device.device_id, code) for device, code in zip(reached, codes, strict=True)]
    return TopicChanged(change.topic, change.user_id, change.subscribe, changed)
