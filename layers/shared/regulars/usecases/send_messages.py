"""Messages of journeys, as soon as they are decided: what a run does with a list of people, for a handful who have nothing to do with each other.

    profiles, devices      read once for all of them
    decide, cap            the gates of campaigns, one after the other, in one meaning (`delivery.decision`, `reserve_contacts`)
    claim                  once for each try: whoever finds it taken does not know what became of it, and never sends it again
    send                   all together, in one session

Quiet hours, and FCM where it takes nothing, put a message off: it is surely not sent, and is tried again as a whole.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from regulars.domain.collection.consents import TRANSACTIONAL
from regulars.domain.delivery.decision import Hold, Ready, Skip, decide
from regulars.domain.delivery.outcomes import Outcome, message_id
from regulars.domain.delivery.policy import Policy
from regulars.domain.delivery.recipients import Address, Recipient
from regulars.domain.documents import JsonObject
from regulars.domain.errors import InfrastructureError, InvalidCampaignError
from regulars.domain.journeys.errand import Errand
from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.messages import occasion, template
from regulars.domain.journeys.steps import Message
from regulars.domain.journeys.trail import TREATED, errand_event
from regulars.domain.lake.event_names import MESSAGE_FAILED, MESSAGE_SENT, MESSAGE_SKIPPED, MESSAGE_UNKNOWN
from regulars.domain.messages.rendering import Addressee, Unsendable
from regulars.domain.people.device import Device, Registration
from regulars.domain.people.profile import Profile
from regulars.domain.reasons import DEVICE_EXPIRED, GLOBAL_CONTROL, INTERRUPTED, NO_CONSENT, NO_DEVICE, RENDER_FAILED, SAME_DEVICE, UNAVAILABLE
from regulars.ports import ClaimStore, Clock, ContactStore, DefinitionStore, DeviceStore, ProfileStore, Push, PushResult, PushSender
from regulars.usecases.count_contacts import counts_from_now_on
from regulars.usecases.current_settings import current_settings
from regulars.usecases.forget_device import forget_device
from regulars.usecases.reserve_contacts import Reservations
from regulars.usecases.whole_profiles import whole_profiles

PER_SECOND: Final = 9_000.0
"""Of one call: what all who send have together is kept by what they share (`adapters.fcm_bucket`)."""

PATIENCE: Final = timedelta(seconds=10)
"""With FCM, in one call: what it has not taken by then is put off."""

NOT_THE_FIRST: Final = 0.0
"""What is refused in so small a session is taken for the device's or the message's own fault (`delivery.suspicion`), not for everybody's."""

SOON: Final = timedelta(seconds=30)
LATER: Final = timedelta(minutes=5)
"""Until a message is tried again that FCM did not take: because of its own trouble, or because it refuses our credentials."""

LIFETIME: Final = timedelta(days=1)
"""From its moment, or from the end of the quiet hours that it waited for, a message may be put off by FCM: what it says is of no use later."""

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


@dataclass
class Sent:
    """What became of them: `events` of those that are done, `later` of those that are not, by errand. `trouble` is why FCM refuses everybody."""

    events: list[JsonObject] = field(default_factory=list)
    later: dict[str, datetime] = field(default_factory=dict)
    trouble: dict[str, Exception] = field(default_factory=dict)
    refused: str = ""


@dataclass
class _Going:
    """A letter whose pushes are to go out: each with its id and its body. `open` are those of which nothing was heard yet, `put_off` those that FCM
    surely did not take."""

    letter: Letter
    reservations: Reservations
    pushes: list[tuple[Ready, str, bytes]]
    reached: bool = False
    open: set[int] = field(default_factory=set)
    put_off: dict[int, PushResult] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.open = set(range(len(self.pushes)))

    @property
    def waits(self) -> set[int]:
        """What was surely not sent: nothing is heard of a push that was never begun."""
        return self.open | self.put_off.keys()


@dataclass(frozen=True)
class MessageSender:
    """With what it sends."""

    profiles: ProfileStore
    devices: DeviceStore
    contacts: ContactStore
    claims: ClaimStore
    definitions: DefinitionStore
    push_sender: PushSender
    clock: Clock
    load_window: timedelta
    """How long what was collected may wait before it is loaded."""

    def send(self, letters: Sequence[Letter], *, holder: str) -> Sent:
        """`holder` names this call. Raises InfrastructureError where nobody knows who may be sent to: then nothing was."""
        return _Call(self, holder).sent(sorted(letters, key=lambda letter: -letter.journey.delivery.priority))


