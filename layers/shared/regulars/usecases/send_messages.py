"""Messages of journeys, once it is decided and written who sends them (`prepare_messages`): all together, in one session with FCM.

What FCM surely did not take is put off, and tried again as a whole.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from regulars.domain.delivery.outcomes import Outcome
from regulars.domain.documents import JsonObject
from regulars.domain.errors import InfrastructureError
from regulars.domain.people.device import Registration
from regulars.domain.reasons import UNAVAILABLE
from regulars.ports import Clock, DeviceStore, Push, PushResult, PushSender
from regulars.usecases.forget_device import forget_device
from regulars.usecases.prepare_messages import Going, Prepared

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


@dataclass
class Sent:
    """What became of them, by errand: `events` of those that are done, `later` of those that are not. `refused` is why FCM takes nothing."""

    events: dict[str, list[JsonObject]] = field(default_factory=dict)
    later: dict[str, datetime] = field(default_factory=dict)
    refused: str = ""


def send_messages(prepared: Prepared, only: Collection[str], *, push_sender: PushSender, devices: DeviceStore, clock: Clock) -> Sent:
    """Those errands; of all others nothing is done, and nothing told. Raises nothing for what FCM or the store of devices does not do."""
    return _Session(push_sender, clock).sent(prepared, only, devices)


@dataclass
class _UnderWay:
    """`open` are the pushes of which nothing was heard yet, `put_off` those that FCM surely did not take."""

    going: Going
    reached: bool = False
    open: set[int] = field(default_factory=set)
    put_off: dict[int, PushResult] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.open = set(range(len(self.going.pushes)))

    @property
    def waits(self) -> set[int]:
        """What was surely not sent: nothing is heard of a push that was never begun."""
        return self.open | self.put_off.keys()


class _Session:
    def __init__(self, push_sender: PushSender, clock: Clock) -> None:
        self._push_sender, self._now, self._done = push_sender, clock.now(), Sent()
        self._dead: list[tuple[str, Registration]] = []

    def sent(self, prepared: Prepared, only: Collection[str], devices: DeviceStore) -> Sent:
        self._done.events |= {errand_id: events for errand_id, events in prepared.events.items() if errand_id in only}
        self._done.later |= {errand_id: until for errand_id, until in prepared.later.items() if errand_id in only}
        self._send([_UnderWay(going) for going in prepared.going if going.letter.errand.id in only])
        for device_id, registration in (*prepared.dead, *self._dead):
            forget_device(device_id, registration, devices=devices)
        return self._done

    def _send(self, all_of_them: Sequence[_UnderWay]) -> None:
        pushes = [(each, place) for each in all_of_them for place in range(len(each.going.pushes))]
        if not pushes:
            return
        try:
            with self._push_sender.open(per_second=PER_SECOND, deadline=self._now + PATIENCE, refused=NOT_THE_FIRST) as session:
                session.take([_push(key, *of) for key, of in enumerate(pushes)])
                while session.busy:
                    for result in session.results():
                        self._settle(*pushes[result.key], result)
                self._done.refused = str(session.failure or "")
        except InfrastructureError as error:
            self._done.refused = str(error)
        for each in all_of_them:
            self._finish(each)

    def _settle(self, one: _UnderWay, place: int, result: PushResult) -> None:
        one.open.discard(place)
        if result.outcome == "later":
            one.put_off[place] = result
            return
        one.reached |= result.outcome in ("sent", "unknown")
        self._note(one, place, result.outcome, result.reason)
        if result.dead_token:
            ready = one.going.pushes[place][0]
            self._dead.append((ready.recipient.device_id, ready.registration))

    def _finish(self, one: _UnderWay) -> None:
        """One device that was reached is enough: the others, which FCM puts off, are not sent to a second time."""
        errand, reservations = one.going.letter.errand, one.going.reservations
        if one.reached:
            reservations.used(errand.user_id)
        else:
            reservations.failed(0, errand.user_id)
        try:
            reservations.close()
        except InfrastructureError as error:
            self._done.refused = self._done.refused or str(error)  # it counts as one push more than there was: too few are sent, not too many
        if not one.waits:
            return
        if one.reached or self._now - errand.at > LIFETIME + one.going.held:
            for place in one.waits:
                self._note(one, place, "failed", UNAVAILABLE)
            return
        delay = max((timedelta(seconds=result.delay) for result in one.put_off.values()), default=SOON)
        self._done.later[errand.id] = self._now + (LATER if self._done.refused else max(delay, SOON))

    def _note(self, one: _UnderWay, place: int, outcome: Outcome, reason: str) -> None:
        letter, (ready, identity, _) = one.going.letter, one.going.pushes[place]
        event = letter.told(outcome, reason, self._now, ready.recipient.device_id, identity)
        self._done.events.setdefault(letter.errand.id, []).append(event)


def _push(key: int, one: _UnderWay, place: int) -> Push:
    errand = one.going.letter.errand
    return Push(key, one.going.pushes[place][2], f"{errand.journey_id}/{errand.step}/{errand.version}", errand.tries)
