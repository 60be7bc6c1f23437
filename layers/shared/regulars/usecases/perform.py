"""Doing what journeys have decided: messages go out, webhooks are called, traits are told, other journeys are started.

Each errand is done once, or put off as a whole; one that is in trouble costs no other. A webhook is called at least once, with a key by which its
receiver knows a second call.
"""

from collections.abc import Callable, Sequence
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
from regulars.domain.journeys.published import Published
from regulars.domain.journeys.steps import Message, SetTraits, Start, Webhook
from regulars.domain.journeys.trail import errand_event
from regulars.domain.lake.event_names import MESSAGE_SKIPPED, WEBHOOK_FAILED, WEBHOOK_SENT
from regulars.domain.reasons import RENDER_FAILED, STEP_GONE, STOPPED
from regulars.ports import Clock, JourneyQueue, ProfileStore, WebhookCaller
from regulars.usecases.merge_many import RESERVE
from regulars.usecases.merge_profiles import merge_profiles
from regulars.usecases.send_messages import Letter, MessageSender
from regulars.usecases.whole_profiles import whole_profiles


@dataclass
class Performed:
    """`later` says until when an errand is put off, and `trouble` why one could not even be begun, by `Errand.id`; all others are done for good.
    `events` are what is to be told. `refused` is why FCM takes nothing from us, or empty."""

    later: dict[str, datetime] = field(default_factory=dict)
    trouble: dict[str, Exception] = field(default_factory=dict)
    events: list[JsonObject] = field(default_factory=list)
    refused: str = ""


LEARNING: Final = RESERVE + timedelta(seconds=10)
"""The longest that one profile is tried to be written, and what must be left then."""

Perform = Callable[[Sequence[Errand], Published], Performed]

TRIES: Final = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=4), timedelta(hours=12))
"""Until a webhook is called again, after each failure; then it has failed. Seventeen hours: over a night in which nobody mends it."""


@dataclass(frozen=True)
class Performer:
    """With what it does it. Raises nothing for an errand's own trouble."""

    messages: MessageSender
    webhooks: WebhookCaller
    queue: JourneyQueue
    profiles: ProfileStore
    clock: Clock
    holder: str

    def __call__(self, errands: Sequence[Errand], published: Published) -> Performed:
        done, letters = Performed(), list[Letter]()
        for errand in errands:
            try:
                if letter := self._letter(errand, published, done):
                    letters.append(letter)
            except Exception as error:  # whatever it is: it is this errand's, which comes again
                done.trouble[errand.id] = error
        if letters:
            self._send(letters, done)
        return done

    def _letter(self, errand: Errand, published: Published, done: Performed) -> Letter | None:
        """Of a message that may go out. Everything else is done at once."""
        does, book = errand.does(published.books), published.books.get(errand.journey_id)
        if does is None or book is None:
            self._skip(errand, STEP_GONE, done)
            return None
        journey, now = book.versions[errand.version], self.clock.now()
        is_over = book.standing == "stopped" or (book.stopped_at is not None and errand.entry.at < book.stopped_at)
        match does:
            case Message() if is_over:
                self._skip(errand, STOPPED, done)
            case Webhook() if is_over:
                done.events.append(errand_event(errand, WEBHOOK_FAILED, now, {"reason": STOPPED}))
            case Message() if book.standing == "paused":
                done.later[errand.id] = now
            case Message():
                return Letter(errand, journey, does)
            case Webhook():
                self._call(errand, journey, does, now, done)
            case SetTraits(traits):
                self._learn(errand, traits)
                done.events.append(_identify(errand, traits))
            case Start(journey_id):
                self.queue.send([Trigger(errand.user_id, "api", journey_id, errand.at, errand.key, errand.context)])
            case _:
                assert_never(does)
        return None

    def _learn(self, errand: Errand, traits: JsonObject) -> None:
        """The profile knows before `load` brings it: what comes after it in the journey may ask, or say, it."""
        received = lake_time(self.clock.now())
        change = Change(errand.user_id, iso(errand.at), traits, tie=tie(received, 0, _message_id(errand)))
        if merge_profiles({errand.user_id: [change]}, profiles=self.profiles, time_left=lambda: LEARNING).undone:
            raise ConflictError(f"the profile of {errand.user_id} cannot be written")

    def _send(self, letters: Sequence[Letter], done: Performed) -> None:
        try:
            sent = self.messages.send(letters, holder=self.holder)
        except InfrastructureError as error:
            done.trouble |= dict.fromkeys((letter.errand.id for letter in letters), error)
            return
        done.events += sent.events
        done.later |= sent.later
        done.trouble |= sent.trouble
        done.refused = sent.refused

    def _call(self, errand: Errand, journey: Journey, webhook: Webhook, now: datetime, done: Performed) -> None:
        from regulars.domain.journeys.messages import webhook_body
        from regulars.domain.messages.liquid import RenderError

        profile = whole_profiles([errand.user_id], profiles=self.profiles).get(errand.user_id)
        try:
            body = webhook_body(webhook, journey, errand, profile.values if profile else {}, now)
        except (RenderError, InvalidCampaignError) as error:
            said = {"reason": RENDER_FAILED, "because": str(error)[:200]}
            done.events.append(errand_event(errand, WEBHOOK_FAILED, now, said))
            return
        answer = self.webhooks.call(webhook.url, body, key=errand.id)
        if answer.taken:
            done.events.append(errand_event(errand, WEBHOOK_SENT, now, {"status": answer.status}))
        elif answer.final or errand.tries >= len(TRIES):
            done.events.append(errand_event(errand, WEBHOOK_FAILED, now, {"status": answer.status, "because": answer.because}))
        else:
            done.later[errand.id] = now + max(TRIES[errand.tries], answer.retry_after)

    def _skip(self, errand: Errand, reason: str, done: Performed) -> None:
        done.events.append(errand_event(errand, MESSAGE_SKIPPED, self.clock.now(), {"reason": reason}))


def _identify(errand: Errand, traits: JsonObject) -> JsonObject:
    """As a client would tell it, at the moment of the step."""
    return {"type": "identify", "userId": errand.user_id, "messageId": _message_id(errand), "timestamp": iso(errand.at), "traits": traits}


def _message_id(errand: Errand) -> str:
    """Of the identify that it comes to, however often it is told."""
    return f"journey-{errand.id}"
