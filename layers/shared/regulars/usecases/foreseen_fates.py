"""What a run would do to each of its recipients if it were sent now, found out in windows: by what is known of them, and by what they would read."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, cast

from regulars.domain.campaigns.campaign import UNTREATED
from regulars.domain.campaigns.foresight import Complaint, Fate
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.promises import policy_of
from regulars.domain.campaigns.run import Run
from regulars.domain.campaigns.source import ShardSource
from regulars.domain.delivery.caps import Contacts, message_mark
from regulars.domain.delivery.decision import Hold, Ready, Skip, decide
from regulars.domain.delivery.outcomes import message_id
from regulars.domain.delivery.recipients import Recipient
from regulars.domain.messages.rendering import Unsendable
from regulars.domain.people.device import Device
from regulars.domain.people.profile import Profile
from regulars.domain.settings import Settings
from regulars.ports import Clock, ContactStore, DeviceStore, ProfileStore
from regulars.usecases.whole_profiles import whole_profiles

_WAITS: Final = Complaint("warning", "delivery", "it is not their time yet: the message is held until it is")
_STANDS_IN: Final = {True: "nothing shows in its place", False: "the text has something else for them"}


@dataclass(frozen=True)
class Known:
    """Of one window's people: profiles and devices by id, and who is over a cap, by which reason."""

    profiles: Mapping[str, Profile]
    devices: Mapping[str, Device]
    had_enough: Mapping[str, str]


class Foreseer:
    """What is known of people at this moment, and what a run would therefore do."""

    def __init__(self, run: Run, settings: Settings, profiles: ProfileStore, devices: DeviceStore, contacts: ContactStore, clock: Clock) -> None:
        campaign = parse_campaign(run.campaign.document)
        self._run, self._source, self._policy = run, ShardSource(run, campaign, ()), policy_of(run, campaign, settings)
        self._whenever = replace(self._policy, quiet_hours=None, local_time=None)
        self._profiles, self._devices, self._contacts, self._clock = profiles, devices, contacts, clock
        self._paths = {variant.id: variant.push.path for variant in campaign.variants}

    def known(self, people: Sequence[Recipient]) -> Known:
        """What the stores have of those who would be sent to."""
        treated = [person for person in people if person.arm not in UNTREATED]
        user_ids = sorted({person.user_id for person in treated})
        profiles = whole_profiles(user_ids, profiles=self._profiles)
        owned = self._devices.get_many(sorted({person.device_id for person in treated if person.device_id}))
        return Known(profiles, {key: stored.value for key, stored in owned.items()}, self._had_enough(profiles, self._clock.now()))

    def fates(self, people: Sequence[Recipient], known: Known) -> Iterator[Fate]:
        now = self._clock.now()
        for person in people:
            yield Fate(person) if person.arm in UNTREATED else self._fate(person, known, now)

    def _fate(self, person: Recipient, known: Known, now: datetime) -> Fate:
        profile, device = known.profiles.get(person.user_id), known.devices.get(person.device_id)
        match decide(person, profile, device, self._policy, now):
            case Skip(_, reason):
                return Fate(person, reason=reason)
            case Hold():
                ready = decide(person, profile, device, self._whenever, now)
                told: tuple[Complaint, ...] = (_WAITS,)
            case Ready() as ready:
                told = ()
        if person.user_id in known.had_enough:
            return Fate(person, reason=known.had_enough[person.user_id])
        return self._rendered(cast(Ready, ready), told, now)

    def _rendered(self, ready: Ready, told: Sequence[Complaint], now: datetime) -> Fate:
        person = ready.recipient
        missing = self._source.lacks(ready)
        lacks = [Complaint("warning", path, f"they lack the trait {trait}: {_STANDS_IN[bare]}", trait) for path, trait, bare in missing]
        made = self._source.message(ready, message_id(self._run.run_id, person.user_id, person.device_id), now)
        if isinstance(made, Unsendable):
            wrong = Complaint("error", made.field or self._paths[person.arm], made.complaint)
            return Fate(person, reason=made.reason, tried=True, complaints=(wrong, *lacks))
        return Fate(person, made, complaints=(*told, *lacks))

    def _had_enough(self, profiles: Mapping[str, Profile], now: datetime) -> Mapping[str, str]:
        """Who is over a cap by now, and by which; nobody is written to."""
        if not self._policy.limits:
            return {}
        former = {user_id: profile.former_ids for user_id, profile in profiles.items()}
        known = self._contacts.get_many([*former, *(each for those in former.values() for each in those)])
        refused: dict[str, str] = {}
        for user_id, those in former.items():
            contacts = known.get(user_id, Contacts(user_id)).with_former(known[each] for each in those if each in known)
            if reason := contacts.refusal(message_mark(self._run.first_run, user_id), self._policy.limits, now):
                refused[user_id] = reason
        return refused


def ahead(
    found: Iterator[tuple[int, Sequence[Recipient]]], look: Callable[[Sequence[Recipient]], Known]
) -> Iterator[tuple[Sequence[Recipient], Known]]:
    """Each window with what is known of its people, which is looked up while those of the window before are rendered: looking is mostly waiting."""
    with ThreadPoolExecutor(1, thread_name_prefix="preflight") as pool:
        before: tuple[Sequence[Recipient], Future[Known]] | None = None
        for _, window in found:
            under_way = pool.submit(copy_context().run, look, window)  # with the caller's context, as merge_many does
            if before:
                yield before[0], before[1].result()
            before = window, under_way
        if before:
            yield before[0], before[1].result()
