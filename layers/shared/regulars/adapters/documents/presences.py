"""The document of where somebody is, by places, as JSON text."""

from typing import Final

from pydantic import TypeAdapter

from regulars.domain.places.presence import Presence

_PRESENCE: Final = TypeAdapter(Presence)


def presence_document(presence: Presence) -> str:
    return _PRESENCE.dump_json(presence).decode()


def presence_of(document: str) -> Presence:
    return _PRESENCE.validate_json(document)
