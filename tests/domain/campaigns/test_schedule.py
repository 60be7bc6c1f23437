"""When occurrences are: by the guide's own examples, by a reading minute by minute, and over changes of clocks."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.domain.campaigns.cron import Cron, read_cron
from regulars.domain.campaigns.schedule import Every, Occurrence, Once, Schedule
from regulars.domain.errors import InvalidCampaignError
from regulars.domain.language import Value
from tests.drawn import drawn


def cron(text: str) -> Cron:
    return read_cron(Value(text, InvalidCampaignError, "schedule.cron"))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def times(schedule: Schedule, after: str, count: int) -> list[str]:
    return [f"{each.at:%Y-%m-%dT%H:%MZ}" for each in islice(schedule.after(moment(after)), count)]


def refusal(text: str) -> str:
    with pytest.raises(InvalidCampaignError) as caught:
        cron(text)
    return str(caught.value).removeprefix("schedule.cron: ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15 10 ? * 6L 2022-2023", ["2022-01-28T10:15", "2022-02-25T10:15"]),  # the guide's: the last Friday of each month
        ("0 9 1W * ? 2026", ["2026-01-01T09:00", "2026-02-02T09:00"]),  # 1 February is a Sunday, and January is another month
        ("0 9 31W * ? 2026", ["2026-01-30T09:00", "2026-03-31T09:00"]),
        ("0 9 ? * 3#2 2026", ["2026-01-13T09:00", "2026-02-10T09:00"]),
        ("0 9 ? 2 THU#5 *", ["1996-02-29T09:00", "2024-02-29T09:00"]),
        ("0 9 L * ? 2028", ["2028-01-31T09:00", "2028-02-29T09:00"]),
        ("0 9 ? * L 2026", ["2026-01-03T09:00", "2026-01-10T09:00"]),
        ("5/20 8-9 1,15 JAN ? 2026", ["2026-01-01T08:05", "2026-01-01T08:25"]),
        ("0-15/10 8 ? * MON-FRI 2026", ["2026-01-01T08:00", "2026-01-01T08:10"]),
        ("0 0 29 2 ? *", ["1972-02-29T00:00", "1976-02-29T00:00"]),
    ],
)
def test_a_cron_is_read_as_the_guide_reads_it(text: str, expected: list[str]) -> None:
    assert [f"{each:%Y-%m-%dT%H:%M}" for each in islice(cron(text).clock_times(date(1970, 1, 1)), 2)] == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("0 18 * * THU", "six fields are needed"),
        ("0 18 * * THU", "the sixth is the year"),
        ("cron(0 18 ? * THU *)", "the fields alone are needed"),
        ("0 18 * * * *", "exactly one of day of month and day of week must be `?`"),
        ("0 18 ? * ? *", "exactly one of day of month and day of week must be `?`"),
        ("60 18 ? * THU *", "minutes: `60` is no number from 0 to 59"),
        ("0 24 ? * THU *", "hours: `24` is no number from 0 to 23"),
        ("0 18 ? * THURS *", "day of week: `THURS` is not known here (did you mean `THU`?)"),
        ("0 18 ? JNA THU *", "month: `JNA` is not known here (did you mean `JAN`?)"),
        ("0 18 ? * 0 *", "day of week: `0` is no number from 1 to 7"),
        ("0 18 ? * FRI-MON *", "`FRI-MON` ends before it begins: write two"),
        ("0/0 18 ? * THU *", "a step is a number from 1 on"),
        ("0 18 ? * MON/2 *", "EventBridge knows no steps here"),
        ("0 18 LW * ? *", "day of month: `LW` is no number"),
        ("0 18 ? * THU#6 *", "a number from 1 to 5"),
        ("0 18 30 2 ? *", "never fires"),
        ("0 18 29 2 ? 2027", "never fires"),
        ("0 18 31W 2,4,6,9,11 ? *", "never fires"),
    ],
)
def test_what_is_no_cron_or_never_fires_is_refused_by_its_field(text: str, why: str) -> None:
    assert why in refusal(text)


MINUTES = st.sampled_from(["0", "30", "0,45", "5/25", "*/20", "10-12"])
HOURS = st.sampled_from(["2", "1-3", "*/6", "18", "0,23"])
MONTHS = st.sampled_from(["*", "MAR,OCT", "2,5", "3-4", "JAN-DEC/3"])
OF_MONTH = st.sampled_from(["*", "L", "1", "31", "28-30", "1W", "15W", "L,1"])
OF_WEEK = st.sampled_from(["*", "THU", "1", "MON-FRI", "6L", "SUN#5", "L"])
CRONS = st.one_of(
    st.builds("{} {} {} {} ? *".format, MINUTES, HOURS, OF_MONTH, MONTHS), st.builds("{} {} ? {} {} *".format, MINUTES, HOURS, MONTHS, OF_WEEK)
)
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"])


def in_field(text: str, number: int, low: int, names: str = "") -> bool:
    """Written anew, number by number, so that a mistake of the product's is not made twice."""
    for place, name in enumerate(names.split()):
        text = text.replace(name, str(place + 1))
    for item in text.split(","):
        span, _, step = item.partition("/")
        first, _, last = span.partition("-")
        start = low if first == "*" else int(first)
        reaches = number == start if first != "*" and not last and not step else start <= number <= (int(last) if last else 10_000)
        if reaches and (number - start) % int(step or 1) == 0:
            return True
    return False


