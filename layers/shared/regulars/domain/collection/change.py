"""What one event says about a person."""

from dataclasses import dataclass

from regulars.domain.documents import JsonObject


@dataclass(frozen=True, slots=True)
class Change:
    """`at` is the event's own time, ISO 8601 UTC with milliseconds; traits are those of an identify."""

    user_id: str
    at: str
    traits: JsonObject
    device_id: str | None = None
    token: str | None = None
    platform: str | None = None
