"""Which partition of `events` an event lies in, and how a statement finds the events of one name.

A name is a partition of each month, and whoever knows a write key makes names, so each source has partitions for a limited number of them: the events
of all further names lie together in the partition OTHER, with their own name in `other_name`.
"""

from typing import Final

from sqlglot import exp

from regulars.domain.lake.sql import statement, text

OTHER: Final = "_other"
"""No name of a client gets this partition for itself: an event that is called so lies in it like any other, with its name beside it."""

PUSH_RECEIVED: Final = "Push Notification Received"
PUSH_TAPPED: Final = "Push Notification Tapped"
"""Segment's names: https://segment.com/docs/connections/spec/mobile/"""

SEGMENT_ENTERED: Final = "Segment Entered"
SEGMENT_EXITED: Final = "Segment Exited"
"""What the platform tells of people, by itself."""

CONTENT_PUBLISHED: Final = "Content Published"
"""What the platform tells of an item, which nobody in particular did."""

PLACE_ENTERED: Final = "Place Entered"
PLACE_EXITED: Final = "Place Exited"
"""What a telephone tells of a place that it watches, by `place_id`."""

JOURNEY_ENTERED: Final = "Journey Entered"
JOURNEY_STEP: Final = "Journey Step"
JOURNEY_LEFT: Final = "Journey Left"
JOURNEY_NOTED: Final = "Journey Noted"
JOURNEY_EVENTS: Final = frozenset({JOURNEY_ENTERED, JOURNEY_STEP, JOURNEY_LEFT, JOURNEY_NOTED})
"""The way of a person through a journey, as the platform tells it."""

MESSAGE_SENT: Final = "Message Sent"
MESSAGE_FAILED: Final = "Message Failed"
MESSAGE_SKIPPED: Final = "Message Skipped"
MESSAGE_UNKNOWN: Final = "Message Unknown"
WEBHOOK_SENT: Final = "Webhook Sent"
WEBHOOK_FAILED: Final = "Webhook Failed"
ERRAND_EVENTS: Final = frozenset({MESSAGE_SENT, MESSAGE_FAILED, MESSAGE_SKIPPED, MESSAGE_UNKNOWN, WEBHOOK_SENT, WEBHOOK_FAILED})
"""What became of what a journey did for a person."""

ALWAYS_OWN: Final = (
    frozenset({PUSH_RECEIVED, PUSH_TAPPED, SEGMENT_ENTERED, SEGMENT_EXITED, CONTENT_PUBLISHED, PLACE_ENTERED, PLACE_EXITED})
    | JOURNEY_EVENTS
    | ERRAND_EVENTS
)
"""What our own reports ask for has its partition, however many names a client makes up."""

_CALLED = "coalesce(other_name, event_name) = :name"


def named(name: str) -> list[exp.Expr]:
    """The conditions that the events of a name meet: they lie in its partition or in OTHER, and are called so."""
    partitions = [text(partition) for partition in dict.fromkeys((name, OTHER))]
    return [exp.In(this=exp.column("event_name"), expressions=partitions), statement(_CALLED, {"name": text(name)})]
