"""What becomes of people in a run, in counts that add up: audience = control + treated, treated = sent + unknown + failed + skipped.

A person with several devices counts once, by the best that any of them had: sent, else unknown, else failed, else skipped.
Reasons are those of `regulars.domain.delivery.reasons`, and those here.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from regulars.domain.campaigns.campaign import CONTROL
from regulars.domain.errors import RegularsError

DEVICE_GONE = "device_gone"
"""skipped: the device was there when the run was planned, and is not now."""
SAME_DEVICE = "same_device"
"""skipped: another of the run's recipients has this token now; a device gets one push a run."""
NOT_REACHED = "not_reached"
"""skipped: the run ended before this person's turn."""
MESSAGE_TOO_LARGE = "message_too_large"
"""failed: rendered for this person, the message is over FCM's 4,096 bytes."""
RENDER_FAILED = "render_failed"
"""failed: the template could not be rendered with this person's traits."""
INTERRUPTED = "interrupted"
"""unknown: the sender was cut off before it could say; not sent again when the campaign says `when_unsure: skip`."""
PUSH_CONFIGURATION = "push_configuration"
"""failed: FCM refused our credentials, and the run stopped."""

Counts = dict[str, Any]


def split_fate(fate: str | None) -> tuple[str, str]:
    """The outcome and the reason in what `audience.fates` gives; nothing at all is (skipped, not_reached)."""
    if not fate:
        return "skipped", NOT_REACHED
    _, outcome, reason = fate.split("|", 2)
    return outcome, reason


def unfinished(counts: Counts) -> dict[str, str] | None:
    """The error of a run that ended without having tried everybody, or None."""
    left = counts["skipped"].get(NOT_REACHED, 0)
    return {"code": "unfinished", "message": f"{left:,} people were not reached: a shard was not delivered to its end"} if left else None


def no_counts() -> Counts:
    return {
        "audience": 0,
        "control": 0,
        "treated": 0,
        "sent": 0,
        "unknown": 0,
        "failed": {},
        "skipped": {},
        "pushes": 0,
    }


def counted(rows: Iterable[Mapping[str, str | None]]) -> Counts:
    """The rows of `audience.counts_sql` as one run's counts, in people; `pushes` alone counts devices.

    Raises RegularsError if Athena gave a row without a number.
    """
    counts = no_counts()
    for row in rows:
        if row["people"] is None:
            raise RegularsError(f"a count without a number: {dict(row)}")
        people = int(row["people"])
        counts["audience"] += people
        if row["arm"] == CONTROL:
            counts["control"] += people
            continue
        counts["treated"] += people
        counts["pushes"] += int(row["pushes"] or 0)
        outcome, reason = split_fate(row["fate"])
        if outcome in ("sent", "unknown"):
            counts[outcome] += people
        else:
            counts[outcome][reason] = counts[outcome].get(reason, 0) + people
    return counts
