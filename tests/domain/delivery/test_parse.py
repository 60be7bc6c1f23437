from datetime import time, timedelta
from typing import Any

import pytest

from regulars.domain.delivery.caps import Cap
from regulars.domain.delivery.options import DeliveryOptions
from regulars.domain.delivery.parse import read_cap, read_delivery, read_quiet_hours
from regulars.domain.delivery.quiet_hours import QuietHours
from regulars.domain.errors import InvalidCampaignError
from regulars.domain.language import Fields, Value


def quiet(**changed: Any) -> QuietHours:
    given = {"from": "21:00", "to": "08:00", **changed}
    return read_quiet_hours(Value(given, InvalidCampaignError, "delivery.quiet_hours"))


def cap(**changed: Any) -> Cap:
    return read_cap(Value({"count": 3, "within": "24h", **changed}, InvalidCampaignError, "delivery.cap"))


def test_quiet_hours_are_of_the_clock_and_hold_unless_they_say_otherwise() -> None:
    assert quiet() == QuietHours(time(21), time(8), "hold")
    assert quiet(otherwise="drop").otherwise == "drop"
    assert quiet(**{"from": "00:00", "to": "23:00"}) == QuietHours(time(0), time(23))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"from": "24:00"}, "delivery.quiet_hours.from: a time of day, as in 08:00 or 21:30 (00:00 to 23:59), is needed"),
        ({"from": "9:00"}, "delivery.quiet_hours.from: a time of day"),
        ({"to": 8}, "delivery.quiet_hours.to: a time of day, as in 08:00 or 21:30 (00:00 to 23:59), is needed, not a number"),
        ({"to": "21:00"}, "delivery.quiet_hours.to: the same as `from`"),
        ({"to": "20:01"}, "delivery.quiet_hours.to: quiet hours that cover the day leave no time to send: at least an hour has to be left"),
        ({"from": "00:00", "to": "23:59"}, "delivery.quiet_hours.to: quiet hours that cover the day"),
        ({"otherwise": "wait"}, "delivery.quiet_hours.otherwise: `wait` is not known here; known: `hold`, `drop`"),
        ({"until": "08:00"}, "delivery.quiet_hours.until: `until` is not known here"),
    ],
)
def test_quiet_hours_that_cannot_be_kept_are_refused_with_what_is_allowed(changed: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidCampaignError) as refused:
        quiet(**changed)
    assert str(refused.value).startswith(told)


def test_a_cap_counts_pushes_in_a_span() -> None:
    assert cap() == Cap(3, timedelta(hours=24))
    assert cap(count=50, within="30d") == Cap(50, timedelta(days=30))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"count": 0}, "delivery.cap.count: a whole number from 1 to 50 is needed"),
        ({"count": 51}, "delivery.cap.count: a whole number from 1 to 50 is needed"),
        ({"within": "59m"}, "delivery.cap.within: a span from 1h to 30d is needed"),
        ({"within": "31d"}, "delivery.cap.within: a span from 1h to 30d is needed"),
        ({"per": "day"}, "delivery.cap.per: `per` is not known here"),
    ],
)
def test_a_cap_that_cannot_be_kept_is_refused_with_what_is_allowed(changed: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidCampaignError) as refused:
        cap(**changed)
    assert str(refused.value).startswith(told)


def read(**given: Any) -> DeliveryOptions:
    return read_delivery(Fields(Value(given, InvalidCampaignError, "delivery")))


def test_a_priority_is_one_to_ten_and_five_unless_it_is_said() -> None:
    assert [read().priority, read(priority=10).priority] == [5, 10]
    for wrong in (0, 11, 5.5, "high"):
        with pytest.raises(InvalidCampaignError, match=r"delivery\.priority: a whole number"):
            read(priority=wrong)
