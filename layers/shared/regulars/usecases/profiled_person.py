"""A person as their profile has them, which is read when a journey asks something of them: most inputs ask nothing."""

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from functools import cached_property
from typing import NamedTuple

from regulars.domain.delivery.zones import zone_named, zone_of_person
from regulars.domain.documents import JsonObject
from regulars.domain.journeys.person import PersonOfHistory, history_of
from regulars.domain.people.profile import Profile
from regulars.domain.segments.evaluate import Verdict
from regulars.domain.segments.rule import Rule
from regulars.domain.settings import Settings
from regulars.ports import DeviceStore, ProfileStore
from regulars.usecases.whole_profiles import whole_profiles


class _Told(NamedTuple):
    traits: JsonObject
    at: datetime
    identity: str


class Known(NamedTuple):
    """By what people are known. `settings` are asked for once, if at all."""

    profiles: ProfileStore
    devices: DeviceStore
    settings: Callable[[], Settings]


class ProfiledPerson:
    """`domain.journeys.person.Person`. Raises StoreUnavailableError when it is asked something."""

    def __init__(self, user_id: str, known: Known, told: Sequence[_Told] = ()) -> None:
        self._user_id, self._by, self._told = user_id, known, told

    @property
    def user_id(self) -> str:
        return self._user_id

    def verdict(self, rule: Rule, as_of: datetime, entry: str | None) -> Verdict:
        return self._history.verdict(rule, as_of, entry)

    def zone(self, as_of: datetime) -> tzinfo | None:
        """As it is known now, and by the same that quiet hours go by: the device, the trait, the settings."""
        theirs = [stored.value for stored in self._by.devices.get_many(sorted(self._profile.devices)).values()]
        devices = [device for device in theirs if device.use.user_id == self._user_id]
        told = {name: value for each in self._told for name, value in each.traits.items()}
        return zone_of_person(devices, {**self._profile.values, **told}) or zone_named(self._by.settings().timezone)

    def told(self, traits: JsonObject, at: datetime, identity: str) -> "ProfiledPerson":
        return ProfiledPerson(self._user_id, self._by, (*self._told, _Told(traits, at, identity)))

    @cached_property
    def _profile(self) -> Profile:
        return whole_profiles([self._user_id], profiles=self._by.profiles).get(self._user_id) or Profile(self._user_id)

    @cached_property
    def _history(self) -> PersonOfHistory:
        known = PersonOfHistory(history_of(self._profile))
        for told in self._told:
            known = known.told(*told)
        return known
