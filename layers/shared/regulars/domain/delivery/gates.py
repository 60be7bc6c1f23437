"""What stands between a run and a device, and between a run and a person's wishes: made from the campaign and the settings (`campaigns.promises`)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

from regulars.domain.collection.consents import CHANNEL, EVERYTHING, TRANSACTIONAL
from regulars.domain.documents import JsonObject
from regulars.domain.people.consents import ConsentTo
from regulars.domain.people.device import Device
from regulars.domain.reasons import DEVICE_EXPIRED, NO_CONSENT, NOTIFICATIONS_OFF, OPTED_OUT, STALE_DEVICE

EXPIRED_AFTER: Final = timedelta(days=270)
"""Android's registrations that have not connected for so long are rejected, and never good again; Apple's have no such end
(https://firebase.google.com/docs/cloud-messaging/manage-tokens)."""


@dataclass(frozen=True)
class DeviceGate:
    """`moment` is the run's: what is stale is judged as of then, so that a rehearsal on history reaches whom it would have reached. Nothing is stale
    where there is none."""

    moment: datetime | None = None
    stale_after: timedelta = timedelta(days=30)

    def against(self, device: Device) -> str:
        """Why nothing is sent to the device, or empty. One of which nobody knows when it was seen is taken to be there."""
        if device.use.push_enabled is False:
            return NOTIFICATIONS_OFF
        seen = device.last_seen
        if self.moment is None or seen is None:
            return ""
        if self.moment - seen >= EXPIRED_AFTER and device.use.platform == "android":
            return DEVICE_EXPIRED
        return STALE_DEVICE if self.moment - seen > self.stale_after else ""


@dataclass(frozen=True)
class ConsentGate:
    """`purpose` is what a message is for, empty where that is not said; `needs_yes`: the purpose asks for a yes, and silence is not as good."""

    purpose: str = EVERYTHING
    needs_yes: bool = False

    def against(self, traits: JsonObject) -> str:
        """Why the person does not want it, or empty."""
        if any(consent.of(traits) is False for consent in self._consents):
            return OPTED_OUT
        return NO_CONSENT if self.needs_yes and not self._consents[-1].of(traits) else ""

    @cached_property
    def _consents(self) -> tuple[ConsentTo, ...]:
        """To the channel, to which a no to everything is a no, and last to the purpose."""
        asked = (CHANNEL,) if self.purpose in (EVERYTHING, TRANSACTIONAL) else (CHANNEL, self.purpose)
        return tuple(map(ConsentTo, dict.fromkeys(asked)))


ANY_DEVICE: Final = DeviceGate()
UNASKED: Final = ConsentGate()
