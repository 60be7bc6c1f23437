"""Asking FCM whether it takes a campaign's messages, or sending them to one person as a test."""

import hashlib
from datetime import datetime

import orjson

from regulars.domain.campaigns.acceptance import check_messages
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.templates import templates
from regulars.domain.collection.device import PushTarget
from regulars.domain.errors import InvalidRequestError
from regulars.domain.language import unknown
from regulars.domain.messages.checks import NOBODYS_TOPIC, TEST_RUN, TOPIC_LIMIT, CheckedMessage, MessageQuestion, MessagesChecked
from regulars.domain.messages.fcm import payload_bytes
from regulars.domain.messages.marking import marked
from regulars.domain.messages.rendering import Addressee, MessageTemplate, Occasion, Unsendable
from regulars.ports import Clock, DefinitionStore, DeviceStore, FcmAdmin, ProfileStore
from regulars.usecases.reachable_devices import ReachableDevice, reachable_devices


def check_message(
    question: MessageQuestion, *, definitions: DefinitionStore, profiles: ProfileStore, devices: DeviceStore, fcm: FcmAdmin, clock: Clock
) -> MessagesChecked:
    """Of the campaign's newest version, each variant for each device.

    Raises NotFoundError for an unknown campaign, InvalidRequestError for an unknown variant or person, one without a device, and a test to nobody,
    InvalidCampaignError for what a put would refuse, and what `ports.FcmAdmin` raises.
    """
    if question.send and not question.user_id:
        raise InvalidRequestError("to whom? A test goes to one person's devices", field="user_id")
    definition, now = definitions.get("campaign", question.campaign_id), clock.now()
    check_messages(definition.document)
    messages = templates(parse_campaign(definition.document))
    if question.variant and question.variant not in messages:
        raise InvalidRequestError(f"the variant {unknown(question.variant, messages)}", field="variant")
    readers = reachable_devices(question.user_id, profiles=profiles, devices=devices) if question.user_id else [None]
    wanted = [question.variant] if question.variant else list(messages)
    checked = [_checked(variant, messages[variant], reader, question.send, fcm, now) for variant in wanted for reader in readers]
    return MessagesChecked(question.campaign_id, definition.version, question.send, checked)


def _checked(variant: str, template: MessageTemplate, to: ReachableDevice | None, send: bool, fcm: FcmAdmin, now: datetime) -> CheckedMessage:
    """For a device, or for nobody's."""
    device_id = to.device_id if to else ""
    body = template.render(_addressee(to, _message_id(variant, device_id, now)), Occasion(TEST_RUN, now, now))
    if isinstance(body, Unsendable):
        return CheckedMessage(variant, device_id, "refused", body.reason, body.because, body.field)
    message = orjson.loads(body)["message"]
    if send:
        message = marked(message)
    if to is None:
        message = {**{name: value for name, value in message.items() if name != "token"}, "topic": NOBODYS_TOPIC}
        if (size := payload_bytes(message)) > TOPIC_LIMIT:
            why = f"{size} bytes, and FCM takes {TOPIC_LIMIT} where no device is named: name somebody who has one"
            return CheckedMessage(variant, "", "unchecked", message=why)
    answer = fcm.send(message) if send else fcm.validate(message)
    return CheckedMessage(variant, device_id, "accepted" if answer.accepted else "refused", answer.code, answer.said, answer.field)


def _addressee(to: ReachableDevice | None, message_id: str) -> Addressee:
    return Addressee(to.user_id, to.target, to.traits, message_id, locale=to.locale) if to else Addressee("", PushTarget("token", ""), {}, message_id)


def _message_id(variant: str, device_id: str, now: datetime) -> str:
    return hashlib.sha256(f"{TEST_RUN} {variant} {device_id} {now.isoformat()}".encode()).hexdigest()[:32]
