"""Asking FCM whether it takes a campaign's messages, or sending them to one person as a test."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

import orjson

from regulars.domain.campaigns.acceptance import check_messages
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.templates import templates
from regulars.domain.collection.device import PushTarget
from regulars.domain.delivery.gates import ConsentGate
from regulars.domain.documents import JsonObject
from regulars.domain.errors import InvalidRequestError
from regulars.domain.language import unknown
from regulars.domain.messages.checks import NOBODYS_TOPIC, TEST_RUN, TOPIC_LIMIT, CheckedMessage, MessageQuestion, MessagesChecked
from regulars.domain.messages.fcm import payload_bytes
from regulars.domain.messages.marking import marked
from regulars.domain.messages.rendering import Addressee, MessageTemplate, Occasion, Unsendable
from regulars.domain.reasons import NOT_SENT_REASONS
from regulars.ports import Clock, DefinitionStore, DeviceStore, FcmAdmin, ProfileStore
from regulars.usecases.reachable_devices import ReachableDevice, reachable_devices


def check_message(
    question: MessageQuestion, *, definitions: DefinitionStore, profiles: ProfileStore, devices: DeviceStore, fcm: FcmAdmin, clock: Clock
) -> MessagesChecked:
    """Of the campaign's newest version, each variant for each device; for nobody, in each of its languages.

    Raises NotFoundError for an unknown campaign, InvalidRequestError for an unknown variant or person, one without a device, and a test to nobody,
    InvalidCampaignError for what a put would refuse, and what `ports.FcmAdmin` raises.
    """
    if question.send and not question.user_id:
        raise InvalidRequestError("to whom? A test goes to one person's devices", field="user_id")
    definition, now = definitions.get("campaign", question.campaign_id), clock.now()
    check_messages(definition.document)
    campaign = parse_campaign(definition.document)
    messages = templates(campaign)
    if question.variant and question.variant not in messages:
        raise InvalidRequestError(f"the variant {unknown(question.variant, messages)}", field="variant")
    wanted = {variant: messages[variant] for variant in ([question.variant] if question.variant else messages)}
    if question.user_id:
        found = reachable_devices(question.user_id, profiles=profiles, devices=devices)
        readers, unwilling = _parted(found, ConsentGate(campaign.delivery.purpose)) if question.send else (found, ())
        checked = [_checked(variant, template, reader, question.send, fcm, now) for variant, template in wanted.items() for reader in readers]
        checked += [CheckedMessage(variant, device_id, "refused", why, NOT_SENT_REASONS[why]) for variant in wanted for device_id, why in unwilling]
    else:
        checked = [_unsent(variant, template, tag, fcm, now) for variant, template in wanted.items() for tag in ("", *template.languages)]
    return MessagesChecked(question.campaign_id, definition.version, question.send, checked)


def _parted(readers: Sequence[ReachableDevice], consent: ConsentGate) -> tuple[Sequence[ReachableDevice], Sequence[tuple[str, str]]]:
    """Those who take a push, and the ids of the others' devices with why not: a test, too, goes to nobody who said no."""
    against = [(reader, reader.refusal or consent.against(reader.traits)) for reader in readers]
    return [reader for reader, why in against if not why], [(reader.device_id, why) for reader, why in against if why]


def _checked(variant: str, template: MessageTemplate, to: ReachableDevice, send: bool, fcm: FcmAdmin, now: datetime) -> CheckedMessage:
    """For a device."""
    addressee = Addressee(to.user_id, to.target, to.traits, _message_id(variant, to.device_id, now), locale=to.locale)
    made = _made(template, addressee, now)
    if isinstance(made, Unsendable):
        return CheckedMessage(variant, to.device_id, "refused", made.reason, made.because, made.field)
    answer = fcm.send(marked(made)) if send else fcm.validate(made)
    return CheckedMessage(variant, to.device_id, "accepted" if answer.accepted else "refused", answer.code, answer.said, answer.field)


def _unsent(variant: str, template: MessageTemplate, locale: str, fcm: FcmAdmin, now: datetime) -> CheckedMessage:
    """For nobody's."""
    addressee = Addressee("", PushTarget("token", ""), {}, _message_id(variant, locale, now), locale=locale)
    made = _made(template, addressee, now)
    if isinstance(made, Unsendable):
        return CheckedMessage(variant, "", "refused", made.reason, made.because, made.field, locale)
    message = {**{name: value for name, value in made.items() if name != "token"}, "topic": NOBODYS_TOPIC}
    if (size := payload_bytes(message)) > TOPIC_LIMIT:
        why = f"{size} bytes, and FCM takes {TOPIC_LIMIT} where no device is named: name somebody who has one"
        return CheckedMessage(variant, "", "unchecked", message=why, locale=locale)
    answer = fcm.validate(message)
    return CheckedMessage(variant, "", "accepted" if answer.accepted else "refused", answer.code, answer.said, answer.field, locale)


def _made(template: MessageTemplate, to: Addressee, now: datetime) -> JsonObject | Unsendable:
    body = template.render(to, Occasion(TEST_RUN, now, now))
    if isinstance(body, Unsendable):
        return body
    message: JsonObject = orjson.loads(body)["message"]
    return message


def _message_id(variant: str, device_id: str, now: datetime) -> str:
    return hashlib.sha256(f"{TEST_RUN} {variant} {device_id} {now.isoformat()}".encode()).hexdigest()[:32]
