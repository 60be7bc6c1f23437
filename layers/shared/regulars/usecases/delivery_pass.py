"""One pass over a source of recipients: decide, render, send, and keep in the journal what became of each.

    source --block--> decide --Ready--> cap --message--> claimed --> session --result--> journal
                        |`--Skip---------^-------------------------------------------^
                        |^---------------------------- later ---------'
                        `--Hold--> held: asked about again when it is their time

A block of recipients is looked up together, claimed with one write and given to the session as soon as that has started all that it had. Whom FCM
puts off waits here, in no danger, and is looked up and claimed anew: in this pass, if the time comes while there is something else to do, or in the
next. So does whoever is held back, of whom nothing but the place is kept: others go on.
"""

import heapq
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final, NamedTuple

from regulars.domain.delivery.availability import ITS_OWN
from regulars.domain.delivery.decision import Hold, Ready, Skip, decide
from regulars.domain.delivery.held import LONGEST_REST, Held
from regulars.domain.delivery.policy import Policy
from regulars.domain.delivery.recipients import WINDOW
from regulars.domain.errors import InfrastructureError
from regulars.domain.messages.rendering import Unsendable
from regulars.domain.people.device import Registration
from regulars.domain.reasons import DEVICE_EXPIRED, LOCAL_TIME_PASSED, QUIET_HOURS, SAME_DEVICE, UNAVAILABLE
from regulars.ports import Clock, DeviceStore, ProfileStore, Push, PushResult, PushSession
from regulars.usecases.delivery_journal import Entry, Journal
from regulars.usecases.forget_device import forget_device
from regulars.usecases.recipient_source import RecipientSource
from regulars.usecases.reserve_contacts import Reservations
from regulars.usecases.run_devices import RunDevices
from regulars.usecases.whole_profiles import whole_profiles

LAST_TRIES: Final = 4
"""So often a push is tried when it is too late to wait: in one call, or in calls in a row in which FCM took nothing."""

RESEND_DELAY: Final = timedelta(seconds=10)
"""Until somebody who may have got a push is sent to again."""

ASK_EVERY: Final = timedelta(seconds=1)
"""So often a run is asked whether it goes on: a pause is as slow as that, at every rate, and the question one read a second of each call."""


class _Turn(NamedTuple):
    """A recipient who is to be sent to now, or again: how often FCM put the push off, and how improbable that was."""

    entry: Entry
    delays: int = 0
    surprise: float = 0.0


class _Sending(NamedTuple):
    """A push under way, and whom it is for."""

    turn: _Turn
    ready: Ready
    push: Push


