"""One shard of a run: render, send, and keep every outcome. Safe to do again, at any point where it was cut off."""

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from regulars.domain.campaigns.campaign import Campaign
from regulars.domain.campaigns.outcomes import DEVICE_GONE, INTERRUPTED, SAME_DEVICE
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.recipients import outcome_row, read_recipients, windows, with_current_traits
from regulars.domain.campaigns.run import PARALLEL_WORKERS
from regulars.domain.delivery.reasons import NO_DEVICE
from regulars.domain.errors import ConflictError, InfrastructureError, PushConfigurationError
from regulars.domain.messages.rendering import MessageTemplate, Occasion, Recipient, UnsendableError, templates
from regulars.domain.people.profile import without_dead_token
from regulars.ports import Clock, Document, ObjectStore, ProfileStore, Push, PushResult, PushSender, RunStore
from regulars.usecases.delivery_journal import Journal, Window

FORGET_ATTEMPTS = 3


@dataclass(frozen=True)
class Delivered:
    """What one call did, in recipients (devices, and people without any). Not `done`: call again with the same arguments."""

    run_id: str
    shard: int
    key: str
    done: bool
    sent: int = 0
    failed: int = 0
    skipped: int = 0
    unknown: int = 0

    def document(self) -> Document:
        return asdict(self)


def deliver(
    run_id: str,
    shard: int,
    key: str,
    *,
    owner: str,
    deadline: datetime,
    runs: RunStore,
    lake: ObjectStore,
    profiles: ProfileStore,
    push_sender: PushSender,
    clock: Clock,
) -> Delivered:
    """Sends to the recipients in the object at `key`, except those of whom the journal knows already; takes nobody new after `deadline`.

    `owner` names this call in claims. A recipient's failure is data. Raises InfrastructureError, with everything that is known recorded;
    PushConfigurationError is also written into the run's record, so that the other shards stop.
    """
    record = runs.get(run_id).document
    if record.get("error"):
        raise PushConfigurationError(f"the run was stopped: {record['error']['message']}")
    campaign = parse_campaign(record["campaign"])
    journal = Journal(run_id, shard, resend=campaign.delivery.when_unsure == "resend", owner=owner, lake=lake, runs=runs)
    recipients = read_recipients(lake.get(key))
    workers = min(PARALLEL_WORKERS, max(1, record.get("shards", 1)))
    work = _Work(run_id, campaign, datetime.fromisoformat(record["planned_at"]), recipients, journal, profiles, clock, deadline)
    try:
        work.send(push_sender, campaign.delivery.per_second / workers)
    except PushConfigurationError as error:
        _stop_run(run_id, error, runs)
        raise
    done = all(journal.is_done(number) for number, _ in windows(recipients))
    return Delivered(run_id, shard, key, done, **work.counts)


def _stop_run(run_id: str, error: PushConfigurationError, runs: RunStore) -> None:
    stored = runs.get(run_id)
    told = {"code": error.code, "message": str(error)}
    try:
        runs.put(run_id, {**stored.document, "error": told}, expected=stored.version)
    except ConflictError:
        return  # another shard was told the same, and was first


