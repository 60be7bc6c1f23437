"""A profile's document. It is written as orjson writes the type itself."""

from regulars.adapters.documents import Document
from regulars.domain.people.profile import Profile
from regulars.domain.people.traits import KeptTraits


def profile_of(document: Document) -> Profile:
    devices: Document = document.get("devices", {})
    return Profile(
        document["user_id"],
        KeptTraits(document.get("traits", {})),
        # A version before kept the device itself here.
        {name: known if isinstance(known, str) else known["at"] for name, known in devices.items()},
        document.get("linked", {}),
    )
