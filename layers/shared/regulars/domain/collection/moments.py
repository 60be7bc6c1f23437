"""When an event happened, from up to three clocks: the client's statement, the client's clock at sending, and ours at receipt."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from regulars.domain.collection.rejection import EventRejectedError

TOLERANCE: Final = timedelta(seconds=60)
"""Differences up to this are waiting and travelling, not a wrong clock. Segment's formula would move each honest timestamp by them, so that an
import of 2017-01-05T00:00:00 would land a second later, differently at each try. A minute covers a client's own queue and time-outs
(segment-python gives a request 15 s), and a clock that is wrong by less does no harm to rules that count in hours."""

MAX_DELAY: Final = timedelta(hours=24)
"""A `sentAt` further back than this is a late delivery (a replayed archive), whose timestamps are right as they stand, whoever sent it."""

STAMPING_AT_SENDING: Final = frozenset(
    {"analytics-python", "@segment/analytics-node", "analytics-node", "analytics.js", "RudderLabs JavaScript SDK"},
)
"""`context.library.name` of the clients that write `sentAt` as the request goes out, so that one in our past shows a slow clock. Those of phones
write it when they close the file of a batch, hours before a phone that is offline delivers it: of them, and of whoever does not say who they are,
what comes late is believed as it stands. docs/decisions/0027-one-order-one-dedupe.md has the sources. Nothing arrives before it was sent, so a
`sentAt` in our future shows a wrong clock whoever says so."""

HISTORY: Final = timedelta(hours=24)
"""What happened longer than this before it was received is of the past: it counts, and triggers nothing."""

_NUMERIC: Final = re.compile(r"[0-9]{9,14}[.][0-9]+", re.ASCII)
_LEAP_SECOND: Final = re.compile(r"(.{10}.[0-9]{2}:[0-9]{2}:)60((?:[.,][0-9]+)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)", re.ASCII)
"""Second 60 is in UTC the last of a day: https://www.rfc-editor.org/rfc/rfc3339#section-5.7"""
_MIDNIGHT: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}).24:00(?::00(?:[.,]0+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?", re.ASCII)

EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
LATEST: Final = timedelta(days=1)
"""How far after its receipt an event may claim to have happened; such claims up to this are brought back to the receipt."""


def happened(stated: datetime | None, sent: datetime | None, received: datetime, *, at_sending: bool = False) -> datetime:
    """The event's moment in UTC: `received - (sent - stated)` where the client's clock is wrong, else `stated`, and never after `received`.

    `at_sending`: the client is one of STAMPING_AT_SENDING.

    The formula is Segment's (https://segment.com/docs/connections/spec/common/#timestamps); the limits round it are ours, above. Without a
    statement it is `received`; a statement without `sentAt` is believed. Raises EventRejectedError("impossible_timestamp").
    """
    if stated is None:
        return received
    moment = stated
    if sent is not None and (sent - received > TOLERANCE or (at_sending and TOLERANCE < received - sent <= MAX_DELAY)):
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
    """The moment that a client wrote, in UTC; None for null. Raises EventRejectedError("impossible_timestamp") for what is neither a date and time of
    RFC 3339 or ISO 8601 nor a number of seconds or milliseconds since 1970."""
    if stated is None:
        return None
    try:
        return _read(stated)
    except (ValueError, OverflowError) as error:
        raise _impossible(stated, "neither an ISO 8601 date and time nor seconds or milliseconds since 1970") from error


def sending_moment(stated: Any) -> datetime | None:
    """What a `sentAt` says, or None where it says nothing: it only corrects, so a bad one costs no event."""
    try:
        return _read(stated)
    except (ValueError, OverflowError):
        return None


def lake_time(moment: datetime) -> str:
    """A UTC moment as the lake keeps it: `YYYY-MM-DD HH:MM:SS.fff`, which is as fine as Athena reads it from JSON
    (https://docs.aws.amazon.com/athena/latest/ug/data-types.html, timestamp), so that every engine sees the same moment."""
    return moment.isoformat(sep=" ", timespec="milliseconds")[:23]


def iso(moment: datetime) -> str:
    """A UTC moment as messages and quarantine keep it: `YYYY-MM-DDTHH:MM:SS.fffZ`."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _read(stated: Any) -> datetime:
    return _in_utc(stated) if isinstance(stated, str) else _since_1970(stated)


def _in_utc(text: str) -> datetime:
    """A time without a zone counts as UTC. Digits alone are a number of seconds or milliseconds, but for the eight of a date."""
    if text.isdigit() and len(text) != 8:
        return _since_1970(float(text))
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return _in_utc_by_another_form(text.strip().upper())
    return moment if moment.tzinfo is UTC else _zoned(moment)


def _zoned(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _in_utc_by_another_form(text: str) -> datetime:
    """What RFC 3339 allows and Python does not read: small letters, a leap second (which becomes the second after it); midnight as 24:00 (ISO 8601);
    and numbers in texts."""
    if _NUMERIC.fullmatch(text):
        return _since_1970(float(text))
    if found := _LEAP_SECOND.fullmatch(text):
        last = _in_utc(f"{found[1]}59{found[2] or ''}")
        if (last.hour, last.minute) != (23, 59):
            raise ValueError("only the last minute of a day in UTC has a second 60")
        return last + timedelta(seconds=1)
    if found := _MIDNIGHT.fullmatch(text):
        return _in_utc(f"{found[1]}T00:00:00{found[2] or ''}") + timedelta(days=1)
    return _zoned(datetime.fromisoformat(text))


def _since_1970(stated: Any) -> datetime:
    """Seconds from 1973 to 5138 are below 10^11, and milliseconds from there on: the one is never taken for the other."""
    if isinstance(stated, bool) or not isinstance(stated, int | float) or not 1e8 <= stated < 1e14:
        raise ValueError("no number of seconds or milliseconds")
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=stated if stated < 1e11 else stated / 1000)


def _impossible(stated: Any, why: str) -> EventRejectedError:
    return EventRejectedError("impossible_timestamp", f"timestamp {str(stated)[:60]!r} is {why}")
