"""Every gate that a person passes, or does not, on the way to a run's message, in the order in which they stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from regulars.domain import reasons
from regulars.domain.reasons import NOT_SENT_REASONS

GateName = Literal[
    "audience", "global_control", "arm", "reached_before", "turn", "device", "consent", "local_time", "quiet_hours", "cap", "rendered", "fcm"
]

GATES: Final[tuple[GateName, ...]] = get_args(GateName)

STOPPED_AT: Final[Mapping[str, GateName]] = {
    reasons.ALREADY_REACHED: "reached_before",
    reasons.NOT_REACHED: "turn",
    reasons.NO_MESSAGE: "turn",
    reasons.NO_DEVICE: "device",
    reasons.DEVICE_GONE: "device",
    reasons.DEVICE_CHANGED_HANDS: "device",
    reasons.SAME_DEVICE: "device",
    reasons.NOTIFICATIONS_OFF: "device",
    reasons.STALE_DEVICE: "device",
    reasons.DEVICE_EXPIRED: "device",
    reasons.OPTED_OUT: "consent",
    reasons.NO_CONSENT: "consent",
    reasons.LOCAL_TIME_PASSED: "local_time",
    reasons.QUIET_HOURS: "quiet_hours",
    reasons.CAPPED: "cap",
    reasons.DAILY_LIMIT: "cap",
    reasons.MESSAGE_TOO_LARGE: "rendered",
    reasons.RENDER_FAILED: "rendered",
    reasons.EMPTY_MESSAGE: "rendered",
    reasons.REHEARSAL: "fcm",
    reasons.UNREGISTERED: "fcm",
    reasons.INVALID_TOKEN: "fcm",
    reasons.SENDER_MISMATCH: "fcm",
    reasons.THIRD_PARTY_AUTH: "fcm",
    reasons.INVALID_MESSAGE: "fcm",
    reasons.REFUSED: "fcm",
    reasons.DEVICE_QUOTA: "fcm",
    reasons.QUOTA: "fcm",
    reasons.UNAVAILABLE: "fcm",
    reasons.NO_ANSWER: "fcm",
    reasons.INTERRUPTED: "fcm",
}
"""At which gate each reason stops a person (a test has them all)."""

_IN_DOUBT: Final = frozenset({reasons.NO_ANSWER, reasons.INTERRUPTED})
"""What nobody knows: neither passed nor shut."""


@dataclass(frozen=True)
class Gate:
    """`passed` is None where nobody asked, or nobody knows."""

    gate: GateName
    passed: bool | None
    because: str


@dataclass(frozen=True)
class Stop:
    """Where somebody came no further, and why; `passed` is None where it is not known yet, or never will be."""

    gate: GateName
    because: str
    passed: Literal[False] | None = False


def stop_of(reason: str) -> Stop:
    """`reason` is one of NOT_SENT_REASONS."""
    return Stop(STOPPED_AT[reason], NOT_SENT_REASONS[reason], None if reason in _IN_DOUBT else False)


def in_order(passed: Mapping[GateName, str], stop: Stop | None) -> Sequence[Gate]:
    """Each gate. `passed` says what it means that it was passed, of those at least that were: all before the `stop`, and without one all."""
    place = GATES.index(stop.gate) if stop else len(GATES)
    before = [Gate(name, True, passed[name]) for name in GATES[:place]]
    after = [Gate(name, None, "it did not come to this") for name in GATES[place + 1 :]]
    return [*before, *([Gate(stop.gate, stop.passed, stop.because)] if stop else []), *after]
