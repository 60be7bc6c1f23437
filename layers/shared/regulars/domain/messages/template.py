"""A message as it was written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

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
    locale: str = ""
    """The language that all this is in, or empty: nobody said."""
    path: str = "message.push"
    """Where it stands in the campaign's document."""
    locales: Mapping[str, "PushTemplate"] = field(default_factory=dict)
    """What it says in other languages, each by the tag that it was given and by no other field than those of texts."""

    def document(self) -> dict[str, Any]:
        """As `fcm.fcm_message` wants it, what is empty left out; in the language of its own."""
        ttl = "" if self.ttl_seconds is None else f"{self.ttl_seconds}s"
        fields = {
            "title": self.title,
            "body": self.body,
            "image": self.image,
            "deep_link": self.deep_link,
            "data": dict(self.data or {}),
            "ttl": ttl,
            "collapse_key": self.collapse_key,
            "priority": self.priority,
            "android": dict(self.android or {}),
            "apns": dict(self.apns or {}),
            "webpush": dict(self.webpush or {}),
        }
        return {name: value for name, value in fields.items() if value not in ("", {})}


def holds_liquid(text: str) -> bool:
    """Whether the text is a template: what it says is not known before it is rendered."""
    return "{{" in text or "{%" in text
