"""One pass over a source of recipients: decide, render, send, and keep in the journal what became of each.

    source --recipients--> decide --Ready--> message --Push--> session --result--> journal
                             `--Skip---------------------------------------------^

Several windows may be open at once: the next is begun as soon as the session has started all that it was given.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from regulars.domain.delivery.decision import Ready, Skip, decide
from regulars.domain.delivery.outcomes import Outcome, Settled
from regulars.domain.delivery.recipients import Recipient
from regulars.domain.errors import InfrastructureError
from regulars.domain.messages.rendering import Unsendable
from regulars.domain.reasons import INTERRUPTED, SAME_DEVICE
from regulars.ports import Clock, DeviceStore, ProfileStore, Push, PushResult, PushSession
from regulars.usecases.delivery_journal import Journal, Window
from regulars.usecases.forget_device import forget_device
from regulars.usecases.run_devices import RunDevices
from regulars.usecases.whole_profiles import whole_profiles


class RecipientSource(Protocol):
    """Whom to send to, in windows that never change, and what."""

    def windows(self) -> Iterator[tuple[int, Sequence[Recipient]]]:
        """Each window's number and its recipients."""
        ...

    def message(self, ready: Ready, message_id: str, now: datetime) -> bytes | Unsendable:
        """FCM's request body for one recipient."""
        ...


class DeliveryPass:
    """Used once. `counts` are recipients by outcome; `finished` says that every window is done, `stopped` that `goes_on`, which is asked before
    each window, said no."""

    def __init__(
        self,
        source: RecipientSource,
        journal: Journal,
        run_devices: RunDevices,
        profiles: ProfileStore,
        devices: DeviceStore,
        clock: Clock,
        *,
        goes_on: Callable[[], bool],
    ) -> None:
        self._source, self._journal, self._run_devices, self._clock = source, journal, run_devices, clock
        self._profiles, self._devices = profiles, devices
        self._goes_on = goes_on
        self.counts: Counter[Outcome] = Counter()
        self.finished = self.stopped = False
        self._cut = False
        self._open: dict[int, Window] = {}
        self._sending: dict[int, tuple[Window, Ready]] = {}
        self._next_key = 0
        self._trouble: InfrastructureError | None = None

    def run(self, session: PushSession) -> None:
        """Sends until the source or the session's time is at its end. Raises InfrastructureError, after all that went out is recorded."""
        windows = self._source.windows()
        more = True
        while True:
            while more and session.hungry and self._trouble is None:
                more = self._begin_next(windows, session)
            for result in session.results():
                self._settle(result)
            if not session.busy and not (more and session.hungry and self._trouble is None):
                break
        for window in list(self._open.values()):
            self._close(window)
        if trouble := session.failure or self._trouble:
            raise trouble
        self.finished = not more and not self.stopped and not self._cut

    def _begin_next(self, windows: Iterator[tuple[int, Sequence[Recipient]]], session: PushSession) -> bool:
        """Hands the next window that is not done to the session; False where there is none. After trouble of ours no more are begun."""
        try:
            following = next(((number, people) for number, people in windows if not self._journal.is_done(number)), None)
            self.stopped = following is not None and not self._goes_on()
            if following is None or self.stopped:
                return False
            session.take(self._claimed(self._journal.open(*following)))
        except InfrastructureError as error:
            self._trouble = error
        return True

    def _claimed(self, window: Window) -> list[Push]:
        """The window's pushes, which are ours to send; those of its people who get none have their outcome already."""
        pushes = self._pushes(window)
        window.outstanding = len(pushes)
        if not pushes:
            self._journal.give_up(window)
        elif self._journal.claim(window):
            self._open[window.number] = window
        else:
            for push in pushes:
                _, ready = self._sending.pop(push.key)
                self._note(window, ready.recipient, "unknown", INTERRUPTED)
            self._journal.give_up(window)
            return []
        return pushes

    def _pushes(self, window: Window) -> list[Push]:
        pushes: list[Push] = []
        now = self._clock.now()
        for verdict in self._decided(window):
            match verdict:
                case Skip(person, reason):
                    self._note(window, person, "skipped", reason)
                case Ready(person):
                    body = self._source.message(verdict, self._journal.message_id(person), now)
                    if isinstance(body, Unsendable):
                        self._note(window, person, "failed", body.reason)
                    else:
                        pushes.append(self._push(window, verdict, body))
        return pushes

    def _decided(self, window: Window) -> Iterator[Ready | Skip]:
        known = whole_profiles(sorted({person.user_id for person in window.left}), profiles=self._profiles)
        owned = self._devices.get_many(sorted({person.device_id for person in window.left if person.device_id}))
        for person in window.left:
            device = owned.get(person.device_id)
            verdict = decide(person, known.get(person.user_id), device.value if device else None)
            if isinstance(verdict, Ready) and not self._run_devices.belongs_to(verdict, self._journal.message_id(person)):
                verdict = Skip(person, SAME_DEVICE)
            yield verdict

    def _push(self, window: Window, ready: Ready, body: bytes) -> Push:
        self._next_key += 1
        self._sending[self._next_key] = (window, ready)
        return Push(self._next_key, body)

    def _settle(self, result: PushResult) -> None:
        window, ready = self._sending.pop(result.key)
        window.outstanding -= 1
        if result.dead_token:
            window.dead.append(ready)
        if not (result.outcome == "unknown" and self._journal.may_repeat(window)):
            self._note(window, ready.recipient, result.outcome, result.reason)
        if not window.outstanding and self._trouble is None:
            self._close(window)

    def _close(self, window: Window) -> None:
        try:
            self._journal.record(window)
        except InfrastructureError as error:
            self._trouble = error  # it stays open, and is tried once more when everything has come back
            return
        del self._open[window.number]
        self._cut = self._cut or not window.complete
        for ready in window.dead:
            forget_device(ready, devices=self._devices)

    def _note(self, window: Window, person: Recipient, outcome: Outcome, reason: str) -> None:
        self.counts[outcome] += 1
        window.settled.append(Settled(person, outcome, reason, self._clock.now()))
