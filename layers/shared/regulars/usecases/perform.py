"""Doing what journeys have decided: messages go out, webhooks are called, traits are told, other journeys are started.

First it is decided what is to become of each errand, and nothing is done. Then whoever has them writes them down, each message with who sends it.
Then they are done: once each, or put off as a whole; one that is in trouble costs no other. A webhook is called at least once, with a key by which
its receiver knows a second call.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, assert_never

from regulars.domain.collection.change import Change, tie
from regulars.domain.collection.moments import iso, lake_time
from regulars.domain.documents import JsonObject
from regulars.domain.errors import ConflictError, InfrastructureError, InvalidCampaignError
from regulars.domain.journeys.errand import Errand
from regulars.domain.journeys.inputs import Trigger
from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.pacing import apart
from regulars.domain.journeys.published import Published
from regulars.domain.journeys.steps import Message, SetTraits, Start, Webhook
from regulars.domain.journeys.trail import errand_event
from regulars.domain.lake.event_names import MESSAGE_SKIPPED, MESSAGE_UNKNOWN, WEBHOOK_FAILED, WEBHOOK_SENT
from regulars.domain.reasons import INTERRUPTED, RENDER_FAILED, STEP_GONE, STOPPED
from regulars.ports import JourneyQueue, PushSender, WebhookCaller
from regulars.usecases.merge_many import RESERVE
from regulars.usecases.merge_profiles import merge_profiles
from regulars.usecases.prepare_messages import Letter, Preparation, Prepared
from regulars.usecases.send_messages import send_messages
from regulars.usecases.whole_profiles import whole_profiles


@dataclass
class Performed:
    """By `Errand.id`: `later` says until when one is put off, `held` which of those were not even begun, `trouble` why one could not be done,
    `events` what is to be told of it. All others are done for good. `refused` is why FCM takes nothing from us, or empty."""

    later: dict[str, datetime] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    trouble: dict[str, Exception] = field(default_factory=dict)
    events: dict[str, list[JsonObject]] = field(default_factory=dict)
    refused: str = ""


LEARNING: Final = RESERVE + timedelta(seconds=10)
"""The longest that one profile is tried to be written, and what must be left then."""

TRIES: Final = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=4), timedelta(hours=12))
"""Until a webhook is called again, after each failure; then it has failed. Seventeen hours: over a night in which nobody mends it."""


@dataclass(frozen=True)
class Performer:
    """With what it does it; `holder` names the call."""

    prepare: Preparation
    push_sender: PushSender
    webhooks: WebhookCaller
    queue: JourneyQueue
    holder: str

    def begin(self, errands: Sequence[Errand], published: Published) -> "Begun":
        """Raises nothing. Nothing is done yet, but that room is taken under people's caps."""
        return Begun(self, errands, published)


