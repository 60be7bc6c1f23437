"""A campaign's messages as one person would get them. Nothing is sent, and nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import orjson

from regulars.domain.campaigns.arms import arm_of
from regulars.domain.campaigns.campaign import Campaign
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.run import new_run_id
from regulars.domain.campaigns.templates import templates
from regulars.domain.collection.device import PushTarget
from regulars.domain.delivery.global_control import HELD_OUT
from regulars.domain.delivery.outcomes import message_id
from regulars.domain.documents import JsonObject
from regulars.domain.errors import InvalidRequestError
from regulars.domain.language import unknown
from regulars.domain.messages.fcm import payload_bytes
from regulars.domain.messages.rendering import Addressee, MessageTemplate, Occasion, Unsendable
from regulars.domain.people.profile import Profile
from regulars.domain.reasons import NOT_SENT_REASONS
from regulars.domain.settings import Settings
from regulars.ports import Clock, DefinitionStore, DeviceStore, ProfileStore
from regulars.usecases.current_settings import current_settings
from regulars.usecases.whole_profiles import whole_profiles


@dataclass(frozen=True)
class RenderedMessage:
    """One variant for one device (`device_id` is empty for somebody who has none). `own`: it is the variant that the campaign gives this person.
    `message` is FCM's without its target, of `bytes` that count against FCM's limit; where there is none, `reason` and `because` say why, and `field`
    which text is at fault."""

    variant: str
    own: bool
    device_id: str
    outcome: Literal["rendered", "failed"]
    message: JsonObject
    bytes: int = 0
    reason: str = ""
    field: str = ""
    because: str = ""


@dataclass(frozen=True)
class Rendered:
    """`arm` is empty for nobody in particular, `control` for whoever the campaign holds back, `global control` for whoever is held out of
    all campaigns now."""

    campaign_id: str
    version: int
    user_id: str
    arm: str
    messages: Sequence[RenderedMessage]


def render_message(
    campaign_id: str,
    user_id: str,
    variant: str = "",
    locale: str = "",
    *,
    definitions: DefinitionStore,
    profiles: ProfileStore,
    devices: DeviceStore,
    clock: Clock,
) -> Rendered:
    """Of the campaign's newest version, each variant, or one, for each device that is the person's now; without a `user_id` for somebody of whom
    nothing is known. `locale`: as if that was the language of each device.

    Raises NotFoundError for an unknown campaign, InvalidRequestError for an unknown person or variant, InvalidCampaignError for what a put would
    refuse, and StoreUnavailableError."""
    definition, now = definitions.get("campaign", campaign_id), clock.now()
    campaign = parse_campaign(definition.document)
    known = templates(campaign)
    if variant and variant not in known:
        raise InvalidRequestError(f"the variant {unknown(variant, known)}", field="variant")
    profile = _profile(user_id, profiles) if user_id else Profile("")
    arm = _arm(campaign, user_id, current_settings(definitions), now) if user_id else ""
    run_id = new_run_id(campaign_id, now, "render")
    wanted = {variant: known[variant]} if variant else known
    messages = [
        _rendered(
            name,
            arm,
            template,
            device_id,
            Addressee(user_id, target, profile.values, message_id(run_id, user_id, device_id), locale=locale or its_own),
            run_id,
            now,
        )
        for name, template in wanted.items()
        for device_id, target, its_own in _targets(profile, devices)
    ]
    return Rendered(campaign_id, definition.version, user_id, arm, messages)


def _profile(user_id: str, profiles: ProfileStore) -> Profile:
    found = whole_profiles([user_id], profiles=profiles).get(user_id)
    if found is None:
        raise InvalidRequestError(f"there is no profile of {user_id!r}", field="user_id")
    return found


def _arm(campaign: Campaign, user_id: str, settings: Settings, now: datetime) -> str:
    group = settings.global_control(now, campaign.delivery.purpose)
    return HELD_OUT if group and group.holds(user_id) else arm_of(campaign, user_id)


def _targets(profile: Profile, devices: DeviceStore) -> Sequence[tuple[str, PushTarget, str]]:
    """The ids of those that a push would go to, what leads there and their language; of somebody without any, one that is nowhere."""
    known = [stored.value for stored in devices.get_many(sorted(profile.devices)).values()]
    found = [(each.device_id, each.target, each.use.locale or "") for each in known if each.owner == profile.user_id and each.target]
    return found or [("", PushTarget("token", ""), "")]


def _rendered(variant: str, arm: str, template: MessageTemplate, device_id: str, to: Addressee, run_id: str, now: datetime) -> RenderedMessage:
    made = template.render(to, Occasion(run_id, now, now))
    if isinstance(made, Unsendable):
        because = made.because or NOT_SENT_REASONS[made.reason]
        return RenderedMessage(variant, variant == arm, device_id, "failed", {}, reason=made.reason, field=made.field, because=because)
    message: Mapping[str, object] = orjson.loads(made)["message"]
    shown = {name: value for name, value in message.items() if name != to.target.kind}
    return RenderedMessage(variant, variant == arm, device_id, "rendered", shown, payload_bytes(shown))
