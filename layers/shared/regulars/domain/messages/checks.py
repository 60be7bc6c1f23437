"""Asking FCM itself about a campaign's messages: what is asked, and what it says of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from regulars.domain.documents import JsonObject

TOPIC_LIMIT: Final = 2048
"""Bytes of payload that FCM takes for a topic: https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode (INVALID_ARGUMENT)."""

NOBODYS_TOPIC: Final = "regulars-check"
"""A message needs a target to be checked, and a made-up token would be refused for itself. Nobody subscribes to this, and nothing is sent to it."""

TEST_RUN: Final = "test"
"""The `run_id` in a test's data. No run is called so: what the app reports of a test is in no run's report."""


@dataclass(frozen=True)
class MessageQuestion:
    """Rendered for `user_id`, and asked of each of their devices; without one, for somebody of whom nothing is known. `variant`: this one alone, or
    every one. `send`: the devices get it; FCM is only asked otherwise. `document`: a draft of the campaign, in place of what is saved."""

    campaign_id: str
    user_id: str = ""
    variant: str = ""
    send: bool = False
    document: JsonObject | None = None


@dataclass(frozen=True)
class FcmAnswer:
    """What FCM said of one message. Where it refused: its `code`, its sentence, and the `field` that it names, if it names one."""

    accepted: bool
    code: str = ""
    said: str = ""
    field: str = ""


@dataclass(frozen=True)
class CheckedMessage:
    """One variant for one device (`device_id` is empty where nobody's was asked about, and `locale` then the language; empty: the push's own).
    `unchecked`: FCM could not be asked; `message` says why."""

    variant: str
    device_id: str
    outcome: Literal["accepted", "refused", "unchecked"]
    code: str = ""
    message: str = ""
    field: str = ""
    locale: str = ""


@dataclass(frozen=True)
class MessagesChecked:
    """`sent`: what is `accepted` was sent."""

    campaign_id: str
    version: int
    sent: bool
    messages: Sequence[CheckedMessage]