class Begun:
    """`claimed` are the messages that are to go out, as they have to be written before they do, and `trouble` why of some nobody knows: both by
    errand."""

    def __init__(self, using: Performer, errands: Sequence[Errand], published: Published) -> None:
        self._using, self._published, self._done = using, published, Performed()
        self._deeds = list[tuple[Errand, Journey, Webhook | SetTraits | Start]]()
        self._clock, self._profiles = using.prepare.clock, using.prepare.profiles
        errands = [errand.taken_over(published.books) for errand in errands]
        self._apart = apart((errand for errand in errands if self._may_wait(errand)), self._clock.now())
        letters = [letter for errand in errands if (letter := self._letter(errand))]
        self._mail = self._prepared(letters) if letters else Prepared()
        self.claimed: Mapping[str, Errand] = self._mail.claimed
        self.trouble: Mapping[str, Exception] = self._mail.trouble

    @property
    def deeds(self) -> Collection[str]:
        """The errands that are no messages."""
        return {errand.id for errand, _, _ in self._deeds}

    def send(self, only: Collection[str]) -> Performed:
        """Of those errands the messages: they go first, for what is claimed is not to wait for a receiver that does not answer. Raises nothing."""
        using = self._using
        sent = send_messages(self._mail, only, push_sender=using.push_sender, devices=using.prepare.devices, clock=self._clock)
        self._done.events |= sent.events
        self._done.later |= sent.later
        self._done.refused = sent.refused
        return self._done

    def do(self, only: Collection[str]) -> Performed:
        """Of those errands the others. Raises nothing for an errand's own trouble."""
        self._done = Performed()
        for errand, journey, does in self._deeds:
            if errand.id in only:
                try:
                    self._do(errand, journey, does)
                except Exception as error:  # whatever it is: it is this errand's, which comes again
                    self._done.trouble[errand.id] = error
        return self._done

    def _prepared(self, letters: Sequence[Letter]) -> Prepared:
        try:
            return self._using.prepare(letters, self._told(), holder=self._using.holder)
        except InfrastructureError as error:
            return Prepared(trouble=dict.fromkeys((letter.errand.id for letter in letters), error))

    def _letter(self, errand: Errand) -> Letter | None:
        """Of a message that may go out, or may have."""
        does, book = errand.does(self._published.books), self._published.books.get(errand.journey_id)
        is_left = errand.is_left_by_another(self._using.holder)
        if does is None or book is None:
            self._tell(errand, *((MESSAGE_UNKNOWN, {"reason": INTERRUPTED}) if is_left else (MESSAGE_SKIPPED, {"reason": STEP_GONE})))
            return None
        journey = book.versions[errand.version]
        is_over = book.standing == "stopped" or (book.stopped_at is not None and errand.entry.at < book.stopped_at)
        match does:
            case Message() if is_left:
                return Letter(errand, journey, does)
            case Message() if is_over:
                self._tell(errand, MESSAGE_SKIPPED, {"reason": STOPPED})
            case Webhook() if is_over:
                self._tell(errand, WEBHOOK_FAILED, {"reason": STOPPED})
            case Message() | Webhook() | Start() if book.standing == "paused":
                self._hold(errand, self._clock.now())
            case Message() if until := self._apart.get(errand.id):
                self._hold(errand, until)
            case Message():
                return Letter(errand, journey, does)
            case _:
                self._deeds.append((errand, journey, does))
        return None

    def _hold(self, errand: Errand, until: datetime) -> None:
        self._done.later[errand.id] = until
        self._done.held.add(errand.id)

    def _may_wait(self, errand: Errand) -> bool:
        return isinstance(errand.does(self._published.books), Message) and not errand.is_left_by_another(self._using.holder)

    def _told(self) -> Mapping[str, Sequence[Change]]:
        """What is to be set, by person."""
        told: dict[str, list[Change]] = {}
        for errand, _, does in self._deeds:
            if isinstance(does, SetTraits):
                told.setdefault(errand.user_id, []).append(self._change(errand, does.traits))
        return told

    def _do(self, errand: Errand, journey: Journey, does: Webhook | SetTraits | Start) -> None:
        match does:
            case Webhook():
                self._call(errand, journey, does)
            case SetTraits(traits):
                self._learn(errand, traits)
                self._done.events[errand.id] = [_identify(errand, traits)]
            case Start(journey_id):
                self._using.queue.send([Trigger(errand.user_id, "api", journey_id, errand.at, errand.key, errand.context)])
            case _:
                assert_never(does)

    def _change(self, errand: Errand, traits: JsonObject) -> Change:
        received = lake_time(self._clock.now())
        return Change(errand.user_id, iso(errand.at), traits, tie=tie(received, 0, _message_id(errand)))

    def _learn(self, errand: Errand, traits: JsonObject) -> None:
        """The profile knows before `load` brings it: what comes after it in the journey may ask, or say, it."""
        change = self._change(errand, traits)
        if merge_profiles({errand.user_id: [change]}, profiles=self._profiles, time_left=lambda: LEARNING).undone:
            raise ConflictError(f"the profile of {errand.user_id} cannot be written")

    def _call(self, errand: Errand, journey: Journey, webhook: Webhook) -> None:
        from regulars.domain.journeys.messages import webhook_body
        from regulars.domain.messages.liquid import RenderError

        now = self._clock.now()
        profile = whole_profiles([errand.user_id], profiles=self._profiles).get(errand.user_id)
        try:
            body = webhook_body(webhook, journey, errand, profile.values if profile else {}, now)
        except (RenderError, InvalidCampaignError) as error:
            self._tell(errand, WEBHOOK_FAILED, {"reason": RENDER_FAILED, "because": str(error)[:200]})
            return
        answer = self._using.webhooks.call(webhook.url, body, key=errand.id)
        if answer.taken:
            self._tell(errand, WEBHOOK_SENT, {"status": answer.status})
        elif answer.final or errand.tries >= len(TRIES):
            self._tell(errand, WEBHOOK_FAILED, {"status": answer.status, "because": answer.because})
        else:
            self._done.later[errand.id] = now + max(TRIES[errand.tries], answer.retry_after)

    def _tell(self, errand: Errand, name: str, said: JsonObject) -> None:
        self._done.events[errand.id] = [errand_event(errand, name, self._clock.now(), said)]


def _identify(errand: Errand, traits: JsonObject) -> JsonObject:
    """As a client would tell it, at the moment of the step."""
    return {"type": "identify", "userId": errand.user_id, "messageId": _message_id(errand), "timestamp": iso(errand.at), "traits": traits}


def _message_id(errand: Errand) -> str:
    """Of the identify that it comes to, however often it is told."""
    return f"journey-{errand.id}"
