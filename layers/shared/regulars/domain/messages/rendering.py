"""A push, rendered for one device. The texts are Liquid (`liquid`); the form is FCM's (`fcm`)."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from regulars.domain.collection.device import PushTarget
from regulars.domain.documents import JsonObject
from regulars.domain.messages.fcm import PAYLOAD_LIMIT, fcm_message, payload_bytes
from regulars.domain.messages.liquid import LiquidTree, RenderError
from regulars.domain.messages.template import PushTemplate
from regulars.domain.messages.visible import shows_something
from regulars.domain.reasons import EMPTY_MESSAGE, MESSAGE_TOO_LARGE, RENDER_FAILED

MAX_COLLAPSE_ID_BYTES = 64
"""apns-collapse-id "must not exceed 64 bytes"
(https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns)."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who is told, on which device; `message_id` names this message to the app, and with it in reports. `repeats` is the id of the first message that
    this one may repeat, where that is another."""

    user_id: str
    target: PushTarget
    traits: JsonObject
    message_id: str
    repeats: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a message belongs to: what its texts may say of it, and what the app reports it by."""

    campaign_id: str
    name: str
    variant: str


@dataclass(frozen=True, slots=True)
class Occasion:
    """When and for which run a message is rendered."""

    run_id: str
    planned_at: dt.datetime
    now: dt.datetime


@dataclass(frozen=True, slots=True)
class Unsendable:
    """This addressee is not sent this message, for the `reason`: it cannot be made for them, or nobody is sent one."""

    reason: str
    outcome: Literal["failed", "skipped"] = "failed"


class MessageTemplate:
    """A message, its texts parsed once. Raises InvalidCampaignError, naming the field under `path`."""

    def __init__(self, push: PushTemplate, origin: Origin, *, replaces_itself: bool, path: str) -> None:
        """`replaces_itself`: should it go out twice, the second replaces the first on the device."""
        self._origin = origin
        self._replaces_itself = replaces_itself
        self._ttl = push.ttl_seconds
        document = push.document()
        self._is_seen = shows_something(document)
        self._tree = LiquidTree(document, path)

    def render(self, to: Addressee, occasion: Occasion) -> bytes | Unsendable:
        """The request body for one device."""
        try:
            push = self._tree.render(self._names(to, occasion), now=occasion.now)
        except RenderError:
            return Unsendable(RENDER_FAILED)
        if self._is_seen and not shows_something(push):
            return Unsendable(EMPTY_MESSAGE)
        self._complete(push, to.repeats or to.message_id, occasion.now)
        message = fcm_message(push, to.target, {**self._tracking(occasion), "message_id": to.message_id})
        if payload_bytes(message) > PAYLOAD_LIMIT:
            return Unsendable(MESSAGE_TOO_LARGE)
        return orjson.dumps({"message": message})

    def _names(self, to: Addressee, occasion: Occasion) -> dict[str, dict[str, Any]]:
        ours = {"id": self._origin.campaign_id, "name": self._origin.name, "run_id": occasion.run_id, "variant": self._origin.variant}
        return {
            "person": {"user_id": to.user_id, "traits": to.traits},
            "campaign": {**ours, "planned_at": occasion.planned_at},
        }

    def _tracking(self, occasion: Occasion) -> dict[str, str]:
        return {"campaign_id": self._origin.campaign_id, "run_id": occasion.run_id, "variant": self._origin.variant}

    def _complete(self, push: dict[str, Any], first_id: str, now: dt.datetime) -> None:
        """What depends on the moment or on the message itself."""
        if self._replaces_itself and not push.get("collapse_key"):
            push["collapse_key"] = first_id
        headers: dict[str, str] = {}
        if self._ttl is not None:
            headers["apns-expiration"] = str(int(now.timestamp()) + self._ttl) if self._ttl else "0"
        if len(push.get("collapse_key", "").encode()) > MAX_COLLAPSE_ID_BYTES:
            headers["apns-collapse-id"] = hashlib.sha256(push["collapse_key"].encode()).hexdigest()[:32]
        if headers:
            apns = push.get("apns", {})
            push["apns"] = {**apns, "headers": {**headers, **apns.get("headers", {})}}