@dataclass(eq=False)
class _Work:
    """One pass over the windows that are not done. The sender draws pushes from `_pushes` while results come in, so several may be open."""

    run_id: str
    campaign: Campaign
    planned_at: datetime
    recipients: Sequence[Recipient]
    journal: Journal
    profiles: ProfileStore
    clock: Clock
    deadline: datetime
    counts: Counter[str] = field(default_factory=Counter)
    _open: dict[int, Window] = field(default_factory=dict)
    _sending: dict[int, tuple[Window, Recipient]] = field(default_factory=dict)
    _keys: Iterator[int] = field(default_factory=itertools.count)
    _tokens: set[str] = field(default_factory=set)
    _trouble: InfrastructureError | None = None

    def __post_init__(self) -> None:
        self._templates: dict[str, MessageTemplate] = templates(self.campaign)
        self._resend = self.campaign.delivery.when_unsure == "resend"

    def send(self, push_sender: PushSender, per_second: float) -> None:
        """Raises InfrastructureError after all that went out is recorded: the sender drains before it raises, and so do we."""
        failure: InfrastructureError | None = None
        try:
            for result in push_sender.send(self._pushes(), per_second=per_second, deadline=self.deadline):
                self._settle(result)
        except InfrastructureError as error:
            failure = error
        for window in list(self._open.values()):
            self._close(window)
        trouble = failure or self._trouble
        if trouble:
            raise trouble

    def _pushes(self) -> Iterator[Push]:
        """The pushes of each window in turn, claimed just before the first. Trouble of ours ends it, and what is out is still waited for."""
        for number, people in windows(self.recipients):
            if self._trouble or self.clock.now() >= self.deadline:
                return
            if self.journal.is_done(number):
                continue
            try:
                pushes = self._prepared(number, people)
            except InfrastructureError as error:
                self._trouble = error
                return
            yield from pushes

    def _prepared(self, number: int, people: Sequence[Recipient]) -> list[Push]:
        """The window's pushes; those of its people who get none have their outcome already."""
        window = self.journal.open(number, people)
        pushes = self._rendered(window)
        window.outstanding = len(pushes)
        if not pushes:
            self.journal.give_up(window)
        elif self.journal.claim(window):
            self._open[number] = window
        else:
            for push in pushes:
                _, person = self._sending.pop(push.key)
                self._note(window, person, "unknown", INTERRUPTED)
            self.journal.give_up(window)
            return []
        return pushes

    def _rendered(self, window: Window) -> list[Push]:
        profiles = self.profiles.get_many(sorted({person.user_id for person in window.left}))
        occasion = Occasion(self.run_id, self.planned_at, self.clock.now())
        pushes: list[Push] = []
        for person in window.left:
            known = profiles.get(person.user_id)
            try:
                ready = self._ready(person, known.document if known else {})
                push = Push(next(self._keys), self._templates[ready.arm].render(ready, occasion))
            except _SkippedError as skipped:
                self._note(window, person, "skipped", skipped.reason)
            except UnsendableError as unsendable:
                self._note(window, person, "failed", unsendable.reason)
            else:
                self._sending[push.key] = (window, ready)
                pushes.append(push)
        return pushes

    def _ready(self, person: Recipient, profile: Document) -> Recipient:
        """The recipient as of now. Raises _SkippedError."""
        if not person.device_id:
            raise _SkippedError(NO_DEVICE)
        token = profile.get("devices", {}).get(person.device_id, {}).get("token")
        if not token:
            raise _SkippedError(DEVICE_GONE)
        if token in self._tokens:
            raise _SkippedError(SAME_DEVICE)
        self._tokens.add(token)
        return replace(person, token=token, traits=with_current_traits(person, profile))

    def _settle(self, result: PushResult) -> None:
        window, person = self._sending[result.key]
        window.outstanding -= 1
        if result.dead_token:
            window.dead.append(person)
        if not (result.outcome == "unknown" and self._resend and window.may_resend):
            self._note(window, person, result.outcome, result.reason)
        if not window.outstanding and not self._trouble:
            self._close(window)

    def _close(self, window: Window) -> None:
        try:
            self.journal.record(window)
        except InfrastructureError as error:
            self._trouble = error  # it stays open, and is tried once more when everything has come back
            return
        del self._open[window.number]
        self._forget_dead(window)

    def _note(self, window: Window, person: Recipient, outcome: str, reason: str) -> None:
        self.counts[outcome] += 1
        window.rows.append(outcome_row(self.campaign.id, self.run_id, person, outcome, reason, self.clock.now()))

    def _forget_dead(self, window: Window) -> None:
        """Takes dead tokens out of profiles. One that cannot be taken out now will be found dead again."""
        for person in window.dead:
            for _ in range(FORGET_ATTEMPTS):
                try:
                    stored = self.profiles.get_many([person.user_id])[person.user_id]
                    kept = without_dead_token(stored.document, person.device_id, person.token)
                    if kept != stored.document:
                        self.profiles.put(person.user_id, kept, expected=stored.version)
                    break
                except ConflictError:
                    continue
                except (InfrastructureError, KeyError):
                    break


class _SkippedError(Exception):
    """This recipient gets nothing, for the `reason`. It never leaves this module."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
