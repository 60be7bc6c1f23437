"""Whether a recipient is sent to, by what is known of the person at this moment. Caps come after this: they need a write."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from regulars.domain.collection.device import PushTarget
from regulars.domain.delivery.policy import Policy
from regulars.domain.delivery.recipients import Recipient
from regulars.domain.delivery.zones import own_zone
from regulars.domain.documents import JsonObject
from regulars.domain.people.device import NEVER, Device, Registration
from regulars.domain.people.profile import Profile
from regulars.domain.reasons import DEVICE_CHANGED_HANDS, DEVICE_GONE, NO_DEVICE


class Ready(NamedTuple):
    """To be sent to `target`, which leads to the recipient's address since the `registration`; `traits` are what a message may say, `locale` what the
    device told of its language, or empty. What was sent to their `former` user ids was sent to them."""

    recipient: Recipient
    target: PushTarget
    traits: JsonObject
    locale: str = ""
    registration: Registration = NEVER
    former: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Skip:
    """Not to be sent to, for the `reason`."""

    recipient: Recipient
    reason: str


@dataclass(frozen=True, slots=True)
class Hold:
    """Not to be sent to before `until`, and then to be asked about again."""

    recipient: Recipient
    until: datetime


def passed_over(person: Recipient) -> str:
    """Why nothing is sent to them whatever they are like now, or empty."""
    return person.skip_reason or ("" if person.address else NO_DEVICE)


def decide(person: Recipient, profile: Profile | None, device: Device | None, policy: Policy, now: datetime) -> Ready | Skip | Hold:
    """`profile` is the person's and `device` what stands at their address, None where nothing is known of them (any more). The first gate that is
    shut is the reason: the device first, then what the person wants, then their clock."""
    if reason := passed_over(person):
        return Skip(person, reason)
    if device is not None and device.owner != person.user_id:
        return Skip(person, DEVICE_CHANGED_HANDS)
    if profile is None or device is None or device.target is None:
        return Skip(person, DEVICE_GONE)
    traits = profile.values
    if reason := policy.devices.against(device) or policy.consent.against(traits):
        return Skip(person, reason)
    if policy.goes_by_clocks:
        match policy.held_until(now, own_zone(device, traits) or policy.zone):
            case str(shut):
                return Skip(person, shut)
            case datetime() as until:
                return Hold(person, until)
    return Ready(person, device.target, traits, device.use.locale or "", device.registration, profile.former_ids)
