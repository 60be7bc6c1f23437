"""What is certain about a shard: the ledger of `deliver`.

A recipient is claimed before the push goes out, and recorded after it: first in the shard's progress, of which each block of recipients is one write,
and then, some hundreds at a time, in an object under raw/deliveries. So when a call has died:

    in an object, or known        it happened: never again
    neither, not at risk          nothing happened: from the start
    neither, at risk              nobody knows: `when_unsure` decides, and `settle` when nobody will send any more

Who may have got a push once and is not surely sent to later ends as unknown, whatever became of the last try. Each write is for one holder: whoever
takes the shard over makes the next one of the call before fail (docs/decisions/0043). FCM has no idempotency key, so this is as certain as it gets.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple

from regulars.domain.campaigns.places import outcomes_prefix
from regulars.domain.delivery.outcomes import Outcome, Settled, message_id, outcome_lines, recorded
from regulars.domain.delivery.progress import LEASE, Progress
from regulars.domain.delivery.recipients import WINDOW, Recipient
from regulars.domain.delivery.tally import Tally, Tallying
from regulars.domain.errors import ConflictError, InfrastructureError, ShardHeldError
from regulars.domain.reasons import INTERRUPTED
from regulars.ports import Clock, ObjectStore, ProgressStore

MAX_RESENDS: Final = 5
"""So many pushes to one recipient may be lost before that one is left as unknown, even with `when_unsure: resend`."""


class Entry(NamedTuple):
    """A recipient with the place in the shard, and the id of the message to them."""

    place: int
    recipient: Recipient
    message_id: str


class Journal:
    """One shard's, for one call. Raises StoreUnavailableError, and ShardHeldError where another call has the shard."""

    def __init__(
        self, *, run_id: str, campaign_id: str, shard: int, resend: bool, holder: str, lake: ObjectStore, progress: ProgressStore, clock: Clock
    ) -> None:
        """Takes the shard."""
        self._run_id, self._campaign_id, self._resend, self._holder = run_id, campaign_id, resend, holder
        self._lake, self._store, self._clock = lake, progress, clock
        stored = progress.get(run_id, shard)
        self._before, self._version = stored.value, stored.version
        now = clock.now()
        if left := self._before.held(holder, now):
            raise ShardHeldError(f"another call sends to shard {shard} of run {run_id}", seconds=left.total_seconds())
        self.deaths = self._before.deaths + 1 if self._before.holder not in ("", holder) else 0
        """Of calls in a row before this one."""
        self._at_risk, self._lost = set[int](), set(self._before.at_risk)
        self._doubtful, self._known = dict(self._before.doubtful), dict(self._before.known)
        self._put_off = dict(self._before.put_off)
        self._open: dict[int, Entry] = {}
        self._settled: dict[int, Settled] = {}
        self._enough = WINDOW
        self.counts: Counter[Outcome] = Counter()
        """What this call wrote down, in recipients."""
        self._tallying: Tallying | None = None
        self._write()
        self._prefix = f"{outcomes_prefix(run_id)}{shard:05d}-"
        self._objects = list(lake.keys(self._prefix))
        self._recorded = set[str]()
        self._tallying = self._read()

    @property
    def setbacks(self) -> int:
        """Calls in a row before this one that sent nothing."""
        return self._before.setbacks

    @property
    def refused(self) -> float:
        """The share of what FCM could not take, when it was last heard of."""
        return self._before.refused

    def open(self, first: int, people: Sequence[Recipient]) -> Iterator[Entry]:
        """Those of the people of whom nothing is certain yet, or who are to be sent to again; `first` is the place of the first."""
        for place, person in enumerate(people, first):
            entry = Entry(place, person, message_id(self._run_id, person.user_id, person.device_id))
            fate = self._known.pop(place, None)
            lost = place in self._lost
            self._lost.discard(place)
            if entry.message_id in self._recorded:
                self._forget(place)
                continue
            self._open[place] = entry
            if fate is not None:
                self._settle(place, *fate)
            elif self._is_given_up(place, lost=lost):
                self._settle(place, "unknown", INTERRUPTED)
            else:
                yield entry

    def leave(self, place: int) -> None:
        """It is not the time of the recipient who was opened there: nothing happened."""
        self._open.pop(place)

    def claim(self, places: Iterable[int]) -> None:
        """From now on their pushes may be on their way; not where this raises."""
        claimed = set(places)
        self._at_risk |= claimed
        try:
            self._write()
        except InfrastructureError:
            self._at_risk -= claimed
            raise

    def surprise(self, place: int) -> int:
        """How improbable it was that the push was put off so often, as far as calls before this one know."""
        return self._put_off.get(place, 0)

    def postpone(self, place: int, surprise: float) -> None:
        """The push was surely not sent, and will be tried again."""
        self._at_risk.discard(place)
        if whole := int(surprise):
            self._put_off[place] = whole

    def note(self, place: int, outcome: Outcome, reason: str) -> bool:
        """Keeps what became of a recipient; False for who may have got it, or may not, and is to be sent to again."""
        if outcome == "unknown" and self._resend and not self._is_given_up(place, lost=True):
            self._at_risk.discard(place)
            return False
        if outcome != "sent" and place in self._doubtful:
            outcome, reason = "unknown", reason if outcome == "unknown" else INTERRUPTED
        self._settle(place, outcome, reason)
        if len(self._settled) >= self._enough:
            self._record()
        return True

    def keep(self) -> None:
        """Says that this call lives, where nobody heard of it for a while."""
        if self._clock.now() - self._said_at > LEASE / 3:
            self._write()

    def close(self, *, setbacks: int = 0, refused: float = 1.0) -> None:
        """Writes down what is left, and gives the shard back. Of a shard that another call has taken, what this one knows is recorded all the same:
        of two outcomes of a recipient the better one counts."""
        try:
            self._record()
        finally:
            self._write(holder="", setbacks=setbacks, refused=refused)

    def _read(self) -> Tallying:
        """What is recorded already. (Until then the tally of the call before holds.)"""
        tallying = Tallying()
        for key in self._objects:
            for one in recorded(self._lake.get(key)):
                self._recorded.add(one.message_id)
                tallying.note(one.message_id, one.user_id, one.outcome, one.reason)
        return tallying

    def _is_given_up(self, place: int, *, lost: bool) -> bool:
        """Whether nobody sends to the place any more, because of doubt; `lost` says that there is one more."""
        if lost:
            self._doubtful[place] = self._doubtful.get(place, 0) + 1
        return self._doubtful.get(place, 0) >= (MAX_RESENDS if self._resend else 1)

    def _settle(self, place: int, outcome: Outcome, reason: str) -> None:
        self.counts[outcome] += 1
        entry = self._open.pop(place)
        self._settled[place] = Settled(entry.recipient, entry.message_id, outcome, reason, self._clock.now())
        if self._tallying:
            self._tallying.note(entry.message_id, entry.recipient.user_id, outcome, reason)
        self._forget(place)

    def _forget(self, place: int) -> None:
        """It is certain what became of it."""
        self._at_risk.discard(place)
        self._doubtful.pop(place, None)
        self._put_off.pop(place, None)

    def _record(self) -> None:
        """Writes an object of what is settled. The progress says it until its next write, which does no harm."""
        if not self._settled:
            return
        self._enough = len(self._settled) + WINDOW  # where it can't be written, not each of the next ones has to wait for that
        body = outcome_lines(settled.row(self._campaign_id) for settled in self._settled.values())
        key = self._next_object()
        while not self._lake.put(key, body, only_if_absent=True):
            key = self._next_object()
        self._settled.clear()
        self._enough = WINDOW

    def _next_object(self) -> str:
        self._objects.append(f"{self._prefix}{len(self._objects):05d}.json.gz")
        return self._objects[-1]

    def _write(self, *, holder: str | None = None, setbacks: int = 0, refused: float | None = None) -> None:
        now = self._clock.now()
        fates = {place: (settled.outcome, settled.reason) for place, settled in self._settled.items()}
        progress = replace(
            self._before,
            holder=self._holder if holder is None else holder,
            until=now + LEASE,
            at_risk=frozenset(self._at_risk | self._lost),
            doubtful=dict(self._doubtful),
            known=self._known | fates,
            put_off=dict(self._put_off),
            setbacks=setbacks,
            deaths=0 if self.counts else self.deaths,
            refused=self.refused if refused is None else refused,
            tally=self._tally(now, ended=holder == ""),
        )
        try:
            self._store.put(progress, expected=self._version)
        except ConflictError as error:
            self._write_over(progress, error)
        self._version += 1
        self._said_at = now

    def _tally(self, now: datetime, *, ended: bool) -> Tally:
        tally = self._tallying.as_of(now) if self._tallying else self._before.tally
        return replace(tally, per_second=0.0) if ended else tally

    def _write_over(self, progress: Progress, conflict: ConflictError) -> None:
        """What is in the way may be ours: a write whose answer was lost. Nobody else writes as this holder."""
        there = self._store.get(progress.run_id, progress.shard)
        if there.value.holder != self._holder and there.value != progress:
            raise ShardHeldError(str(conflict), seconds=LEASE.total_seconds()) from conflict
        self._version = there.version
        self._store.put(progress, expected=self._version)
