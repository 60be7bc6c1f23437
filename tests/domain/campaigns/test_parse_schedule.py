"""The `schedule` of a document: what is taken, and how what is not is refused."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.domain.campaigns.parse_schedule import check_due, read_schedule
from regulars.domain.campaigns.schedule import Every, Once, Schedule
from regulars.domain.errors import InvalidCampaignError
from regulars.domain.language import Value

NOW = datetime(2026, 11, 26, 12, 30, tzinfo=UTC)


def read(**fields: Any) -> Schedule:
    return read_schedule(Value({key.rstrip("_"): value for key, value in fields.items()}, InvalidCampaignError, "schedule"))


def refusal(**fields: Any) -> str:
    with pytest.raises(InvalidCampaignError) as caught:
        check_due(read(**fields), NOW)
    return str(caught.value)


def test_a_moment_is_what_the_zones_clock_shows_unless_it_says_its_offset() -> None:
    assert read(at="2026-12-03T18:00", timezone="Europe/Berlin").timing == Once(datetime(2026, 12, 3, 17, tzinfo=UTC))
    assert read(at="2026-12-03T18:00").timing == Once(datetime(2026, 12, 3, 18, tzinfo=UTC))
    assert read(at="2026-12-03T18:00+01:00", timezone="America/New_York").timing == Once(datetime(2026, 12, 3, 17, tzinfo=UTC))
    assert read(at="2026-12-03T18:00", timezone="user").timing == Once(datetime(2026, 12, 3, 4, tzinfo=UTC))


@pytest.mark.parametrize("name", ["Europe/Kyiv", "Europe/Kiev"])
def test_a_zone_is_known_by_its_newer_name_and_by_its_old_one(name: str) -> None:
    assert read(at="2026-12-03T18:00", timezone=name) == Schedule(Once(datetime(2026, 12, 3, 16, tzinfo=UTC)), name)


def test_a_rate_begins_where_it_says() -> None:
    begun = datetime(2026, 12, 3, 17, tzinfo=UTC)
    assert read(rate="7 days", from_="2026-12-03T18:00", timezone="Europe/Berlin").timing == Every(timedelta(days=7), begun)
    assert read(rate="1 day", from_="2026-12-03T18:00", until="2027-01-01").until == datetime(2027, 1, 1, tzinfo=UTC)


WRITTEN = [
    "0 18 ? * THU *",
    "0 18 ? * ²L *",
    "0 18 ⅓W * ? *",
    "7 days",
    "2026-12-03T18:00",
    "2026-13-03T18:00Z",
    "Europe/Berlin",
    "user",
    "",
    7,
    None,
]
ANYTHING = st.sampled_from(WRITTEN) | st.text("0159 ?*LW#,-/:TZ+²", max_size=30)
FIELDS = st.dictionaries(st.sampled_from(["at", "cron", "rate", "timezone", "from", "until", "x"]), ANYTHING, max_size=4)


@settings(deadline=None)
@given(FIELDS)
def test_whatever_somebody_writes_is_a_schedule_or_refused(fields: dict[str, Any]) -> None:
    with suppress(InvalidCampaignError):
        check_due(read(**fields), NOW)


def test_what_is_written_with_spaces_and_in_small_letters_is_the_same() -> None:
    assert read(cron=" 0  18 ?\t* thu * ") == read(cron="0 18 ? * THU *")


def test_a_cron_may_begin_and_end() -> None:
    weekly = read(cron="0 18 ? * THU *", timezone="user", from_="2026-12-10", until="2026-12-20")
    assert weekly.shown_after(NOW) == ["2026-12-10T18:00", "2026-12-17T18:00"]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, "schedule: exactly one of `at`, `cron`, `rate` is needed, and there is none"),
        ({"at": "2026-12-03T18:00", "rate": "7 days"}, "schedule: exactly one of `at`, `cron`, `rate` is needed, and here are `at` and `rate`"),
        ({"crom": "0 18 ? * THU *"}, "schedule.crom: `crom` is not known here (did you mean `cron`?); known: `at`, `cron`, `rate`, `timezone`"),
        ({"cron": "0 18 ? * THU *", "timezone": "Europe/Belrin"}, "there is no time zone `Europe/Belrin` (did you mean `Europe/Berlin`?)"),
        ({"cron": "0 18 ? * THU *", "timezone": "Berlin"}, "schedule.timezone: there is no time zone `Berlin` (did you mean `Europe/Berlin`?)"),
        ({"cron": "0 18 ? * THU *", "timezone": "users"}, "schedule.timezone: there is no time zone `users` (did you mean `user`?)"),
        ({"cron": "0 18 ? * THU *", "timezone": "+02:00"}, "IANA's names are needed, as in `Europe/Berlin`, or `user`"),
        ({"cron": "0 18 ? * THU *", "timezone": "new york"}, "(did you mean `America/New_York`?)"),
        ({"cron": "0 18 30 2 ? *"}, "schedule.cron: never fires: no year has such a day"),
        ({"cron": "0 18 ? * THU 2025"}, "schedule: has no occurrence after now, 2026-11-26T12:30:00Z: look at its years and at `until`"),
        ({"cron": "0 18 ? * THU *", "until": "2026-11-01"}, "schedule: has no occurrence after now"),
        ({"cron": "0 18 ? * THU *", "from": "2026-12-04", "until": "2026-12-05"}, "schedule.until: nothing occurs before it"),
        ({"cron": "0/30 18 ? * THU *"}, "schedule.cron: occurrences less than an hour apart"),
        ({"cron": "15,45 0,23 ? * * *"}, "schedule.cron: occurrences less than an hour apart"),
        ({"cron": "0 9,18 ? * THU *", "timezone": "user"}, "schedule.cron: occurrences less than a day apart"),
        ({"rate": "15 minutes", "from": "2026-12-03T18:00"}, "schedule.rate: occurrences less than an hour apart"),
        ({"rate": "7 days"}, "schedule.from: needed with `rate`: the first occurrence"),
        ({"rate": "1 week", "from": "2026-12-03T18:00"}, "schedule.rate: a number and minutes, hours or days are needed: write `7 days`"),
        ({"rate": 7}, "schedule.rate: a text is needed, not a number"),
        ({"rate": "9999999 days", "from": "2026-12-03T18:00"}, "schedule.rate: at most 3650 days"),
        ({"at": "2026-11-26T12:00Z"}, "schedule.at: lies in the past: it is 2026-11-26T12:30:00Z; give a later moment"),
        ({"at": "2026-11-26T18:00", "timezone": "user"}, "schedule.at: lies in the past (there where any hour comes first"),
        ({"at": "2026-12-03"}, "schedule.at: the time of day is needed, too"),
        ({"at": "2026-12-03T18:00:30"}, "schedule.at: to the minute"),
        ({"at": "2026-12-03T18:00Z", "timezone": "user"}, "schedule.at: what each person's own clock shows has no offset"),
        ({"at": "2027-03-28T02:30", "timezone": "Europe/Berlin"}, "schedule.at: no clock in Europe/Berlin shows this"),
        ({"at": "2026-12-03T18:00", "until": "2027-01-01"}, "schedule.until: `until` says nothing beside `at`, which comes once"),
        ({"at": "next thursday"}, "schedule.at: "),
    ],
)
def test_what_is_no_schedule_or_lies_behind_us_is_refused_with_what_is_allowed(fields: dict[str, Any], why: str) -> None:
    assert why in refusal(**fields)
