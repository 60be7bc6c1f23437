from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.delivery.zones import moment_of, own_zone, zone_named
from regulars.domain.people.device import Device, Use


def device(timezone: str | None) -> Device:
    return Device("d", Use("", "", timezone=timezone))


@pytest.mark.parametrize("name", ["", "Europe", "Berlin", "../../etc/passwd", "/etc/localtime", "x" * 5_000, "Europe/Berlin\0", "\ud800", "UTC+2"])
def test_a_name_that_is_no_zone_is_none_whatever_it_looks_like(name: str) -> None:
    assert zone_named(name) is None


def test_the_device_knows_best_where_a_person_is_then_the_traits() -> None:
    traits = {"timezone": "Asia/Kolkata", "time_zone": "Europe/Berlin"}
    assert own_zone(device("America/New_York"), traits) == ZoneInfo("America/New_York")
    assert own_zone(device("somewhere"), traits) == ZoneInfo("Asia/Kolkata")
    assert own_zone(device(None), {"timezone": 7, "time_zone": "Europe/Berlin"}) == ZoneInfo("Europe/Berlin")
    assert own_zone(device(None), {}) is None


@pytest.mark.parametrize(
    ("wall", "zone", "moment"),
    [
        ("2027-11-25T18:00", "Europe/Berlin", "2027-11-25T17:00"),
        ("2027-11-25T18:00", "Asia/Kolkata", "2027-11-25T12:30"),
        ("2027-11-25T18:00", "Pacific/Chatham", "2027-11-25T04:15"),
        ("2027-03-28T02:30", "Europe/Berlin", "2027-03-28T01:00"),
        ("2027-10-31T02:30", "Europe/Berlin", "2027-10-31T00:30"),
        ("2027-10-03T02:10", "Australia/Lord_Howe", "2027-10-02T15:30"),
        ("2011-12-30T12:00", "Pacific/Apia", "2011-12-30T10:00"),
    ],
)
def test_a_clock_shows_it_first_or_skips_it_at_this_moment(wall: str, zone: str, moment: str) -> None:
    assert moment_of(datetime.fromisoformat(wall), ZoneInfo(zone)) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), st.sampled_from(("Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns")))
def test_before_that_moment_no_clock_has_shown_it(wall: datetime, name: str) -> None:
    zone = ZoneInfo(name)
    moment = moment_of(wall, zone)
    assert moment.astimezone(zone).replace(tzinfo=None) >= wall
    just_before = datetime.fromtimestamp(moment.timestamp() - 0.001, zone).replace(tzinfo=None)
    assert just_before < wall or just_before > moment.astimezone(zone).replace(tzinfo=None)
