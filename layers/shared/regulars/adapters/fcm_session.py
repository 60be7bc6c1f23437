"""One session of sending: what goes out when, and what each push comes to."""

import math
import random
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from regulars.adapters.fcm_bucket import SharedBucket
from regulars.adapters.fcm_guilt import stopping
from regulars.adapters.fcm_token import WHAT_TO_FIX, AccessToken
from regulars.adapters.fcm_transport import Fate, Reply, Transport
from regulars.domain.delivery.answers import Action, Verdict, classify
from regulars.domain.delivery.availability import Availability
from regulars.domain.delivery.pace import EXPECTED_LATENCY, RetryPolicy, TokenBucket, parallelism, pause_seconds, retry_delay
from regulars.domain.delivery.suspicion import SAMPLE, Suspicion
from regulars.domain.errors import InfrastructureError, PushConfigurationError, PushUnavailableError
from regulars.domain.reasons import NO_ANSWER, QUOTA, UNAVAILABLE
from regulars.ports import Push, PushResult

POLL_SECONDS = 0.05
BRIEF = 1.0
"""Seconds that a session rests without giving back what it has."""
LONG = 5.0
"""Seconds that the rate may ask for before the session rests: others may have been told to pause."""
LATENCY_WEIGHT = 0.02  # of the newest answer in the running mean: some fifty answers of memory
RESIZE_EVERY = 256


@dataclass(slots=True, eq=False)
class Pending:
    """A push that was taken and has no result yet."""

    push: Push
    renewals: int = 0
    token: str = ""