def day_of_month_matches(text: str, day: date) -> bool:
    tomorrow = day + timedelta(days=1)
    for item in text.split(","):
        if item == "L":
            if tomorrow.month != day.month:
                return True
        elif item.endswith("W"):
            wanted = day.replace(day=int(item[:-1]))
            weekdays = [each for each in (day.replace(day=one) for one in range(1, 29)) if each.weekday() < 5]
            if day == min(weekdays, key=lambda each: (abs(each - wanted), each)):
                return True
        elif in_field(item, day.day, 1):
            return True
    return False


def day_of_week_matches(text: str, day: date) -> bool:
    number = (day.weekday() + 1) % 7 + 1
    if text == "L":
        return number == 7
    if text.endswith("L"):
        return number == int(text[:-1]) and (day + timedelta(days=7)).month != day.month
    if "#" in text:
        return number == 1 and (day.day - 1) // 7 == 4
    return in_field(text, number, 1, "SUN MON TUE WED THU FRI SAT")


def matches(text: str, shown: datetime) -> bool:
    minute, hour, of_month, month, of_week, _ = text.split()
    if not (in_field(minute, shown.minute, 0) and in_field(hour, shown.hour, 0)):
        return False
    if not in_field(month, shown.month, 1, "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"):
        return False
    return day_of_month_matches(of_month, shown.date()) if of_week == "?" else day_of_week_matches(of_week, shown.date())


NIGHTS = st.sampled_from([datetime(2026, 3, 29), datetime(2026, 10, 25), datetime(2026, 3, 8, 5), datetime(2026, 11, 1, 4), datetime(2026, 4, 4, 12)])
"""On which clocks of ZONES change."""


@drawn(40)
@given(text=CRONS, zone=ZONES, start=NIGHTS | st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)))
def test_occurrences_are_what_a_clock_read_each_minute_finds_the_first_time_that_it_shows_them(text: str, zone: str, start: datetime) -> None:
    schedule = Schedule(cron(text), zone)
    near = schedule.next(start.replace(tzinfo=UTC))  # any window would do; one in which something happens tells more
    assert near
    begin, end = near.at - timedelta(hours=5), near.at + timedelta(hours=30)
    clock, seen, found = ZoneInfo(zone), set[datetime](), list[datetime]()
    at = begin - timedelta(hours=3)  # what the clock repeats may have come before the window
    while at <= end:
        shown = at.astimezone(clock).replace(tzinfo=None)
        if shown not in seen and at > begin and matches(text, shown):
            found.append(at)
        seen.add(shown)
        at += timedelta(minutes=1)
    assert [each.at for each in schedule.within(begin, end, 10_000)] == found
    assert found and schedule.at(found[0] + timedelta(seconds=59)) == Occurrence(found[0])


