"""Where raw objects land, and which of them a run reads."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from samtranslator.yaml_helper import yaml_parse

from regulars.domain.curation.landing import OVERLAP, PREFIX, STEP_MINUTES, Landed, begins, folder, hour, landed
from regulars.domain.lake.tables import RAW_EVENTS, RAW_EVENTS_BY_MINUTE
from tests.contracts.conftest import TEMPLATE

NOW = datetime(2026, 11, 21, 22, 17, 31, tzinfo=UTC)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(lambda moment: moment.replace(tzinfo=UTC))


def test_an_object_lands_in_the_five_minutes_in_which_its_load_began() -> None:
    assert folder(NOW) == "raw/events/dt=2026-11-21/hh=22/mm=15/"
    assert folder(NOW.replace(minute=0)) == "raw/events/dt=2026-11-21/hh=22/mm=00/"


def test_a_first_run_reads_all_that_can_still_be_there() -> None:
    assert begins(datetime(2000, 1, 1, tzinfo=UTC), NOW) == NOW - timedelta(days=30)


def test_the_folders_that_hold_something_are_read() -> None:
    keys = [f"{folder(NOW + timedelta(minutes=minutes))}x.json.gz" for minutes in (0, 1, 45)]
    assert landed(keys, NOW) == Landed(RAW_EVENTS_BY_MINUTE, "2026-11-212215", (("2026-11-21",), ("22", "23"), ("00", "15")))


def test_nothing_new_is_nothing() -> None:
    assert landed([], NOW) is None
    assert landed([f"{folder(NOW - timedelta(minutes=5))}x.json.gz"], NOW) is None


def test_objects_of_the_version_before_are_read_by_their_hours_with_all_that_lies_in_them() -> None:
    keys = [f"{hour(NOW)}x.json.gz", f"{folder(NOW)}y.json.gz", f"{hour(NOW - timedelta(hours=1))}old.json.gz"]
    assert landed(keys, NOW) == Landed(RAW_EVENTS, "2026-11-2122", (("2026-11-21",), ("22",)))


@given(moments, moments)
def test_whatever_landed_since_a_moment_is_listed_and_read(since: datetime, written: datetime) -> None:
    key = f"{folder(written)}x.json.gz"
    found = landed([key] if key > hour(since) else [], since)
    if written >= since:
        assert found is not None and f"{folder(written).removeprefix(PREFIX)}".count("=") == len(found.values)


def test_a_load_writes_before_it_is_read_for_the_last_time() -> None:
    load = yaml_parse(TEMPLATE.read_text())["Resources"]["LoadFunction"]["Properties"]
    assert timedelta(seconds=load["Timeout"]) + timedelta(minutes=1) <= OVERLAP
    assert STEP_MINUTES == 5
