"""The section `delivery` of a campaign or a journey: how fast, when not, how often at most, what for, and who goes first."""

import re
from datetime import time, timedelta
from typing import Final

from regulars.domain.collection.consents import TRANSACTIONAL
from regulars.domain.delivery.caps import KEPT_FOR, MAX_COUNT, Cap
from regulars.domain.delivery.options import DeliveryOptions, WhenUnsure
from regulars.domain.delivery.quiet_hours import Otherwise, QuietHours
from regulars.domain.delivery.zones import since_midnight
from regulars.domain.language import PURPOSE, Fields, Value, read_id, read_span

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


def read_delivery(delivery: Fields) -> DeliveryOptions:
    """Raises the error of `delivery` for what is not as docs/campaigns.md says."""
    delivery.only(DELIVERY_KEYS)
    default = DeliveryOptions()
    read = DeliveryOptions(
        per_second=delivery["per_second"].number(1, 100_000) if "per_second" in delivery else default.per_second,
        when_unsure=delivery["when_unsure"].choice(_WHEN_UNSURE) if "when_unsure" in delivery else default.when_unsure,
        quiet_hours=read_quiet_hours(delivery["quiet_hours"]) if "quiet_hours" in delivery else None,
        cap=read_cap(delivery["cap"]) if "cap" in delivery else None,
        purpose=read_id(delivery["purpose"], PURPOSE) if "purpose" in delivery else default.purpose,
        priority=delivery["priority"].whole(*_PRIORITIES) if "priority" in delivery else default.priority,
    )
    if read.purpose == TRANSACTIONAL:
        for key in _PASSED:
            if key in delivery:
                delivery[key].refuse(f"`{TRANSACTIONAL}` messages pass quiet hours and caps: leave it out, or name another purpose")
    return read


def read_quiet_hours(value: Value) -> QuietHours:
    """`{"from": "21:00", "to": "08:00", "otherwise": "hold"}`."""
    fields = Fields(value).only(("from", "to", "otherwise"))
    start, end = read_clock_time(fields["from"]), read_clock_time(fields["to"])
    length = since_midnight(end) - since_midnight(start)
    if not length:
        fields["to"].refuse("the same as `from`, which would be the whole day or none of it: an earlier one is the next day's")
    if length % _DAY > _DAY - LEAST_OPEN:
        fields["to"].refuse("quiet hours that cover the day leave no time to send: at least an hour has to be left, since clocks skip one in spring")
    return QuietHours(start, end, fields["otherwise"].choice(_OTHERWISE) if "otherwise" in fields else "hold")


def read_cap(value: Value) -> Cap:
    """`{"count": 3, "within": "24h"}`."""
    fields = Fields(value).only(("count", "within"))
    count, within = fields["count"].whole(1, MAX_COUNT), read_span(fields["within"])
    if not CAP_SPANS[0] <= within <= CAP_SPANS[1]:
        fields["within"].refuse("a span from 1h to 30d is needed: a push may be under way for longer than less, and for longer nothing is kept")
    return Cap(count, within)


def read_clock_time(value: Value) -> time:
    """`08:00`. Raises the value's error."""
    wanted = "a time of day, as in 08:00 or 21:30 (00:00 to 23:59),"
    if not isinstance(value.raw, str):
        value.refuse_kind(wanted)
    if not (found := _CLOCK.fullmatch(value.text())):
        value.refuse(f"{wanted} is needed")
    return time(int(found[1]), int(found[2]))
