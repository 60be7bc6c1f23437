"""What is to become of a journey's messages, before any is sent: for a handful of people who have nothing to do with each other.

    profiles, devices      read once for all of them
    decide                 the gates of campaigns, one after the other, in one meaning (`delivery.decision`)
    cap                    together, of each person one after the other (`reserve_contacts`)
    render                 a text that cannot be made is not sent

One that another call has claimed is not decided anew: nobody knows what became of it, and it is never sent again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Final, NamedTuple

from regulars.domain.collection.change import Change
from regulars.domain.collection.consents import TRANSACTIONAL
from regulars.domain.delivery.decision import Hold, Ready, Skip, decide
from regulars.domain.delivery.outcomes import Outcome, message_id
from regulars.domain.delivery.policy import Policy
from regulars.domain.delivery.recipients import Address, Recipient
from regulars.domain.documents import JsonObject
from regulars.domain.errors import InvalidCampaignError
from regulars.domain.journeys.errand import Errand
from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.messages import occasion, template
from regulars.domain.journeys.steps import Message
from regulars.domain.journeys.trail import TREATED, errand_event
from regulars.domain.lake.event_names import MESSAGE_FAILED, MESSAGE_SENT, MESSAGE_SKIPPED, MESSAGE_UNKNOWN
from regulars.domain.messages.rendering import Addressee, Unsendable
from regulars.domain.people.device import Device, Registration
from regulars.domain.people.profile import Profile
from regulars.domain.reasons import DEVICE_EXPIRED, GLOBAL_CONTROL, INTERRUPTED, NO_CONSENT, NO_DEVICE, RENDER_FAILED, SAME_DEVICE
from regulars.ports import Clock, ContactStore, DefinitionStore, DeviceStore, ProfileStore
from regulars.usecases.count_contacts import counts_from_now_on
from regulars.usecases.current_settings import current_settings
from regulars.usecases.reserve_contacts import Reservations, take_room
from regulars.usecases.whole_profiles import whole_profiles

LOADED_AFTER: Final = timedelta(seconds=10)
"""So long `load` takes for what it has waited for."""

_YET_TO_COME: Final = frozenset({NO_CONSENT, NO_DEVICE})
"""Reasons that an event which is under way may take away."""

_EVENTS: Final[Mapping[Outcome, str]] = {
    "sent": MESSAGE_SENT,
    "failed": MESSAGE_FAILED,
    "skipped": MESSAGE_SKIPPED,
    "unknown": MESSAGE_UNKNOWN,
}


class Letter(NamedTuple):
    """An errand that is a message."""

    errand: Errand
    journey: Journey
    message: Message

    def told(self, outcome: Outcome, reason: str, at: datetime, device_id: str = "", identity: str = "") -> JsonObject:
        """The event that says what became of it, on a device."""
        said = {"message_id": identity, "device_id": device_id, "reason": reason}
        return errand_event(self.errand, _EVENTS[outcome], at, {name: text for name, text in said.items() if text})


@dataclass(frozen=True)
class Going:
    """A letter whose pushes are to go out, each with its id and its body. `held` is how long it may have had to wait before it was first decided."""

    letter: Letter
    reservations: Reservations
    pushes: Sequence[tuple[Ready, str, bytes]]
    held: timedelta


@dataclass
class Prepared:
    """By errand: those that are `claimed` are `going`, and have to be written like this before they do; of others `events` say why they are sent to
    nobody, `later` until when they wait, and `trouble` why nobody knows. `dead` are devices that nothing leads to any more."""

    going: list[Going] = field(default_factory=list)
    claimed: dict[str, Errand] = field(default_factory=dict)
    events: dict[str, list[JsonObject]] = field(default_factory=dict)
    later: dict[str, datetime] = field(default_factory=dict)
    trouble: dict[str, Exception] = field(default_factory=dict)
    dead: list[tuple[str, Registration]] = field(default_factory=list)


@dataclass(frozen=True)
class Preparation:
    """With what it is decided. `load_window` is how long what was collected may wait before it is loaded."""

    profiles: ProfileStore
    devices: DeviceStore
    contacts: ContactStore
    definitions: DefinitionStore
    clock: Clock
    load_window: timedelta

    def __call__(self, letters: Sequence[Letter], told: Mapping[str, Sequence[Change]], *, holder: str) -> Prepared:
        """`told` is what people's own journeys set in the same call, ahead of their profiles; `holder` names the call. Raises InfrastructureError
        where nobody knows who may be sent to."""
        return _Call(self, holder).prepared(sorted(letters, key=lambda letter: -letter.journey.delivery.priority), told)


class _Asking(NamedTuple):
    """A letter that only its caps may keep back."""

    letter: Letter
    ready: Sequence[Ready]
    policy: Policy
    reservations: Reservations


class _Call:
    def __init__(self, using: Preparation, holder: str) -> None:
        self._using, self._holder, self._now = using, holder, using.clock.now()
        self._settings = current_settings(using.definitions)
        self._policies: dict[str, Policy] = {}
        self._asking: list[_Asking] = []
        self._done = Prepared()

    def prepared(self, letters: Sequence[Letter], told: Mapping[str, Sequence[Change]]) -> Prepared:
        users = sorted({letter.errand.user_id for letter in letters})
        found = whole_profiles(users, profiles=self._using.profiles)
        known = {**found, **{user_id: found.get(user_id, Profile(user_id)).merged(told[user_id]) for user_id in users if user_id in told}}
        owned = self._using.devices.get_many(sorted({device for profile in known.values() for device in profile.devices}))
        for letter in letters:
            profile = known.get(letter.errand.user_id)
            theirs = [owned[device].value for device in sorted(profile.devices) if device in owned] if profile else []
            self._try([letter], partial(self._decide, letter, profile, theirs))
        while self._asking:
            first = {asking.letter.errand.user_id: asking for asking in reversed(self._asking)}
            self._asking = [asking for asking in self._asking if asking is not first[asking.letter.errand.user_id]]
            self._try([asking.letter for asking in first.values()], partial(self._reserve, first))
        return self._done

    def _try(self, letters: Sequence[Letter], act: Callable[[], None]) -> None:
        """Whatever it is that goes wrong: it is these letters', which come again."""
        try:
            act()
        except Exception as error:
            self._done.trouble |= dict.fromkeys((letter.errand.id for letter in letters), error)

    def _decide(self, letter: Letter, profile: Profile | None, devices: Sequence[Device]) -> None:
        errand, delivery = letter.errand, letter.journey.delivery
        group = self._settings.global_control(self._now, delivery.purpose)
        if errand.is_left_by_another(self._holder):
            self._leave(letter, profile, devices)
        elif group and group.holds(errand.user_id):
            self._skip(letter, GLOBAL_CONTROL)
        else:
            policy = self._policy(letter.journey)
            if ready := self._ready(letter, profile, devices, policy):
                reservations = Reservations(errand.id, policy, self._using.contacts, self._using.clock)
                self._asking.append(_Asking(letter, ready, policy, reservations))

    def _reserve(self, asking: Mapping[str, "_Asking"]) -> None:
        """Of each person one, the most important first: what the others may is another matter then."""
        wants = [want for user_id, one in asking.items() if (want := one.reservations.want(user_id, one.ready[0].former))]
        room = take_room(wants, self._using.contacts, self._using.clock)
        for user_id, one in asking.items():
            if reason := room.refused.get(user_id):
                self._skip(one.letter, reason)
            else:
                one.reservations.took({user_id: [0]}, room.fresh)
                self._try([one.letter], partial(self._render, one))

    def _render(self, one: "_Asking") -> None:
        errand = one.letter.errand
        if pushes := list(self._rendered(one.letter, one.ready)):
            self._done.going.append(Going(one.letter, one.reservations, pushes, one.policy.longest_hold))
            self._done.claimed[errand.id] = errand._replace(claimed_by=self._holder)
        else:
            one.reservations.failed(0, errand.user_id)
            one.reservations.close()

    def _leave(self, letter: Letter, profile: Profile | None, devices: Sequence[Device]) -> None:
        """Of each device that it may have been sent to nobody knows."""
        errand, policy, told = letter.errand, self._policy(letter.journey), set[str]()
        for device in devices:
            found = decide(Recipient(errand.user_id, TREATED, Address("push", device.device_id)), profile, device, policy, self._now)
            if not isinstance(found, Skip) and device.target and device.target.value not in told:
                told.add(device.target.value)
                self._note(letter, "unknown", INTERRUPTED, device.device_id, message_id(errand.id, errand.user_id, device.device_id))
        if not told:
            self._note(letter, "unknown", INTERRUPTED)

    def _policy(self, journey: Journey) -> Policy:
        """Of a call; asked of the table once for each journey."""
        if journey.id not in self._policies:
            promised, now = self._settings.promises(journey.delivery, self._now), self._now
            if journey.delivery.purpose != TRANSACTIONAL:
                sender, limited = f"journey/{journey.id}", bool(promised.limits)
                notes = counts_from_now_on(sender, limited=limited, contacts=self._using.contacts, clock=self._using.clock)
                promised = self._settings.promises(journey.delivery, now, notes=notes)
            self._policies[journey.id] = promised
        return self._policies[journey.id]

    def _ready(self, letter: Letter, profile: Profile | None, devices: Sequence[Device], policy: Policy) -> list[Ready]:
        """Each device once, whatever leads to it; where there is none the reason is noted, and where it is not the time, until when."""
        user_id, targets, ready = letter.errand.user_id, set[str](), list[Ready]()
        skipped, holds = list[Skip](), list[datetime]()
        for device in devices:
            match decide(Recipient(user_id, TREATED, Address("push", device.device_id)), profile, device, policy, self._now):
                case Ready() as one if one.target.value in targets:
                    skipped.append(Skip(one.recipient, SAME_DEVICE))
                case Ready() as one:
                    targets.add(one.target.value)
                    ready.append(one)
                case Hold(_, until):
                    holds.append(until)
                case Skip(_, reason) as skip:
                    skipped.append(skip)
                    if reason == DEVICE_EXPIRED:
                        self._done.dead.append((device.device_id, device.registration))
        if not ready and holds:
            self._done.later[letter.errand.id] = min(holds)
        elif not ready:
            self._not_now(letter, skipped[0].reason if skipped else NO_DEVICE)
        return ready

    def _not_now(self, letter: Letter, reason: str) -> None:
        """Whoever has just come may have told of a device, or agreed, in a request that is not loaded yet: they are looked at once more."""
        errand = letter.errand
        loaded = self._using.load_window + LOADED_AFTER
        if reason in _YET_TO_COME and errand.tries == 0 and self._now - errand.at < loaded:
            self._done.later[errand.id] = self._now + loaded
        else:
            self._skip(letter, reason)

    def _rendered(self, letter: Letter, ready: Sequence[Ready]) -> Iterator[tuple[Ready, str, bytes]]:
        """What cannot be made for them is noted."""
        try:
            made = template(letter.journey, letter.errand.step, letter.message)
        except InvalidCampaignError:
            self._note(letter, "failed", RENDER_FAILED)
            return
        for one in ready:
            identity = message_id(letter.errand.id, one.recipient.user_id, one.recipient.device_id)
            to = Addressee(one.recipient.user_id, one.target, one.traits, identity, locale=one.locale)
            body = made.render(to, occasion(letter.errand, self._now))
            if isinstance(body, Unsendable):
                self._note(letter, body.outcome, body.reason, one.recipient.device_id, identity)
            else:
                yield one, identity, body

    def _skip(self, letter: Letter, reason: str) -> None:
        self._note(letter, "skipped", reason)

    def _note(self, letter: Letter, outcome: Outcome, reason: str, device_id: str = "", identity: str = "") -> None:
        self._done.events.setdefault(letter.errand.id, []).append(letter.told(outcome, reason, self._now, device_id, identity))
