"""When an event happened, from up to three clocks: the client's statement, the client's clock at sending, and ours at receipt."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from regulars.domain.collection.rejection import EventRejectedError

TOLERANCE: Final = timedelta(seconds=60)
"""Differences up to this are waiting and travelling, not a wrong clock. Segment's formula would move each honest timestamp by them, so that an
import of 2017-01-05T00:00:00 would land a second later, differently at each try. A minute covers a client's own queue and time-outs
(segment-python gives a request 15 s), and a clock that is wrong by less does no harm to rules that count in hours."""

MAX_DELAY: Final = timedelta(hours=24)
"""A `sentAt` further back than this is a late delivery (a phone that was offline, a replayed archive), whose timestamps are right as they stand.
Only delays are bounded: nothing arrives before it was sent, so a `sentAt` in our future always shows a wrong clock."""

EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
LATEST: Final = timedelta(days=1)
"""How far after its receipt an event may claim to have happened; such claims up to this are brought back to the receipt."""


def happened(stated: datetime | None, sent: datetime | None, received: datetime) -> datetime:
    """The event's moment in UTC: `received - (sent - stated)` where the client's clock is wrong, else `stated`, and never after `received`.

    The formula is Segment's (https://segment.com/docs/connections/spec/common/#timestamps); the limits round it are ours, above. Without a
    statement it is `received`; a statement without `sentAt` is believed. Raises EventRejectedError("impossible_timestamp").
    """
    if stated is None:
        return received
    moment = stated
    if sent is not None and (sent - received > TOLERANCE or TOLERANCE < received - sent <= MAX_DELAY):
        try:
            moment += received - sent
        except OverflowError as error:
            raise _impossible(str(stated), "beyond the calendar") from error
    if moment > received:
        if moment > received + LATEST:
            raise _impossible(str(stated), "in the future")
        return received
    if moment < EARLIEST:
        raise _impossible(str(stated), "before 1990")
    return moment


def stated_moment(stated: Any) -> datetime | None:
    """The moment that a client wrote, in UTC; None for null. Raises EventRejectedError("impossible_timestamp") where it is not ISO 8601."""
    if stated is None:
        return None
    if not isinstance(stated, str):
        raise _impossible(stated, "not ISO 8601 text")
    try:
        return _in_utc(stated)
    except (ValueError, OverflowError) as error:
        raise _impossible(stated, "not an ISO 8601 date and time") from error


def sending_moment(stated: Any) -> datetime | None:
    """What a `sentAt` says, or None where it says nothing: it only corrects, so a bad one costs no event."""
    if not isinstance(stated, str):
        return None
    try:
        return _in_utc(stated)
    except (ValueError, OverflowError):
        return None


def lake_time(moment: datetime) -> str:
    """A UTC moment as the lake keeps it: `YYYY-MM-DD HH:MM:SS.fff`, which is as fine as Athena reads it from JSON
    (https://docs.aws.amazon.com/athena/latest/ug/data-types.html, timestamp), so that every engine sees the same moment."""
    return moment.isoformat(sep=" ", timespec="milliseconds")[:23]


def iso(moment: datetime) -> str:
    """A UTC moment as messages and quarantine keep it: `YYYY-MM-DDTHH:MM:SS.fffZ`."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _in_utc(text: str) -> datetime:
    """A time without a zone counts as UTC."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is UTC:
        return moment
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _impossible(stated: Any, why: str) -> EventRejectedError:
    return EventRejectedError("impossible_timestamp", f"timestamp {str(stated)[:60]!r} is {why}")
