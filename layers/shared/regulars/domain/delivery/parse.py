"""The section `delivery` of a campaign or a journey: how fast, when not, how often at most, what for, and who goes first."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import time, timedelta
from typing import Final

from regulars.domain.collection.consents import TRANSACTIONAL
from regulars.domain.delivery.caps import KEPT_FOR, MAX_COUNT, Cap
from regulars.domain.delivery.options import DeliveryOptions, WhenUnsure
from regulars.domain.delivery.quiet_hours import Otherwise, QuietHours
from regulars.domain.delivery.zones import since_midnight
from regulars.domain.language import PURPOSE, Fields, Problems, Value, read_id, read_span, refusal
from regulars.domain.language.fields import NOTHING

DELIVERY_KEYS: Final = ("per_second", "when_unsure", "quiet_hours", "cap", "purpose", "priority")
"""What `delivery` may hold."""

CAP_SPANS: Final = (timedelta(hours=1), KEPT_FOR)
"""Ours. Less than an hour is shorter than a push may be under way while FCM is slow; for longer than 30 days nothing is kept of who got what."""

LEAST_OPEN: Final = timedelta(hours=1)
"""That quiet hours leave of a day: when clocks go forward they skip an hour, and one that is shorter would be gone that day."""

_PASSED: Final = ("quiet_hours", "cap")
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_OTHERWISE: Final[tuple[Otherwise, ...]] = ("hold", "drop")
_WHEN_UNSURE: Final[tuple[WhenUnsure, ...]] = ("skip", "resend")
_PRIORITIES: Final = (1, 10)
_DAY: Final = timedelta(days=1)


def read_delivery(delivery: Fields, refused: Mapping[str, str] = NOTHING) -> DeliveryOptions:
    """Raises the error of `delivery`, with everything that is not as docs/campaigns.md says; `refused` are keys that whoever asks cannot honour, and
    why."""
    default, problems = DeliveryOptions(), Problems()
    problems.fields(delivery.value, [key for key in DELIVERY_KEYS if key not in refused], refused)
    said = Fields(replace(delivery.value, raw={key: delivery[key].raw for key in delivery if key not in refused}))
    read = DeliveryOptions(
        per_second=problems.optional(lambda it: it.number(1, 100_000), said, "per_second", default.per_second),
        when_unsure=problems.optional(lambda it: it.choice(_WHEN_UNSURE), said, "when_unsure", default.when_unsure),
        quiet_hours=problems.optional(read_quiet_hours, said, "quiet_hours", None),
        cap=problems.optional(read_cap, said, "cap", None),
        purpose=problems.optional(lambda it: read_id(it, PURPOSE), said, "purpose", default.purpose),
        priority=problems.optional(lambda it: it.whole(*_PRIORITIES), said, "priority", default.priority),
    )
    if read.purpose == TRANSACTIONAL:
        for key in _PASSED:
            if key in said:
                problems.note(said[key].path, f"`{TRANSACTIONAL}` messages pass quiet hours and caps: leave it out, or name another purpose")
    problems.refuse(delivery.value.error)
    return read


def read_quiet_hours(value: Value) -> QuietHours:
    """`{"from": "21:00", "to": "08:00", "otherwise": "hold"}`."""
    fields, problems = Fields(value), Problems()
    problems.fields(value, ("from", "to", "otherwise"))
    start, end = problems.required(read_clock_time, fields, "from"), problems.required(read_clock_time, fields, "to")
    otherwise = problems.optional(lambda it: it.choice(_OTHERWISE), fields, "otherwise", _OTHERWISE[0])
    if start is None or end is None:
        raise refusal(value.error, problems.found)
    problems.read(lambda it: _leave_time(start, end, it), fields["to"])
    problems.refuse(value.error)
    return QuietHours(start, end, otherwise)


def _leave_time(start: time, end: time, value: Value) -> None:
    length = since_midnight(end) - since_midnight(start)
    if not length:
        value.refuse("the same as `from`, which would be the whole day or none of it: an earlier one is the next day's")
    if length % _DAY > _DAY - LEAST_OPEN:
        value.refuse("quiet hours that cover the day leave no time to send: at least an hour has to be left, since clocks skip one in spring")


def read_cap(value: Value) -> Cap:
    """`{"count": 3, "within": "24h"}`."""
    fields, problems = Fields(value), Problems()
    problems.fields(value, ("count", "within"))
    read = Cap(
        problems.required(lambda it: it.whole(1, MAX_COUNT), fields, "count") or 1,
        problems.required(_cap_span, fields, "within") or KEPT_FOR,
    )
    problems.refuse(value.error)
    return read


def _cap_span(value: Value) -> timedelta:
    within = read_span(value)
    if not CAP_SPANS[0] <= within <= CAP_SPANS[1]:
        value.refuse("a span from 1h to 30d is needed: a push may be under way for longer than less, and for longer nothing is kept")
    return within


def read_clock_time(value: Value) -> time:
    """`08:00`. Raises the value's error."""
    wanted = "a time of day, as in 08:00 or 21:30 (00:00 to 23:59),"
    if not isinstance(value.raw, str):
        value.refuse_kind(wanted)
    if not (found := _CLOCK.fullmatch(value.text())):
        value.refuse(f"{wanted} is needed")
    return time(int(found[1]), int(found[2]))
