"""Who hears an FCM topic: https://firebase.google.com/docs/cloud-messaging/manage-topic-subscriptions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from regulars.domain.errors import InvalidRequestError

_TOPIC: Final = re.compile(r"[a-zA-Z0-9\-_.~]{1,900}")
"""As FCM and firebase-admin 7.7.0 take it, but for %: that is what other letters become on the way here, and would be another topic."""


@dataclass(frozen=True)
class TopicChange:
    """`subscribe`: the person's devices are to hear the topic; or not any more."""

    topic: str
    user_id: str
    subscribe: bool

    def check(self) -> None:
        """Raises InvalidRequestError."""
        if not _TOPIC.fullmatch(self.topic):
            raise InvalidRequestError("1 to 900 letters, digits, -, _, . and ~ make a topic's name", field="topic")
        if not self.user_id:
            raise InvalidRequestError("whose devices?", field="user_id")


@dataclass(frozen=True)
class ChangedDevice:
    """`code` is FCM's where it refused, and empty where it is done."""

    device_id: str
    code: str = ""


@dataclass(frozen=True)
class TopicChanged:
    topic: str
    user_id: str
    subscribed: bool
    devices: Sequence[ChangedDevice]
