"""A device's document. It is written as orjson writes the type itself."""

from regulars.adapters.documents import Document
from regulars.domain.collection.device import PushTarget
from regulars.domain.people.device import Device, Registration, Use


def device_of(document: Document) -> Device:
    said: Document = document["registration"]
    registration = Registration(**{**said, "target": PushTarget(**said["target"]) if said["target"] else None})
    use: Document = document["use"]
    earlier = {name: (at, tie) for name, (at, tie) in use.get("earlier", {}).items()}
    return Device(document["device_id"], Use(**{**use, "earlier": earlier}), registration)
