"""Faults that a test may ask for by `POST /__admin/faults`.

    {"latency": 0.06,                                             seconds before each answer to a send
     "rates": {"503": 0.1, "500": 0.01},                          share of sends answered so
     "retry_after": 1,                                            seconds, in the Retry-After of those with 429 and 503; null for none
     "quota": {"count": 600, "seconds": 60, "retry_after": 60},   at most so many sends a window that begins with its first send
     "tokens": {"<token>": "UNREGISTERED", "<token>": 503},       what a send to this token or FID is answered
     "slow": {"<token>": 3},                                      seconds before the answer to a send to this token, in place of `latency`
     "seed": 7,                                                   of the draws for `rates` and `streams`
     "cut": {"every": 0.7, "times": 3},                           all connections are reset (TCP); without `times` for ever; {"times": 1}: now
     "streams": {"refused": 0.1, "reset": 0.1, "code": "CANCEL"}, shares of sends over HTTP/2: refused and not looked at; reset, once decided
     "goaway": {"after": 500},                                    with how many requests a connection says GOAWAY; {"once": true}: now, all
     "hang": 5,                                                   seconds, from now, in which nothing that comes is read and nothing is answered
     "stopped": 5}                                                seconds, from now, in which nobody can connect

The last five befall connections; one on which /__admin/ was asked is spared by all but `stopped`, and while that or `hang` lasts no other
one can be opened, not even to end it.

Answers are named by HTTP status, by FCM's error code or by google.rpc's status. 401, 403 and 429 are, of one token, what FCM has against
that token (THIRD_PARTY_AUTH_ERROR, SENDER_ID_MISMATCH, its QUOTA_EXCEEDED); in rates, and as UNAUTHENTICATED, PERMISSION_DENIED and
RESOURCE_EXHAUSTED, what it has against the project. NOT_FOUND, ABORTED and CANCELLED are a 404, 409 and 499 without FCM's own code.

A key that is given replaces what was there, null puts its default back, and what is not given stays.
"""

import random
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from local.fcm.answers import INVALID_TOKEN, UNAUTHENTICATED, UNREGISTERED, Refusal
from local.fcm.connection_faults import ConnectionFaults
from regulars.adapters.http2.frames import ErrorCode

PROJECT_QUOTA = Refusal(
    429,
    "Quota exceeded for quota metric 'Messages' and limit 'Messages per minute' of service 'fcm.googleapis.com'.",
    "QUOTA_EXCEEDED",
    quota="project",
)
DEVICE_QUOTA = Refusal(429, "Message rate exceeded for this device.", "QUOTA_EXCEEDED", quota="device")
UNAVAILABLE = Refusal(503, "The service is currently unavailable.", "UNAVAILABLE")
INTERNAL = Refusal(500, "Internal error encountered.", "INTERNAL")
FORBIDDEN = Refusal(403, "Permission 'cloudmessaging.messages.create' denied on resource (or it may not exist).")

NOT_FOUND = Refusal(404, "Requested entity was not found.")
ABORTED = Refusal(409, "The operation was aborted.")
CANCELLED = Refusal(499, "The operation was cancelled.")

BY_STATUS = {
    400: INVALID_TOKEN,
    401: UNAUTHENTICATED,
    403: FORBIDDEN,
    404: UNREGISTERED,
    409: ABORTED,
    429: PROJECT_QUOTA,
    499: CANCELLED,
    500: INTERNAL,
    503: UNAVAILABLE,
}
BY_CODE = {
    "INVALID_ARGUMENT": INVALID_TOKEN,
    "UNREGISTERED": UNREGISTERED,
    "SENDER_ID_MISMATCH": Refusal(403, "SenderId mismatch", "SENDER_ID_MISMATCH"),
    "THIRD_PARTY_AUTH_ERROR": Refusal(401, "Auth error from APNS or Web Push Service", "THIRD_PARTY_AUTH_ERROR"),
    "QUOTA_EXCEEDED": DEVICE_QUOTA,
    "UNAVAILABLE": UNAVAILABLE,
    "INTERNAL": INTERNAL,
}
OF_THE_PROJECT = {
    "UNAUTHENTICATED": UNAUTHENTICATED,
    "PERMISSION_DENIED": FORBIDDEN,
    "RESOURCE_EXHAUSTED": PROJECT_QUOTA,
    "NOT_FOUND": NOT_FOUND,
    "ABORTED": ABORTED,
    "CANCELLED": CANCELLED,
}
OF_CONNECTIONS = ("cut", "streams", "goaway", "hang", "stopped")
OF_ONE_TOKEN = {401: BY_CODE["THIRD_PARTY_AUTH_ERROR"], 403: BY_CODE["SENDER_ID_MISMATCH"], 429: DEVICE_QUOTA}
"""A status means the project where anybody may be answered so, and the token where one token is."""


class InvalidFaultError(ValueError):
    """A fault that the double does not know; the text says which it does."""


@dataclass(frozen=True)
class Quota:
    count: int
    seconds: float = 60.0
    retry_after: int = 60


