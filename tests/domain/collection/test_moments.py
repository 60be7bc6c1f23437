from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.collection.moments import (
    EARLIEST,
    LATEST,
    MAX_DELAY,
    TOLERANCE,
    happened,
    iso,
    lake_time,
    sending_moment,
    stated_moment,
)
from regulars.domain.collection.rejection import EventRejectedError

RECEIVED = datetime(2026, 11, 21, 10, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


def test_without_a_statement_an_event_happened_when_it_came() -> None:
    assert happened(None, None, RECEIVED) == RECEIVED
    assert happened(None, RECEIVED - HOUR, RECEIVED) == RECEIVED


def test_a_statement_without_a_sending_time_is_believed() -> None:
    assert happened(datetime(2017, 1, 5, tzinfo=UTC), None, RECEIVED) == datetime(2017, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize("wrong", [HOUR, -HOUR, TOLERANCE + SECOND, -TOLERANCE - SECOND, timedelta(days=400), -MAX_DELAY])
def test_a_clock_that_is_wrong_is_corrected(wrong: timedelta) -> None:
    """Segment's formula: received - (sent - stated). The event truly happened 3 s before it was sent, which was on arrival."""
    stated, sent = RECEIVED - 3 * SECOND + wrong, RECEIVED + wrong
    assert happened(stated, sent, RECEIVED, at_sending=True) == RECEIVED - 3 * SECOND


@pytest.mark.parametrize("late", [TOLERANCE + SECOND, 3 * HOUR, MAX_DELAY])
def test_what_a_phone_delivers_late_is_believed_as_it_stands(late: timedelta) -> None:
    """Its library said when it closed the batch, not when it sent it."""
    stated = RECEIVED - late - 3 * SECOND
    assert happened(stated, RECEIVED - late, RECEIVED) == stated


@pytest.mark.parametrize("ahead", [TOLERANCE + SECOND, HOUR, timedelta(days=400)])
def test_a_clock_ahead_of_ours_is_wrong_whoever_says_so(ahead: timedelta) -> None:
    assert happened(RECEIVED - 3 * SECOND + ahead, RECEIVED + ahead, RECEIVED) == RECEIVED - 3 * SECOND


@pytest.mark.parametrize("travel", [timedelta(milliseconds=137), 5 * SECOND, TOLERANCE, timedelta(milliseconds=-20), -30 * SECOND])
def test_the_time_a_request_travels_moves_no_historical_timestamp(travel: timedelta) -> None:
    imported = datetime(2017, 1, 5, tzinfo=UTC)
    assert happened(imported, RECEIVED - travel, RECEIVED) == imported


@pytest.mark.parametrize("delay", [MAX_DELAY + SECOND, timedelta(days=3), timedelta(days=3000)])
def test_a_request_that_was_sent_long_ago_is_late_and_not_a_wrong_clock(delay: timedelta) -> None:
    stated = RECEIVED - delay - HOUR
    assert happened(stated, RECEIVED - delay, RECEIVED) == stated


def test_nothing_happens_after_it_was_received() -> None:
    assert happened(RECEIVED + 30 * SECOND, RECEIVED + 30 * SECOND, RECEIVED) == RECEIVED
    assert happened(RECEIVED + LATEST, None, RECEIVED) == RECEIVED


@pytest.mark.parametrize(
    ("stated", "sent"),
    [
        (RECEIVED + LATEST + SECOND, None),
        (datetime(2099, 1, 1, tzinfo=UTC), RECEIVED),
        (EARLIEST - SECOND, None),
        (datetime(1970, 1, 1, tzinfo=UTC), RECEIVED),
        (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)),
        (datetime.max.replace(tzinfo=UTC), RECEIVED - HOUR),
    ],
)
def test_an_impossible_moment_is_rejected(stated: datetime, sent: datetime | None) -> None:
    with pytest.raises(EventRejectedError) as rejected:
        happened(stated, sent, RECEIVED)
    assert rejected.value.reason == "impossible_timestamp"


@pytest.mark.parametrize(
    "stated",
    [
        "2026-01-02T03:04:05.678Z",
        "2026-01-02T03:04:05.678+00:00",
        "2026-01-02T03:04:05.678Z",
        "2026-01-02T03:04:05.678",
        "2026-01-02 03:04:05.678Z",
        "2026-01-02T05:04:05.678+02:00",
        "2026-01-01T22:04:05.678-05:00",
        "2026-01-02T03:04:05.678000000Z",
        "2026-01-02t03:04:05.678z",
        "2026-01-02T03:04:05,678Z",
        "2026-01-02T03:04:05.678-00:00",
        "2026-01-02T05:04:05.678+0200",
        "1767323045.678",
        "1767323045678",
        1767323045678,
        1767323045.678,
    ],
)
def test_the_forms_that_clients_write_are_the_same_moment(stated: Any) -> None:
    moment = stated_moment(stated)
    assert moment is not None
    assert lake_time(moment) == "2026-01-02 03:04:05.678"


@pytest.mark.parametrize(
    "stated",
    [
        "",
        "yesterday",
        "2026-02-30T00:00:00Z",
        "2026-13-01",
        "2026-01-01T25:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "0000-01-01T00:00:00Z",
        "2026-01-01T12:00:60Z",
        "2026-01-01T24:01:00Z",
        12,
        -1,
        1e300,
        "99999999",
        True,
        {},
        [],
    ],
)
def test_what_is_no_iso_8601_is_rejected(stated: Any) -> None:
    with pytest.raises(EventRejectedError) as rejected:
        stated_moment(stated)
    assert rejected.value.reason == "impossible_timestamp"


@pytest.mark.parametrize(
    ("stated", "moment"),
    [
        ("2016-12-31T23:59:60Z", "2017-01-01 00:00:00.000"),
        ("2016-12-31t23:59:60.5z", "2017-01-01 00:00:00.500"),
        ("1990-12-31T15:59:60-08:00", "1991-01-01 00:00:00.000"),
        ("1795010112345", "2026-11-18 13:55:12.345"),
        ("2026-01-01T24:00:00Z", "2026-01-02 00:00:00.000"),
        ("2026-01-01T24:00+02:00", "2026-01-01 22:00:00.000"),
    ],
)
def test_a_leap_second_and_midnight_are_the_moment_after(stated: str, moment: str) -> None:
    found = stated_moment(stated)
    assert found is not None and lake_time(found) == moment


@pytest.mark.parametrize("sent_at", [None, "soon", 12, {}, "0001-01-01T00:00:00+14:00"])
def test_a_bad_sending_time_costs_nothing(sent_at: Any) -> None:
    assert sending_moment(sent_at) is None


def test_moments_are_written_for_the_lake_and_for_messages() -> None:
    assert lake_time(RECEIVED) == "2026-11-21 10:00:00.000"
    assert iso(RECEIVED) == "2026-11-21T10:00:00.000Z"


@given(st.datetimes(timezones=st.just(UTC)), st.none() | st.datetimes(timezones=st.just(UTC)))
def test_a_moment_is_never_in_the_future_nor_before_1990(stated: datetime, sent: datetime | None) -> None:
    try:
        assert EARLIEST <= happened(stated, sent, RECEIVED) <= RECEIVED
    except EventRejectedError as error:
        assert error.reason == "impossible_timestamp"
