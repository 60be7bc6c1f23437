"""A push, rendered for one device. The texts are Liquid (`liquid`); the form is FCM's (`regulars.domain.messages.fcm`)."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from regulars.domain.campaigns.campaign import Campaign, PushTemplate, Variant
from regulars.domain.campaigns.outcomes import MESSAGE_TOO_LARGE, RENDER_FAILED
from regulars.domain.messages.fcm import PAYLOAD_LIMIT, fcm_message, payload_bytes
from regulars.domain.messages.liquid import LiquidTree, RenderError

MESSAGE_ID_LENGTH = 32
MAX_COLLAPSE_ID_BYTES = 64
"""apns-collapse-id "must not exceed 64 bytes"
(https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns)."""


class UnsendableError(Exception):
    """This recipient cannot be sent this message, for the `reason`. Data, not a failure: it never leaves `deliver`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Recipient:
    """One device of one person, or the person alone where there is none (empty `device_id` and `token`)."""

    user_id: str
    arm: str
    traits: Mapping[str, Any]
    device_id: str = ""
    token: str = ""


@dataclass(frozen=True)
class Occasion:
    """When and for which run a message is rendered."""

    run_id: str
    planned_at: dt.datetime
    now: dt.datetime


def message_id(run_id: str, user_id: str, device_id: str) -> str:
    """32 hexadecimal digits: the same for the same run, person and device, whoever computes it and however often."""
    return hashlib.sha256("\0".join((run_id, user_id, device_id)).encode()).hexdigest()[:MESSAGE_ID_LENGTH]


class MessageTemplate:
    """One variant's message, its texts parsed once. Raises InvalidCampaignError, naming the field under `path`."""

    def __init__(self, campaign: Campaign, variant: Variant, *, path: str = "message.push") -> None:
        self._campaign = campaign
        self._variant = variant.id
        self._ttl = variant.push.ttl_seconds
        self._tree = LiquidTree(_document(variant.push), path)

    def render(self, person: Recipient, occasion: Occasion) -> bytes:
        """The request body for one device. Raises UnsendableError."""
        identity = message_id(occasion.run_id, person.user_id, person.device_id)
        try:
            push = self._tree.render(self._names(person, occasion), now=occasion.now)
        except RenderError as error:
            raise UnsendableError(RENDER_FAILED) from error
        self._complete(push, identity, occasion.now)
        message = fcm_message(push, person.token, {**self._tracking(occasion), "message_id": identity})
        if payload_bytes(message) > PAYLOAD_LIMIT:
            raise UnsendableError(MESSAGE_TOO_LARGE)
        return orjson.dumps({"message": message})

    def _names(self, person: Recipient, occasion: Occasion) -> dict[str, Any]:
        ours = {
            "id": self._campaign.id,
            "name": self._campaign.name,
            "run_id": occasion.run_id,
            "variant": self._variant,
        }
        return {
            "person": {"user_id": person.user_id, "traits": person.traits},
            "campaign": {**ours, "planned_at": occasion.planned_at},
        }

    def _tracking(self, occasion: Occasion) -> dict[str, str]:
        return {"campaign_id": self._campaign.id, "run_id": occasion.run_id, "variant": self._variant}

    def _complete(self, push: dict[str, Any], identity: str, now: dt.datetime) -> None:
        """What depends on the moment or on the message itself."""
        if self._campaign.delivery.when_unsure == "resend" and not push.get("collapse_key"):
            push["collapse_key"] = identity  # a push that may go out twice replaces itself on the device
        headers: dict[str, str] = {}
        if self._ttl is not None:
            headers["apns-expiration"] = str(int(now.timestamp()) + self._ttl) if self._ttl else "0"
        if len(push.get("collapse_key", "").encode()) > MAX_COLLAPSE_ID_BYTES:
            headers["apns-collapse-id"] = message_id("", "", push["collapse_key"])
        if headers:
            apns = push.get("apns", {})
            push["apns"] = {**apns, "headers": {**headers, **apns.get("headers", {})}}


def templates(campaign: Campaign) -> dict[str, MessageTemplate]:
    """The message of each variant, by its id. Raises InvalidCampaignError for the first text that cannot be rendered for anybody."""
    alone = len(campaign.variants) == 1
    return {
        variant.id: MessageTemplate(campaign, variant, path="message.push" if alone else f"variants.{variant.id}.message.push")
        for variant in campaign.variants
    }


def _document(push: PushTemplate) -> dict[str, Any]:
    """The push as `fcm_message` wants it, what is empty left out."""
    ttl = "" if push.ttl_seconds is None else f"{push.ttl_seconds}s"
    fields = {
        "title": push.title,
        "body": push.body,
        "image": push.image,
        "deep_link": push.deep_link,
        "data": dict(push.data or {}),
        "ttl": ttl,
        "collapse_key": push.collapse_key,
        "priority": push.priority,
        "android": dict(push.android or {}),
        "apns": dict(push.apns or {}),
        "webpush": dict(push.webpush or {}),
    }
    return {name: value for name, value in fields.items() if value not in ("", {})}
