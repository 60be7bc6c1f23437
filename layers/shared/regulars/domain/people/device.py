"""A device: who uses it, and what leads a push to it, merged from events in whatever order they arrive.

Three things are kept of a device, each as the latest event has it that says it, by the one order of events (`collection.change`):

    its use             every event with the device's id says who used it then: its user, or nobody where it is anonymous or signs out
    its details         platform, locale, time zone, the app's version and whether notifications are on, each by itself: an event that is silent
                        about one takes nothing away
    its registration    an event that carries a token or an installation id says what leads to the device, one that deletes it that nothing does

What leads to the device is good for whoever registered it; what was registered while nobody was signed in, for whoever signs in. So on a login
without a token the former user's pushes end, and the new one gets none before the app registers it for them. docs/devices.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from regulars.domain.collection.device import PushTarget, Sighting

REFRESHED_AFTER: Final = timedelta(days=1)
"""What changes nothing but the moment is written no oftener: docs/decisions/0029-devices-have-an-owner.md."""


Order = tuple[str, str]
"""`at` and `tie`, as `collection.change` says."""

DETAILS: Final = ("platform", "locale", "timezone", "app_version", "push_enabled")


@dataclass(frozen=True, slots=True)
class Use:
    """Who used the device last (None: nobody, or nobody knows whom), with what. `at` and `tie` order it, as `collection.change` says; `earlier` has
    when a detail was said that the last event was silent about."""

    at: str
    tie: str
    user_id: str | None = None
    platform: str | None = None
    locale: str | None = None
    timezone: str | None = None
    app_version: str | None = None
    earlier: Mapping[str, Order] = field(default_factory=dict)
    push_enabled: bool | None = None
    """Whether the system lets the app show notifications; None where it never said."""

    def merged(self, other: "Use") -> "Use":
        """What both know of the use of the same device."""
        last, before = (self, other) if _order(self) >= _order(other) else (other, self)
        kept = {name: before for name in DETAILS if before.said(name) > last.said(name)}
        if not kept:
            return last
        earlier = {**last.earlier, **{name: use.said(name) for name, use in kept.items()}}
        return replace(last, earlier=earlier, **{name: getattr(use, name) for name, use in kept.items()})

    def said(self, detail: str) -> Order:
        """When; before everything else where it never was."""
        return self.earlier.get(detail, (self.at, self.tie)) if getattr(self, detail) is not None else ("", "")


@dataclass(frozen=True, slots=True)
class Registration:
    """What leads to the device (None: nothing any more), and who was signed in when the app said so."""

    at: str
    tie: str
    user_id: str | None = None
    target: PushTarget | None = None


NEVER: Final = Registration("", "")


@dataclass(frozen=True, slots=True)
class Device:
    """One device, as of the last event that was loaded."""

    device_id: str
    use: Use
    registration: Registration = NEVER

    @property
    def owner(self) -> str | None:
        """Who uses it."""
        return self.use.user_id

    @property
    def target(self) -> PushTarget | None:
        """What leads a push for the owner to it."""
        return self.registration.target if self.registration.user_id in (None, self.owner) else None

    @property
    def last_seen(self) -> datetime | None:
        """Up to REFRESHED_AFTER before it was seen last; None where nobody knows."""
        return max((datetime.fromisoformat(at) for at in (self.use.at, self.registration.at) if at), default=None)

    def merged(self, other: "Device") -> "Device":
        """What both know of the same device."""
        return Device(self.device_id, self.use.merged(other.use), max(self.registration, other.registration, key=_order))

    def without(self, dead: Registration) -> "Device":
        """Without what led to it, which is dead, unless the device was registered since, be it for the same target. Only a later event brings it
        back."""
        if self.registration != dead:
            return self
        return replace(self, registration=replace(self.registration, target=None))

    def is_worth_writing_over(self, known: "Device") -> bool:
        """Whether it says anything that `known` does not, or is a day younger."""
        if (_undated(self.use), _undated(self.registration)) != (_undated(known.use), _undated(known.registration)):
            return True
        return _age(known.use.at, self.use.at) or _age(known.registration.at, self.registration.at)


class Sightings:
    """What the events of one device say of it, as they come: nothing is kept but its use, and the latest of them that says what leads to it."""

    def __init__(self) -> None:
        self._device_id: str | None = None
        self._use: Use | None = None
        self._registering: Sighting | None = None

    def add(self, sighting: Sighting) -> None:
        at, tie, user_id, told = sighting
        use = Use(at, tie, user_id, told.platform, told.locale, told.timezone, told.app_version, push_enabled=told.push_enabled)
        self._device_id, self._use = told.id, use if self._use is None else self._use.merged(use)
        if sighting.device.registers and (self._registering is None or sighting[:2] > self._registering[:2]):
            self._registering = sighting

    def device(self) -> Device:
        """Of one sighting at least, of a device with an id."""
        if self._use is None or self._device_id is None:
            raise ValueError("nothing was seen of the device")
        registering = self._registering
        registration = Registration(*registering[:3], registering.device.target) if registering else NEVER
        return Device(self._device_id, self._use, registration)


def _order(entry: Use | Registration) -> Order:
    return entry.at, entry.tie


def _undated(entry: Use | Registration) -> Use | Registration:
    return replace(entry, at="", tie="", earlier={}) if isinstance(entry, Use) else replace(entry, at="", tie="")


def _age(known: str, said: str) -> bool:
    """Whether it was said so much later that it is written for that alone."""
    if not known or not said:
        return known != said
    return datetime.fromisoformat(said) - datetime.fromisoformat(known) >= REFRESHED_AFTER
