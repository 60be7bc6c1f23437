"""A person as their profile has them, which is read when a journey asks something of them: most inputs ask nothing."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from functools import cached_property
from typing import NamedTuple

from regulars.domain.documents import JsonObject
from regulars.domain.journeys.person import PersonOfHistory, history_of
from regulars.domain.people.profile import Profile
from regulars.domain.segments.evaluate import Verdict
from regulars.domain.segments.rule import Rule
from regulars.ports import ProfileStore
from regulars.usecases.whole_profiles import whole_profiles


class _Told(NamedTuple):
    traits: JsonObject
    at: datetime
    identity: str


class ProfiledPerson:
    """`domain.journeys.person.Person`. Raises StoreUnavailableError when it is asked something."""

    def __init__(self, user_id: str, profiles: ProfileStore, told: Sequence[_Told] = ()) -> None:
        self._user_id, self._profiles, self._told = user_id, profiles, told

    @property
    def user_id(self) -> str:
        return self._user_id

    def verdict(self, rule: Rule, as_of: datetime, entry: str | None) -> Verdict:
        return self._known.verdict(rule, as_of, entry)

    def zone(self, as_of: datetime) -> tzinfo | None:
        return self._known.zone(as_of)

    def told(self, traits: JsonObject, at: datetime, identity: str) -> "ProfiledPerson":
        return ProfiledPerson(self._user_id, self._profiles, (*self._told, _Told(traits, at, identity)))

    @cached_property
    def _known(self) -> PersonOfHistory:
        found = whole_profiles([self._user_id], profiles=self._profiles).get(self._user_id)
        known = PersonOfHistory(history_of(found or Profile(self._user_id)))
        for told in self._told:
            known = known.told(*told)
        return known
