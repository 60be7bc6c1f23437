"""One session of sending: what goes out when, and what each push comes to."""

import heapq
import itertools
import random
import time
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from regulars.adapters.fcm_token import WHAT_TO_FIX, AccessToken
from regulars.adapters.fcm_transport import Fate, Reply, Transport
from regulars.domain.delivery.answers import Action, classify
from regulars.domain.delivery.pace import EXPECTED_LATENCY, RetryPolicy, TokenBucket, parallelism, pause_seconds, retry_delay
from regulars.domain.errors import InfrastructureError, PushConfigurationError, PushUnavailableError
from regulars.domain.reasons import NO_ANSWER, QUOTA, UNAVAILABLE
from regulars.ports import Push, PushResult

POLL_SECONDS = 0.05
LATENCY_WEIGHT = 0.02  # of the newest answer in the running mean: some fifty answers of memory
RESIZE_EVERY = 256


@dataclass(slots=True, eq=False)
class Pending:
    """A push that was taken and has no result yet."""

    push: Push
    failures: int = 0
    quota_refusals: int = 0
    renewals: int = 0
    token: str = ""
    answers_seen: int = 0
    """How many answers there had been, to any push, when this one first could not be sent."""


class FcmSession:
    """The port `PushSession`. A push that waits for another try at the deadline failed as unavailable: it was surely not sent.
    One whose connection broke after it had gone out is unknown and not repeated."""

    def __init__(self, transport: Transport[Pending], token: AccessToken, policy: RetryPolicy, *, per_second: float, seconds: float) -> None:
        """`seconds` from now no push is started any more."""
        self._transport, self._token, self._policy = transport, token, policy
        self._new: deque[Push] = deque()
        self._waiting: list[tuple[float, int, Pending]] = []
        self._order = itertools.count()
        self._answers = 0
        self._start_from = 0.0  # the moment before which nothing is started that was never tried
        self._latency = EXPECTED_LATENCY
        self._bucket = TokenBucket(per_second, time.monotonic())
        self._per_second = per_second
        self._deadline = time.monotonic() + seconds
        self.failure: InfrastructureError | None = None
        transport.resize(parallelism(per_second))

    @property
    def hungry(self) -> bool:
        now = time.monotonic()
        return not self._new and self._is_open(now) and now + self._until_new(now) < self._deadline

    @property
    def busy(self) -> bool:
        return bool(self._transport.in_flight or self._waiting) or (bool(self._new) and self._is_open(time.monotonic()))

    def take(self, pushes: Iterable[Push]) -> None:
        self._new.extend(pushes)

    def results(self) -> Sequence[PushResult]:
        self._start_what_may()
        if self._transport.in_flight:
            replies = self._transport.poll(min(POLL_SECONDS, self._until_next()))
            return [result for reply in replies if (result := self._settle(reply)) is not None]
        if self.failure is not None:  # whoever waits for another try has no result, and is asked for again
            self._waiting.clear()
        elif (self._waiting or self._new) and time.monotonic() + self._until_next() >= self._deadline:
            return self._given_up()
        elif self._waiting or self._new:
            time.sleep(self._until_next())
        return []

    def _is_open(self, now: float) -> bool:
        return self.failure is None and now < self._deadline

    def _given_up(self) -> list[PushResult]:
        """With nothing under way, and nothing that may go out before the deadline, there is no use to wait for it."""
        given_up = [_failed(pending, UNAVAILABLE) for _, _, pending in sorted(self._waiting)]
        self._waiting.clear()
        self._new.clear()
        self._deadline = time.monotonic()
        return given_up

    def _start_what_may(self) -> None:
        now = time.monotonic()
        while self.failure is None and now < self._deadline and self._transport.has_room and not self._bucket.wait(now):
            pending = self._next(now)
            if pending is None:
                return
            try:
                pending.token = self._token.value()
            except InfrastructureError as error:
                self.failure = error
                return
            self._bucket.take()
            self._transport.start(pending, pending.push.body, f"Bearer {pending.token}")

    def _next(self, now: float) -> Pending | None:
        """What waits goes first: it was tried before."""
        if self._waiting and self._waiting[0][0] <= now:
            return heapq.heappop(self._waiting)[2]
        return Pending(self._new.popleft()) if self._new and now >= self._start_from else None

    def _until_new(self, now: float) -> float:
        """Seconds until a push that was never tried may go out."""
        return max(self._start_from - now, self._bucket.wait(now))

    def _until_next(self) -> float:
        """Seconds until something may go out; a poll's length where only answers can change that."""
        now = time.monotonic()
        if not self._is_open(now) or not self._transport.has_room:
            return POLL_SECONDS
        due = [self._waiting[0][0] - now] if self._waiting else []
        due += [self._start_from - now] if self._new else []
        return max(min(due), self._bucket.wait(now)) if due else POLL_SECONDS

    def _settle(self, reply: Reply[Pending]) -> PushResult | None:
        """The result, or None where the push goes back to wait."""
        pending = reply.tag
        if reply.fate is Fate.UNSURE:
            return PushResult(pending.push.key, "unknown", NO_ANSWER)
        if reply.fate is Fate.UNSENT:
            return self._unsent(pending, reply.error)
        self._count(reply.seconds)
        verdict = classify(reply.status, reply.body)
        match verdict.action:
            case Action.SENT:
                return PushResult(pending.push.key, "sent", provider_id=verdict.provider_id)
            case Action.FAIL:
                return PushResult(pending.push.key, "failed", verdict.reason, dead_token=verdict.dead_token)
            case Action.UNSURE:
                return PushResult(pending.push.key, "unknown", verdict.reason)
            case Action.RETRY:
                return self._again(pending, self._policy.first_delay, reply.retry_after)
            case Action.PAUSE:
                return self._pause(pending, reply.retry_after)
            case Action.RENEW:
                self._renew(pending, verdict.explanation)
            case Action.STOP:
                self._stop(PushConfigurationError(f"FCM refuses to send for us: {verdict.explanation} {WHAT_TO_FIX}"))
        return None

    def _count(self, seconds: float) -> None:
        self._answers += 1
        self._latency += (seconds - self._latency) * LATENCY_WEIGHT
        if self._answers % RESIZE_EVERY == 0:
            self._transport.resize(parallelism(self._per_second, self._latency))

    def _unsent(self, pending: Pending, error: str) -> PushResult | None:
        if pending.failures == 0:
            pending.answers_seen = self._answers
        if pending.failures + 1 >= self._policy.attempts and pending.answers_seen == self._answers:
            self._stop(PushUnavailableError(f"FCM can't be reached: {error}"))
            return None
        result = self._again(pending, self._policy.reconnect_delay, 0.0)
        # Where one can't connect, the next can't either: those not yet tried wait rather than fail one after the other.
        self._start_from = time.monotonic() + self._policy.reconnect_delay
        return result

    def _again(self, pending: Pending, first_delay: float, retry_after: float) -> PushResult | None:
        pending.failures += 1
        if pending.failures >= self._policy.attempts:
            return _failed(pending, UNAVAILABLE)
        self._wait(pending, retry_delay(first_delay, pending.failures, retry_after, random.random()))
        return None

    def _pause(self, pending: Pending, retry_after: float) -> PushResult | None:
        self._bucket.pause(time.monotonic() + pause_seconds(self._policy, retry_after, random.random()))
        pending.quota_refusals += 1
        if pending.quota_refusals >= self._policy.quota_refusals:
            return _failed(pending, QUOTA)
        self._wait(pending, 0.0)
        return None

    def _renew(self, pending: Pending, explanation: str) -> None:
        if pending.renewals:
            self._stop(PushConfigurationError(f"FCM refuses a fresh access token: {explanation} {WHAT_TO_FIX}"))
            return
        pending.renewals += 1
        try:
            self._token.renew(pending.token)
        except InfrastructureError as error:
            self._stop(error)
        self._wait(pending, 0.0)

    def _wait(self, pending: Pending, seconds: float) -> None:
        heapq.heappush(self._waiting, (time.monotonic() + seconds, next(self._order), pending))

    def _stop(self, error: InfrastructureError) -> None:
        """Nothing more goes out; what is under way still ends. The first error is the one that is raised."""
        self.failure = self.failure or error


def _failed(pending: Pending, reason: str) -> PushResult:
    return PushResult(pending.push.key, "failed", reason)
