"""A profile's document. It is written as orjson writes the type itself."""

from regulars.adapters.documents import Document
from regulars.domain.people.profile import Profile
from regulars.domain.people.traits import trait_of


def profile_of(document: Document) -> Profile:
    devices: Document = document.get("devices", {})
    return Profile(
        document["user_id"],
        {name: trait_of(trait) for name, trait in document.get("traits", {}).items()},
        # A version before kept the device itself here.
        {name: known if isinstance(known, str) else known["at"] for name, known in devices.items()},
        document.get("linked", {}),
    )