@settings(deadline=None)
@given(text=CRONS, zone=ZONES, start=st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)))
def test_the_next_is_later_and_nothing_lies_between(text: str, zone: str, start: datetime) -> None:
    schedule, now = Schedule(cron(text), zone), start.replace(tzinfo=UTC)
    one, two = islice(schedule.after(now), 2)
    assert now < one.at < two.at
    assert schedule.next(one.at) == two
    assert schedule.within(now, two.at, 9) == [one, two]


def test_a_time_that_clocks_skip_is_skipped_and_one_that_they_repeat_comes_once() -> None:
    nightly = Schedule(cron("30 2 * * ? *"), "Europe/Berlin")
    assert times(nightly, "2026-03-28T12:00Z", 2) == ["2026-03-30T00:30Z", "2026-03-31T00:30Z"]
    assert times(nightly, "2026-10-24T12:00Z", 2) == ["2026-10-25T00:30Z", "2026-10-26T01:30Z"]


def test_thursday_at_six_stays_at_six_when_clocks_change() -> None:
    weekly = Schedule(cron("0 18 ? * THU *"), "Europe/Berlin")
    assert times(weekly, "2026-10-15T12:00Z", 3) == ["2026-10-15T16:00Z", "2026-10-22T16:00Z", "2026-10-29T17:00Z"]
    assert weekly.shown_after(moment("2026-10-22T17:00Z"), 1) == ["2026-10-29T18:00+01:00"]


def test_a_rate_is_counted_from_its_first_occurrence_in_days_of_24_hours() -> None:
    rate = Schedule(Every(timedelta(days=7), moment("2026-10-22T18:00+02:00")), "Europe/Berlin", until=moment("2026-11-12T00:00Z"))
    assert times(rate, "2026-01-01T00:00Z", 9) == ["2026-10-22T16:00Z", "2026-10-29T16:00Z", "2026-11-05T16:00Z"]
    assert times(rate, "2026-10-22T16:00Z", 1) == ["2026-10-29T16:00Z"]
    assert rate.shown_after(moment("2026-10-22T16:00Z"), 1) == ["2026-10-29T17:00+01:00"]


def test_from_and_until_bound_it_from_up_to_until() -> None:
    bounded = Schedule(cron("0 18 ? * THU *"), "UTC", moment("2026-12-03T18:00Z"), moment("2026-12-17T18:00Z"))
    assert times(bounded, "2026-01-01T00:00Z", 9) == ["2026-12-03T18:00Z", "2026-12-10T18:00Z"]


def test_by_peoples_own_clocks_it_starts_where_the_hour_comes_first() -> None:
    own = Schedule(cron("0 18 ? * THU *"), "user")
    (first,) = islice(own.after(moment("2026-12-01T00:00Z")), 1)
    assert first == Occurrence(moment("2026-12-03T04:00Z"), datetime(2026, 12, 3, 18))
    assert own.shown_after(moment("2026-12-01T00:00Z"), 1) == ["2026-12-03T18:00"]


def test_an_occurrence_is_known_by_its_minute_and_named_by_it() -> None:
    once = Schedule(Once(moment("2026-12-03T18:00Z")))
    found = once.at(moment("2026-12-03T18:00:31Z"))
    assert found and found.name("october") == "october@2026-12-03T18:00Z"
    assert once.at(moment("2026-12-03T18:01Z")) is None
    assert once.next(moment("2026-12-03T18:00Z")) is None