class FcmSession:
    """The port `PushSession`. A push whose connection broke after it had gone out is unknown and not repeated; one that FCM may yet take is put off;
    one that it refuses is held back until it is known whether all are."""

    def __init__(
        self,
        transport: Transport[Pending],
        token: AccessToken,
        policy: RetryPolicy,
        bucket: TokenBucket | SharedBucket,
        *,
        per_second: float,
        seconds: float,
        refused: float = 1.0,
    ) -> None:
        """`seconds` from now no push is started any more."""
        self._transport, self._token, self._policy, self._bucket = transport, token, policy, bucket
        self._new: deque[Pending] = deque()
        self._suspicion: Suspicion[PushResult] = Suspicion(first=refused == 1.0)
        self._availability = Availability(refused)
        self._answers = self._troubles = 0
        self._rests_until = 0.0
        self._latency = EXPECTED_LATENCY
        self._per_second = per_second
        self._deadline = time.monotonic() + seconds
        self.failure: InfrastructureError | None = None
        self.waits_for = ""
        transport.resize(parallelism(per_second))

    @property
    def hungry(self) -> bool:
        now = time.monotonic()
        return not self._new and self._goes_on(now)

    @property
    def busy(self) -> bool:
        return bool(self._transport.in_flight or self._new or self._suspicion.holds)

    @property
    def rest(self) -> float:
        return max(self._rests_until - time.monotonic(), 0.0)

    @property
    def refused(self) -> float:
        return self._availability.refused

    def take(self, pushes: Iterable[Push]) -> None:
        self._new.extend(map(Pending, pushes))

    def halt(self) -> None:
        self._deadline = -math.inf

    def results(self) -> Sequence[PushResult]:
        self._start_what_may()
        found = list(self._handed_back())
        if self._transport.in_flight:
            replies = self._transport.poll(0 if found else min(POLL_SECONDS, self._until_next()))
            found += [result for reply in replies for result in self._settle(reply)]
        elif self._new:
            time.sleep(self._until_next())
        elif not found:  # whoever drives the session had nothing more to give
            found += self._ended()
        return found

    def _goes_on(self, now: float) -> bool:
        """Whether what is new may go out soon."""
        return self.failure is None and now < self._deadline and self._rests_until - now <= BRIEF

    def _handed_back(self) -> Iterator[PushResult]:
        """What was never started, where nothing is to be started for a while, or any more."""
        while self._new and not self._goes_on(time.monotonic()):
            yield PushResult(self._new.popleft().push.key, "later", delay=self.rest)

    def _ended(self) -> list[PushResult]:
        return [*self._suspicion.ended(), *self._judged()]

    def _start_what_may(self) -> None:
        now, token = time.monotonic(), ""
        while self._new and self._goes_on(now) and now >= self._rests_until and self._has_room:
            if wait := self._bucket.wait(now):
                if wait > LONG:
                    self._rest(wait)
                return
            try:
                token = token or self._token.value()
            except InfrastructureError as error:
                self._without_token(error)
                return
            pending = self._new.popleft()
            pending.token = token
            self._bucket.take()
            self._transport.start(pending, pending.push.body, f"Bearer {token}")

    @property
    def _has_room(self) -> bool:
        return self._transport.has_room and not (self._transport.in_flight >= SAMPLE and self._suspicion.wary)

    def _until_next(self) -> float:
        """Seconds until something may go out, a poll's length at most: only answers can change that where there is no room."""
        now = time.monotonic()
        if not (self._new and self._has_room):
            return POLL_SECONDS
        return min(max(self._rests_until - now, self._bucket.wait(now)), POLL_SECONDS)

    def _settle(self, reply: Reply[Pending]) -> Sequence[PushResult]:
        """The results that are certain now; none where the push goes out again at once, or its result is held back."""
        pending = reply.tag
        if reply.fate is Fate.UNSURE:
            return [PushResult(pending.push.key, "unknown", NO_ANSWER)]
        if reply.fate is Fate.UNSENT:
            return [self._unreached(pending, f"FCM can't be reached: {reply.error}")]
        verdict = classify(reply.status, reply.body)
        self._heard(verdict, reply.seconds)
        match verdict.action:
            case Action.SENT:
                return [PushResult(pending.push.key, "sent"), *self._suspicion.sent(pending.push.content)]
            case Action.FAIL:
                return self._refused(pending, verdict)
            case Action.UNSURE:
                return [PushResult(pending.push.key, "unknown", verdict.reason)]
            case Action.RETRY:
                return [self._again(pending, reply)]
            case Action.PAUSE:
                return [self._pause(pending, reply.retry_after)]
            case Action.RENEW:
                return self._renew(pending, verdict.explanation)

    def _heard(self, verdict: Verdict, seconds: float) -> None:
        self._answers += 1
        self._latency += (seconds - self._latency) * LATENCY_WEIGHT
        if self._answers % RESIZE_EVERY == 0:
            self._transport.resize(parallelism(self._per_second, self._latency))
        if verdict.action is not Action.PAUSE:
            self._availability.answered(taken=verdict.action is not Action.RETRY)
        if verdict.action not in (Action.PAUSE, Action.RETRY):
            self._troubles = 0

    def _refused(self, pending: Pending, verdict: Verdict) -> Sequence[PushResult]:
        result = PushResult(pending.push.key, "failed", verdict.reason, dead_token=verdict.dead_token)
        if verdict.blame is None:
            return [result]
        self._suspicion.refused(verdict, pending.push.content, result)
        return self._judged()

    def _judged(self) -> list[PushResult]:
        """Where everybody is refused alike, nobody has failed: what was held back was not sent."""
        if self._suspicion.guilt is None:
            return []
        self._stop(stopping(self._suspicion.guilt))
        return [PushResult(result.key, "later") for result in self._suspicion.unjudged()]

    def _again(self, pending: Pending, reply: Reply[Pending]) -> PushResult:
        """FCM could not take it now."""
        self.waits_for = f"FCM answers {reply.status}"
        surprise = self._availability.surprise
        delay = self._delay(self._policy.first_delay, pending.push.delays + 1, reply.retry_after)
        if self._availability.is_away:
            self._rest(delay)
        return PushResult(pending.push.key, "later", UNAVAILABLE, delay=delay, surprise=surprise)

    def _unreached(self, pending: Pending, why: str) -> PushResult:
        """Nothing of it went out. Where one can't connect, the next can't either: a while, and a longer one each time until something is answered."""
        self._cannot_send(why)
        return PushResult(pending.push.key, "later", UNAVAILABLE, delay=self.rest)

    def _cannot_send(self, why: str) -> None:
        self.waits_for = why
        if self.rest == 0.0:
            self._troubles += 1
            self._rest(self._delay(self._policy.reconnect_delay, self._troubles, 0.0))

    def _pause(self, pending: Pending, retry_after: float) -> PushResult:
        self.waits_for = "the project's sending quota is used up"
        self._rest(pause_seconds(self._policy, retry_after, random.random()))
        self._bucket.pause(self._rests_until)
        return PushResult(pending.push.key, "later", QUOTA, delay=self.rest)

    def _renew(self, pending: Pending, explanation: str) -> Sequence[PushResult]:
        if pending.renewals:
            self._stop(PushConfigurationError(f"FCM refuses a fresh access token: {explanation} {WHAT_TO_FIX}"))
            return [PushResult(pending.push.key, "later")]
        pending.renewals += 1
        self._new.appendleft(pending)
        try:
            self._token.renew(pending.token)
        except InfrastructureError as error:
            self._without_token(error)
        return []

    def _without_token(self, error: InfrastructureError) -> None:
        """Nobody can be sent to; where Google's endpoint is only out of reach, it is asked again."""
        if isinstance(error, PushUnavailableError):
            self._cannot_send(str(error))
        else:
            self._stop(error)

    def _delay(self, first: float, failures: int, retry_after: float) -> float:
        return retry_delay(first, failures, retry_after, random.random(), self._policy.longest_delay)

    def _rest(self, seconds: float) -> None:
        self._rests_until = max(self._rests_until, time.monotonic() + seconds)

    def _stop(self, error: InfrastructureError) -> None:
        """Nothing more goes out; what is under way still ends. The first error is the one that is raised."""
        self.failure = self.failure or error
