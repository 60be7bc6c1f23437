"""A profile's document. It is written as orjson writes the type itself."""

from regulars.adapters.documents import Document
from regulars.domain.people.profile import Device, KnownTrait, Profile


def profile_of(document: Document) -> Profile:
    return Profile(
        document["user_id"],
        {name: KnownTrait(**trait) for name, trait in document.get("traits", {}).items()},
        {name: Device(**device) for name, device in document.get("devices", {}).items()},
    )
