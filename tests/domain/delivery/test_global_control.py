"""The global control group: who is in it, for how long, and of which messages."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.delivery.global_control import GlobalControl, global_control
from regulars.domain.lake.buckets import bucket_of

AT = datetime(2026, 11, 26, 22, 15, tzinfo=UTC)
PEOPLE = [f"user-{n}" for n in range(20_000)]


def group(buckets: int, at: datetime = AT) -> GlobalControl:
    found = global_control(buckets, at)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("at", "salt", "until"),
    [
        (datetime(2026, 1, 1, tzinfo=UTC), "global-control-2026Q1", date(2026, 3, 31)),
        (datetime(2026, 6, 30, 23, 59, 59, tzinfo=UTC), "global-control-2026Q2", date(2026, 6, 30)),
        (datetime(2026, 7, 1, tzinfo=UTC), "global-control-2026Q3", date(2026, 9, 30)),
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), "global-control-2026Q4", date(2026, 12, 31)),
        (datetime(2026, 12, 31, 23, 0, tzinfo=timezone(timedelta(hours=-3))), "global-control-2027Q1", date(2027, 3, 31)),
    ],
)
def test_each_quarter_by_utc_has_a_group_of_its_own(at: datetime, salt: str, until: date) -> None:
    assert group(500, at) == GlobalControl(500, salt, until)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_the_group_holds_until_its_quarter_ends_and_no_longer(at: datetime) -> None:
    now = group(500, at)
    last = datetime(now.until.year, now.until.month, now.until.day, 23, 59, 59, tzinfo=UTC)
    assert at.date() <= now.until and group(500, last) == now
    assert group(500, last + timedelta(seconds=1)).salt != now.salt


def test_people_are_held_out_in_proportion_and_others_in_the_next_quarter() -> None:
    now, then = ({person for person in PEOPLE if group(500, at).holds(person)} for at in (AT, AT + timedelta(days=60)))
    assert len(now) == pytest.approx(1_000, abs=100) and len(then) == pytest.approx(1_000, abs=100)
    assert len(now & then) < 100


def test_a_larger_group_keeps_everybody_who_was_in_it() -> None:
    assert {person for person in PEOPLE if group(200).holds(person)} < {person for person in PEOPLE if group(500).holds(person)}


def test_it_is_independent_of_every_campaigns_own_arms() -> None:
    held_out = [person for person in PEOPLE if group(2_000).holds(person)]
    assert sum(bucket_of(person, "spring") < 1_000 for person in held_out) / len(held_out) == pytest.approx(0.1, abs=0.02)


def test_nobody_is_held_out_until_somebody_sets_it_nor_of_what_people_wait_for() -> None:
    assert global_control(0, AT) is None
    assert global_control(500, AT, purpose="transactional") is None
    assert global_control(500, AT, purpose="marketing") == global_control(500, AT)


def test_where_somebody_stands_is_said_for_people_to_read() -> None:
    assert group(500).place_of("ann") == f"bucket {bucket_of('ann', 'global-control-2026Q4'):,} of 10,000, the first 500 are held out"
