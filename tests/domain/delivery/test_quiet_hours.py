from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from regulars.domain.delivery.quiet_hours import QuietHours

NIGHT = QuietHours(time(21), time(8))
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Chatham", "Antarctica/Troll", "America/St_Johns")

_NIGHTS = {
    # The clock shows 21:00 in the evening and 08:00 in the morning, as these zones' laws have it: hours between, as a stopwatch counts them.
    "Europe/Berlin": [("2027-03-27", 10.0), ("2027-10-30", 12.0)],
    "America/New_York": [("2027-03-13", 10.0), ("2027-11-06", 12.0)],
    "Asia/Kolkata": [("2027-03-27", 11.0), ("2027-10-30", 11.0)],
    "Australia/Lord_Howe": [("2027-10-02", 10.5), ("2027-04-03", 11.5)],
    "Pacific/Chatham": [("2027-09-25", 10.0), ("2027-04-03", 12.0)],
}


@pytest.mark.parametrize(("zone", "evening", "hours"), [(zone, *night) for zone, nights in _NIGHTS.items() for night in nights])
def test_a_night_in_which_clocks_change_is_quiet_from_its_first_instant_to_its_last(zone: str, evening: str, hours: float) -> None:
    there = ZoneInfo(zone)
    begins = datetime.fromisoformat(f"{evening}T21:00").replace(tzinfo=there).astimezone(UTC)
    ends = begins + timedelta(hours=hours)
    instant = timedelta(microseconds=1)
    assert NIGHT.over_at(begins - instant, there) is None
    for minutes in range(0, int(hours * 60), 5):
        assert NIGHT.over_at(begins + timedelta(minutes=minutes), there) == ends
    assert NIGHT.over_at(ends - instant, there) == ends
    assert NIGHT.over_at(ends, there) is None
    assert ends.astimezone(there).time() == time(8)


def test_an_end_that_clocks_skip_is_the_moment_at_which_they_do() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    until_half_past_two = QuietHours(time(22), time(2, 30))
    late = datetime(2027, 3, 27, 23, tzinfo=berlin)
    assert until_half_past_two.over_at(late, berlin) == datetime(2027, 3, 28, 1, tzinfo=UTC)  # 03:00 there, a second after 01:59:59


def test_an_end_that_clocks_show_twice_is_over_at_the_first_and_quiet_once_more_before_the_second() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    until_half_past_two = QuietHours(time(22), time(2, 30))
    first, second = datetime(2027, 10, 31, 0, 30, tzinfo=UTC), datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    assert until_half_past_two.over_at(first - timedelta(hours=3), berlin) == first
    assert until_half_past_two.over_at(first, berlin) is None
    assert until_half_past_two.over_at(second - timedelta(minutes=30), berlin) == second


def test_clocks_that_are_put_back_before_the_beginning_end_the_quiet_until_it_begins_again() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    from_half_past_two = QuietHours(time(2, 30), time(6))
    assert from_half_past_two.over_at(datetime(2027, 10, 31, 0, 45, tzinfo=UTC), berlin) == datetime(2027, 10, 31, 1, tzinfo=UTC)


_clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
_moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


@given(_clocks, _clocks, _moments, st.sampled_from(ZONES))
def test_it_is_quiet_exactly_while_the_clock_shows_it_and_over_as_soon_as_it_does_not(start: time, end: time, now: datetime, name: str) -> None:
    assume(start != end)
    quiet, zone = QuietHours(start, end), ZoneInfo(name)

    def shows(moment: datetime) -> bool:
        clock = moment.astimezone(zone).time()
        return start <= clock < end if start < end else (clock >= start or clock < end) and start != end

    over = quiet.over_at(now, zone)
    assert (over is not None) == shows(now)
    if over is not None:
        assert now < over <= now + timedelta(hours=26)
        assert not shows(over)
        assert shows(over - timedelta(microseconds=1))
        step = (over - now) / 50
        assert all(shows(now + step * part) for part in range(50))
