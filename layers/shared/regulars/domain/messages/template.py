"""A message as it was written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from regulars.domain.documents import JsonObject


@dataclass(frozen=True)
class PushTemplate:
    """The push of one variant. Every text may hold Liquid; an empty text means that the field is left out."""

    title: str = ""
    body: str = ""
    image: str = ""
    deep_link: str = ""
    data: Mapping[str, str] | None = None
    ttl_seconds: int | None = None
    """How long FCM and the platforms may keep the message for a device that is away; None: FCM's four weeks."""
    collapse_key: str = ""
    priority: Literal["", "normal", "high"] = ""
    android: JsonObject | None = None
    apns: JsonObject | None = None
    webpush: JsonObject | None = None