class _Call:
    def __init__(self, using: MessageSender, holder: str) -> None:
        self._using, self._holder, self._now = using, holder, using.clock.now()
        self._settings = current_settings(using.definitions)
        self._policies: dict[str, Policy] = {}
        self._done = Sent()
        self._dead: list[tuple[str, Registration]] = []

    def sent(self, letters: Sequence[Letter]) -> Sent:
        users = sorted({letter.errand.user_id for letter in letters})
        known = whole_profiles(users, profiles=self._using.profiles)
        owned = self._using.devices.get_many(sorted({device for profile in known.values() for device in profile.devices}))
        going = list[_Going]()
        for letter in letters:
            profile = known.get(letter.errand.user_id)
            theirs = [owned[device].value for device in sorted(profile.devices) if device in owned] if profile else []
            try:
                if (decided := self._decided(letter, profile, theirs)) is not None:
                    going.append(decided)
            except Exception as error:  # whatever it is: it is this letter's, which comes again
                self._done.trouble[letter.errand.id] = error
        self._send(going)
        for device_id, registration in self._dead:
            forget_device(device_id, registration, devices=self._using.devices)
        return self._done

    def _decided(self, letter: Letter, profile: Profile | None, devices: Sequence[Device]) -> _Going | None:
        """What is to go out, claimed; None where nothing is, and what becomes of it is noted."""
        errand, delivery = letter.errand, letter.journey.delivery
        group = self._settings.global_control(self._now, delivery.purpose)
        if group and group.holds(errand.user_id):
            self._skip(letter, GLOBAL_CONTROL)
            return None
        policy = self._policy(letter.journey)
        ready = self._ready(letter, profile, devices, policy)
        if not ready:
            return None
        reservations = Reservations(errand.id, policy, self._using.contacts, self._using.clock)
        if reason := reservations.reserve([(0, errand.user_id, ready[0].former)]).get(errand.user_id):
            self._skip(letter, reason)
            return None
        pushes = list(self._rendered(letter, ready))
        if not pushes:
            reservations.failed(0, errand.user_id)
            reservations.close()
            return None
        return self._claimed(_Going(letter, reservations, pushes))

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
                        self._dead.append((device.device_id, device.registration))
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

    def _claimed(self, going: _Going) -> _Going | None:
        errand = going.letter.errand
        if self._using.claims.hold(errand.claim, holder=self._holder):
            return going
        going.reservations.used(errand.user_id)
        for ready, identity, _ in going.pushes:
            self._note(going.letter, "unknown", INTERRUPTED, ready.recipient.device_id, identity)
        return None

    def _send(self, going: Sequence[_Going]) -> None:
        under_way = [(each, place) for each in going for place in range(len(each.pushes))]
        if not under_way:
            return
        try:
            with self._using.push_sender.open(per_second=PER_SECOND, deadline=self._now + PATIENCE, refused=NOT_THE_FIRST) as session:
                session.take([self._push(key, *of) for key, of in enumerate(under_way)])
                while session.busy:
                    for result in session.results():
                        self._settle(*under_way[result.key], result)
                self._done.refused = str(session.failure or "")
        except InfrastructureError as error:
            self._done.refused = str(error)
        for each in going:
            self._finish(each)

    def _push(self, key: int, going: _Going, place: int) -> Push:
        letter = going.letter
        return Push(key, going.pushes[place][2], f"{letter.errand.journey_id}/{letter.errand.step}/{letter.errand.version}", letter.errand.tries)

    def _settle(self, going: _Going, place: int, result: PushResult) -> None:
        ready, identity, _ = going.pushes[place]
        going.open.discard(place)
        if result.outcome == "later":
            going.put_off[place] = result
            return
        going.reached |= result.outcome in ("sent", "unknown")
        self._note(going.letter, result.outcome, result.reason, ready.recipient.device_id, identity)
        if result.dead_token:
            self._dead.append((ready.recipient.device_id, ready.registration))

    def _finish(self, going: _Going) -> None:
        """One device that was reached is enough: the others, which FCM puts off, are not sent to a second time."""
        errand = going.letter.errand
        if going.reached:
            going.reservations.used(errand.user_id)
        else:
            going.reservations.failed(0, errand.user_id)
        try:
            going.reservations.close()
        except InfrastructureError as error:
            self._done.refused = self._done.refused or str(error)  # it counts as one push more than there was: too few are sent, not too many
        if not going.waits:
            return
        if going.reached or self._now - errand.at > LIFETIME + self._policy(going.letter.journey).longest_hold:
            for place in going.waits:
                ready, identity, _ = going.pushes[place]
                self._note(going.letter, "failed", UNAVAILABLE, ready.recipient.device_id, identity)
            return
        delay = max((timedelta(seconds=result.delay) for result in going.put_off.values()), default=SOON)
        self._done.later[errand.id] = self._now + (LATER if self._done.refused else max(delay, SOON))

    def _skip(self, letter: Letter, reason: str) -> None:
        self._note(letter, "skipped", reason)

    def _note(self, letter: Letter, outcome: Outcome, reason: str, device_id: str = "", identity: str = "") -> None:
        said = {"message_id": identity, "device_id": device_id, "reason": reason}
        told = {name: text for name, text in said.items() if text}
        self._done.events.append(errand_event(letter.errand, _EVENTS[outcome], self._now, told))