@dataclass
class Faults:
    latency: float = 0.0
    rates: Mapping[str, float] = field(default_factory=dict)
    retry_after: int | None = 1
    quota: Mapping[str, Any] | None = None
    tokens: Mapping[str, int | str] = field(default_factory=dict)
    slow: Mapping[str, float] = field(default_factory=dict)
    seed: int | None = None
    cut: Mapping[str, Any] | None = None
    streams: Mapping[str, Any] | None = None
    goaway: Mapping[str, Any] | None = None
    hang: float = 0.0
    stopped: float = 0.0


class FaultPlan:
    """The configuration in force and its running state: the open quota window and the random draws."""

    def __init__(self) -> None:
        self.on_connections: Callable[[Collection[str]], None] = lambda names: None
        """Is told which of the faults of connections were asked for anew."""
        self.reset()

    def reset(self) -> None:
        self.faults = Faults()
        self._apply()
        self.on_connections(OF_CONNECTIONS)

    def change(self, wanted: object) -> None:
        """Raises InvalidFaultError, and then nothing has changed."""
        known = {one.name: one for one in fields(Faults)}
        if not isinstance(wanted, dict) or not set(wanted) <= set(known):
            wrong = sorted(set(wanted) - set(known)) if isinstance(wanted, dict) else wanted
            raise InvalidFaultError(f"unknown fault {wrong}; known are {sorted(known)}")
        current = {name: getattr(self.faults, name) for name in known}
        defaults = {name: getattr(Faults(), name) for name in known}
        before = self.faults
        self.faults = Faults(**{**current, **{name: defaults[name] if value is None else value for name, value in wanted.items()}})
        if wanted.get("retry_after", 0) is None:
            self.faults.retry_after = None
        try:
            self._apply()
        except (TypeError, ValueError, AttributeError) as error:
            self.faults = before
            self._apply()
            raise InvalidFaultError(f"unreadable faults: {error}") from error
        self.on_connections([name for name in OF_CONNECTIONS if name in wanted])

    def delay(self, request: object) -> float:
        """Seconds until this send is answered."""
        if not self.faults.slow:
            return self.faults.latency
        message = request.get("message") if isinstance(request, dict) else None
        target = (message.get("token") or message.get("fid")) if isinstance(message, dict) else None
        return self.faults.slow.get(target, self.faults.latency) if isinstance(target, str) else self.faults.latency

    def stream_fault(self) -> ErrorCode | None:
        """How the stream of the next send is to end in place of an answer."""
        streams = self.connections.streams
        draw = self._stream_random.random() if streams.refused or streams.reset else 1.0
        if draw < streams.refused:
            return ErrorCode.REFUSED_STREAM
        return ErrorCode[streams.code] if draw < streams.refused + streams.reset else None

    def refusal(self, target: str) -> Refusal | None:
        """What to answer instead of accepting this send; `target` is its token or FID. Counts the send against the quota."""
        if self._quota is not None and self._quota_exhausted(self._quota):
            return _with_retry_after(PROJECT_QUOTA, self._quota.retry_after)
        draw = self._random.random() if self._thresholds else 1.0
        for threshold, refusal in self._thresholds:
            if draw < threshold:
                return _with_retry_after(refusal, self.faults.retry_after)
        refused = self._tokens.get(target)
        return refused and _with_retry_after(refused, self.faults.retry_after)

    def _apply(self) -> None:
        faults = self.faults
        self._random, self._stream_random = random.Random(faults.seed), random.Random(faults.seed)
        self._window_began, self._window_count = float("-inf"), 0
        if not isinstance(faults.latency, int | float) or faults.latency < 0:
            raise ValueError(f"latency is seconds, not {faults.latency!r}")
        if not all(isinstance(seconds, int | float) and seconds >= 0 for seconds in faults.slow.values()):
            raise ValueError(f"slow is seconds by token, not {faults.slow!r}")
        self.connections = ConnectionFaults.read(vars(faults))
        self._quota = Quota(**faults.quota) if faults.quota else None
        self._tokens = {token: known_refusal(wanted, BY_STATUS | OF_ONE_TOKEN) for token, wanted in faults.tokens.items()}
        self._thresholds, total = [], 0.0
        for status, rate in faults.rates.items():
            total += rate
            self._thresholds.append((total, known_refusal(status)))

    def _quota_exhausted(self, quota: Quota) -> bool:
        now = time.monotonic()
        if now - self._window_began >= quota.seconds:
            self._window_began, self._window_count = now, 0
        self._window_count += 1
        return self._window_count > quota.count


def known_refusal(wanted: int | str, by_status: Mapping[int, Refusal] = BY_STATUS) -> Refusal:
    """By HTTP status (also as text), FCM error code or google.rpc status. Raises ValueError."""
    text, by_name = str(wanted), OF_THE_PROJECT | BY_CODE
    refusal = by_status.get(int(text)) if text.isdecimal() else by_name.get(text)
    if refusal is None:
        raise ValueError(f"no answer {wanted!r}; known are {sorted(by_status)} and {sorted(by_name)}")
    return refusal


def _with_retry_after(refusal: Refusal, seconds: int | None) -> Refusal:
    if refusal.status not in (429, 503) or seconds is None:
        return refusal
    return Refusal(refusal.status, refusal.message, refusal.code, refusal.violations, refusal.quota, seconds)
