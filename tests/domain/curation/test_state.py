"""Where curate stands: a lease, and up to when the lake has everything."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.curation.state import BEGINNING, DROPPED_AFTER, LEASE, CurateState, UnderWay
from tests.fakes.clock import MOMENT

FRESH = CurateState()
DAYS = (date(2026, 11, 20), date(2026, 11, 21))
LATER = MOMENT + timedelta(minutes=1)


def test_one_that_never_ran_covers_nothing_and_does_not_run() -> None:
    assert not FRESH.is_running(MOMENT)
    assert not FRESH.covers(MOMENT)
    assert not FRESH.failed_since(BEGINNING)
    assert not FRESH.needs_merge


def test_a_lease_is_held_until_it_is_given_back_or_runs_out() -> None:
    leased = FRESH.leased(MOMENT)
    assert leased.started_at == MOMENT
    assert leased.is_running(MOMENT) and leased.is_running(MOMENT + LEASE - timedelta(seconds=1))
    assert not leased.is_running(MOMENT + LEASE)
    for over in (leased.paused(), leased.failed("why"), leased.finished(LATER)):
        assert not over.is_running(LATER)


def test_what_a_finished_run_covers_is_what_lay_there_when_it_started() -> None:
    done = FRESH.leased(MOMENT).inserting(DAYS).finished(LATER)
    assert done.covers(MOMENT) and not done.covers(LATER)
    assert done.raw_through == done.merged_through == done.people_through == done.known_through == done.finished_started_at == MOMENT
    assert done.identities_through == MOMENT
    assert (done.finished_at, done.under_way, done.has_unknown) == (LATER, None, False)
    assert done.error == "" and not done.needs_merge


def test_a_run_that_inserted_and_did_not_finish_leaves_rows_to_merge() -> None:
    inserting = FRESH.leased(MOMENT).inserting(DAYS)
    for left in (inserting, inserting.paused(), inserting.failed("why"), inserting.leased(LATER)):
        assert left.needs_merge
        assert left.merged_through == left.raw_through == BEGINNING
    assert not inserting.leased(LATER).finished(LATER).needs_merge


def test_what_was_inserted_is_unknown_until_it_is_remembered() -> None:
    inserting = FRESH.leased(MOMENT).inserting(DAYS)
    assert inserting.has_unknown and inserting.failed("why").leased(LATER).has_unknown
    assert not inserting.remembered().has_unknown
    assert inserting.remembered().inserting(DAYS).needs_merge


def test_days_of_what_a_run_left_behind_are_joined_to_those_of_the_next_unless_nobody_knows_them() -> None:
    earlier = (date(2017, 1, 1), date(2017, 2, 1))
    left = FRESH.leased(MOMENT).inserting(earlier)
    assert left.failed("why").leased(LATER).inserting(DAYS).inserted_days == (date(2017, 1, 1), date(2026, 11, 21))
    assert left.finished(LATER).leased(LATER).inserting(DAYS).inserted_days == DAYS
    assert replace(left, inserted_days=None).leased(LATER).inserting(DAYS).inserted_days is None


def test_what_people_said_before_their_times_were_kept_may_be_of_any_day() -> None:
    state = FRESH.leased(MOMENT).inserting(DAYS)
    assert (state.unmerged_people.days, state.unmerged_devices.days, state.unknown.days) == (None, DAYS, DAYS)
    assert state.finished(LATER).leased(LATER).inserting(DAYS).unmerged_people.days == DAYS


def test_claims_of_before_anybody_looked_for_them_may_be_of_any_day() -> None:
    of_before = replace(FRESH.leased(MOMENT).finished(MOMENT), identities_through=BEGINNING).leased(LATER).inserting(DAYS)
    assert of_before.needs_merge and of_before.unmerged_identities.days is None
    assert of_before.finished(LATER).leased(LATER).inserting(DAYS).unmerged_identities.days == DAYS


def test_what_is_under_way_stays_whatever_becomes_of_the_run_but_its_end() -> None:
    begun = UnderWay("INSERT", "token", MOMENT)
    state = FRESH.leased(MOMENT).beginning(begun)
    for left in (state.paused(), state.failed("why"), state.leased(LATER)):
        assert left.under_way == begun
    assert state.finished(LATER).under_way is None
    assert not begun.is_long_over(MOMENT + DROPPED_AFTER) and begun.is_long_over(MOMENT + DROPPED_AFTER + timedelta(seconds=1))


def test_a_run_without_anything_new_leaves_nothing_to_merge() -> None:
    assert not FRESH.leased(MOMENT).needs_merge
    assert not FRESH.leased(MOMENT).finished(LATER).needs_merge


def test_a_failure_is_told_to_those_who_waited_for_that_run_and_forgotten_when_one_succeeds() -> None:
    failed = FRESH.leased(MOMENT).failed("TABLE_NOT_FOUND")
    assert failed.failed_since(MOMENT) and not failed.failed_since(LATER)
    assert failed.paused().failed_since(MOMENT)
    assert not failed.leased(LATER).finished(LATER).failed_since(MOMENT)


def test_a_failure_takes_nothing_back_of_what_was_covered() -> None:
    done = FRESH.leased(MOMENT).finished(MOMENT)
    assert done.leased(LATER).inserting(DAYS).failed("why").covers(MOMENT)


@given(st.lists(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)), min_size=1, max_size=10))
def test_no_two_runs_start_at_the_same_moment_whatever_the_clocks_say(moments: list[datetime]) -> None:
    state, started = FRESH, list[datetime]()
    for moment in moments:
        state = state.leased(moment.replace(tzinfo=MOMENT.tzinfo)).paused()
        started.append(state.started_at)
    assert started == sorted(set(started))


STEPS = st.lists(st.sampled_from(["lease", "insert", "pause", "fail", "finish"]), max_size=12)


@given(STEPS)
def test_whatever_happens_nothing_that_was_covered_is_lost(steps: list[str]) -> None:
    state, now = FRESH, MOMENT
    for step in steps:
        before, now = state, now + timedelta(minutes=20)
        match step:
            case "lease":
                state = state.leased(now)
            case "insert":
                state = state.inserting(DAYS)
            case "pause":
                state = state.paused()
            case "fail":
                state = state.failed("why")
            case _:
                state = state.finished(now)
        assert state.started_at >= before.started_at
        assert state.finished_started_at >= before.finished_started_at
        assert state.merged_through <= state.started_at
        assert state.raw_through == state.merged_through == state.finished_started_at