class DeliveryPass:
    """Used once. `finished` says that everybody's outcome is known, `stopped` that `goes_on` said no, which is asked before anybody is sent to and
    then each second: whoever was not begun with has lost nothing. Of a pass that is neither, `rest` is how long nothing can be sent, and `waits_for`
    why. `block` is how many recipients are claimed at once. When it is `too_late` nobody waits for long: a few tries, and whoever FCM puts off has
    failed. `held` are those of whom an earlier pass knows that it is not their time, and afterwards those of whom this one knows."""

    def __init__(
        self,
        source: RecipientSource,
        journal: Journal,
        run_devices: RunDevices,
        profiles: ProfileStore,
        devices: DeviceStore,
        reservations: Reservations,
        clock: Clock,
        *,
        policy: Policy,
        held: Held,
        block: int,
        goes_on: Callable[[], bool],
        too_late: bool = False,
    ) -> None:
        self._source, self._journal, self._run_devices, self._clock = source, journal, run_devices, clock
        self._profiles, self._devices, self._reservations = profiles, devices, reservations
        self._policy, self._before, self._held = policy, held, dict[int, datetime]()
        self._block, self._goes_on, self._too_late = block, goes_on, too_late
        self.stopped = self.begun = False
        self._asked_at: datetime | None = None
        self.rest, self.waits_for = timedelta(0), ""
        self._windows = source.windows()
        self._more = True
        self._next: deque[Entry] = deque()
        self._under_way: dict[int, _Sending] = {}
        self._later: list[tuple[datetime, int, _Turn]] = []
        self._dead: list[tuple[str, Registration]] = []
        self._trouble: InfrastructureError | None = None

    @property
    def finished(self) -> bool:
        return not (self._waits or self._held)

    @property
    def held(self) -> Held:
        """With those of before of whom nothing was asked, where the pass did not get to the end."""
        return Held({**self._before.until, **self._held}, rest_is_done=False) if self._waits else Held(self._held, rest_is_done=True)

    @property
    def _waits(self) -> bool:
        """Whether anybody is left whose time it is."""
        return bool(self._more or self._next or self._under_way or self._later)

    def run(self, session: PushSession) -> None:
        """Sends until nothing is left that may go out now. Raises InfrastructureError, after all that went out is recorded."""
        self.begun = True
        while self._give(session) or session.busy:
            for result in session.results():
                self._try(partial(self._settle, result))
            self._try(self._journal.keep)
        self.rest, self.waits_for = max(timedelta(seconds=session.rest), self._until_next_turn()), session.waits_for
        sent = self._journal.counts["sent"] > 0
        setbacks = 0 if sent else self._journal.setbacks + bool(not self.stopped and (self._waits or not self._held))
        if self._too_late and not sent and self._journal.setbacks >= LAST_TRIES - 1 and session.failure is None and not self.stopped:
            self._try(self._give_up)
        self._try(partial(self._journal.close, setbacks=setbacks, refused=session.refused))
        self._try(self._reservations.close)
        self._try(self._forget_the_dead)
        if trouble := session.failure or self._trouble:
            raise trouble

    def _give(self, session: PushSession) -> bool:
        """Hands the next block to a session that could send more; whether there was one. After trouble of ours there is none, nor where the run does
        not go on."""
        try:
            self._heed(session)
            while session.hungry and self._trouble is None and (turns := self._next_turns()):
                if block := list(self._decided(turns)):
                    self._journal.claim(sending.push.key for sending in block)
                    self._forget_the_dead()
                    self._under_way |= {sending.push.key: sending for sending in block}
                    session.take([sending.push for sending in block])
                    return True
        except InfrastructureError as error:
            self._trouble = error
        return False

    def _heed(self, session: PushSession) -> None:
        """Asks, if that is due, whether the run goes on."""
        now = self._clock.now()
        if self.stopped or self._trouble or (self._asked_at is not None and now - self._asked_at < ASK_EVERY):
            return
        self._asked_at = now
        if not self._goes_on():
            self.stopped = True
            session.halt()

    def _next_turns(self) -> list[_Turn]:
        """Those first whose turn has come again. Where many wait for theirs, nobody new is begun: they would wait as well."""
        now, turns = self._clock.now(), list[_Turn]()
        while self._later and self._later[0][0] <= now and len(turns) < self._block:
            turns.append(heapq.heappop(self._later)[2])
        while len(turns) < self._block and (self._next or (len(self._later) < WINDOW and self._begin_next())):
            turns += [self._turn(self._next.popleft()) for _ in range(min(self._block - len(turns), len(self._next)))]
        return turns

    def _turn(self, entry: Entry) -> _Turn:
        return _Turn(entry, surprise=self._journal.surprise(entry.place))

    def _begin_next(self) -> bool:
        """Opens the next window; False where there is none."""
        following = next(self._windows, None) if self._more else None
        if following is None:
            self._more = False
            return False
        now = self._clock.now()
        for entry in self._journal.open(*following):
            if (until := self._before.until.get(entry.place)) and until > now:
                self._hold(entry, until)
            else:
                self._next.append(entry)
        return True

    def _hold(self, entry: Entry, until: datetime) -> None:
        self._held[entry.place] = until
        self._journal.leave(entry.place)

    def _decided(self, turns: Sequence[_Turn]) -> Iterator[_Sending]:
        """The pushes to those who are to get one, by what is known of them at this moment; what becomes of the others is noted."""
        ready = list(self._ready(turns))
        refused = self._reservations.reserve((turn.entry.place, to.recipient.user_id, to.former) for turn, to in ready)
        for turn, to in ready:
            if reason := refused.get(to.recipient.user_id):
                self._journal.note(turn.entry.place, "skipped", reason)
            else:
                yield from self._rendered(turn, to)

    def _ready(self, turns: Sequence[_Turn]) -> Iterator[tuple[_Turn, Ready]]:
        """Those of whom nothing speaks against it but that they may have had enough."""
        people = [turn.entry.recipient for turn in turns]
        known = whole_profiles(sorted({person.user_id for person in people}), profiles=self._profiles)
        owned = self._devices.get_many(sorted({person.device_id for person in people if person.device_id}))
        now = self._clock.now()
        for turn, person in zip(turns, people, strict=True):
            device = owned.get(person.device_id)
            match self._judged(turn, decide(person, known.get(person.user_id), device.value if device else None, self._policy, now)):
                case Skip(_, reason):
                    self._journal.note(turn.entry.place, "skipped", reason)
                    if reason == DEVICE_EXPIRED and device:
                        self._dead.append((person.device_id, device.value.registration))
                case Hold(_, until):
                    self._hold(turn.entry, until)
                case Ready() as ready:
                    yield turn, ready

    def _judged(self, turn: _Turn, verdict: Ready | Skip | Hold) -> Ready | Skip | Hold:
        """With what the recipient alone does not tell: whose the device is in this run, and whether there is a later."""
        match verdict:
            case Hold(person, _) if self._too_late:
                return Skip(person, LOCAL_TIME_PASSED if self._policy.local_time else QUIET_HOURS)
            case Ready(person) if not self._run_devices.belongs_to(verdict, turn.entry.message_id):
                return Skip(person, SAME_DEVICE)
            case _:
                return verdict

    def _rendered(self, turn: _Turn, ready: Ready) -> Iterator[_Sending]:
        place = turn.entry.place
        body = self._source.message(ready, turn.entry.message_id, self._clock.now())
        if isinstance(body, Unsendable):
            self._journal.note(place, body.outcome, body.reason)
            self._reservations.failed(place, ready.recipient.user_id)
        else:
            yield _Sending(turn, ready, Push(place, body, ready.recipient.arm, turn.delays))

    def _settle(self, result: PushResult) -> None:
        sending = self._under_way.pop(result.key)
        user_id = sending.ready.recipient.user_id
        if result.outcome in ("sent", "unknown"):
            self._reservations.used(user_id)
        elif result.outcome == "failed":
            self._reservations.failed(result.key, user_id)
        if result.outcome == "later":
            self._postpone(sending.turn, result)
        elif not self._journal.note(result.key, result.outcome, result.reason):
            self._put_off(sending.turn, RESEND_DELAY)
        elif result.dead_token:
            self._dead.append((sending.ready.recipient.device_id, sending.ready.registration))

    def _postpone(self, turn: _Turn, result: PushResult) -> None:
        """Until it is too late, or clear that it is the push's own trouble that FCM can't take it."""
        delays, surprise = turn.delays + bool(result.reason), turn.surprise + result.surprise
        had_its_tries = self._too_late and delays + self._journal.setbacks >= LAST_TRIES
        if result.reason and (had_its_tries or surprise >= ITS_OWN):
            self._journal.note(result.key, "failed", result.reason)
            return
        self._journal.postpone(result.key, surprise)
        self._put_off(_Turn(turn.entry, delays, surprise), timedelta(seconds=result.delay))

    def _put_off(self, turn: _Turn, delay: timedelta) -> None:
        heapq.heappush(self._later, (self._clock.now() + delay, turn.entry.place, turn))

    def _forget_the_dead(self) -> None:
        """Once it is written down what became of the pushes to them."""
        while self._dead and self._trouble is None:
            forget_device(*self._dead.pop(), devices=self._devices)

    def _give_up(self) -> None:
        """It is too late to wait, and FCM takes nothing: for everybody who is left."""
        for _, place, _ in self._later:
            self._journal.note(place, "failed", UNAVAILABLE)
        self._later.clear()
        while self._trouble is None and (self._next or self._begin_next()):
            if self._next:
                self._journal.note(self._next.popleft().place, "failed", UNAVAILABLE)

    def _until_next_turn(self) -> timedelta:
        """How long there is nothing to do, as far as it is known here."""
        if self._next or (self._more and not self._later):
            return timedelta(0)
        moments = [*(turn[0] for turn in self._later[:1]), *self._held.values()]
        return min(max(min(moments) - self._clock.now(), timedelta(0)), LONGEST_REST) if moments else timedelta(0)

    def _try(self, act: Callable[[], None]) -> None:
        """The first trouble is the one that is raised."""
        try:
            act()
        except InfrastructureError as error:
            self._trouble = self._trouble or error
