"""A run's life, and what it may come to."""

from dataclasses import replace
from datetime import timedelta

import pytest

from regulars.domain.campaigns.counts import Counts
from regulars.domain.campaigns.plan import MAX_STATEMENTS_BYTES, Plan, Statements, check_size
from regulars.domain.campaigns.run import Run, RunError, new_run_id
from regulars.domain.errors import InvalidRuleError, QueueUnavailableError
from tests.examples import campaign_run
from tests.fakes.clock import MOMENT

LAUNCHED = campaign_run("r1")
PLAN = Plan({"events": "7"}, Statements("INSERT a", "UNLOAD", "INSERT b"))
RUNNING = LAUNCHED.planned(PLAN).sharded("runs/r1/manifest.json", 3)
WELL = Counts(audience=10, control=1, treated=9, sent=8, skipped={"no_device": 1}, pushes=9)
LEFT = Counts(audience=10, control=1, treated=9, sent=4, skipped={"no_device": 1, "not_reached": 4}, pushes=4)
FIRST, SECOND = RunError("push_configuration", "no permission"), RunError("States.TaskFailed", "the map failed")
LATER = MOMENT + timedelta(minutes=3)


def ended(run: Run, counts: Counts = WELL, error: RunError | None = None) -> Run:
    return run.concluded(counts, error=error, bytes_scanned={"assign": 7}, cost={"total": 0.1}, now=LATER)


def test_a_run_goes_from_planned_through_running_to_its_end() -> None:
    assert [LAUNCHED.state, RUNNING.state, ended(RUNNING).state] == ["planned", "running", "succeeded"]
    assert (RUNNING.plan, RUNNING.manifest, RUNNING.shards) == (PLAN, "runs/r1/manifest.json", 3)


def test_a_run_that_ended_well_says_what_came_of_it() -> None:
    run = ended(RUNNING)
    assert (run.counts, run.error, run.bytes_scanned, run.cost, run.concluded_at) == (WELL, None, {"assign": 7}, {"total": 0.1}, LATER)


@pytest.mark.parametrize(
    ("run", "error", "told"),
    [
        (RUNNING, SECOND, SECOND),
        (RUNNING.stopped(FIRST, MOMENT), None, FIRST),
        (RUNNING.stopped(FIRST, MOMENT), SECOND, FIRST),
        (RUNNING.stopped(FIRST, MOMENT).stopped(SECOND, MOMENT), None, FIRST),
        (RUNNING.stopped(FIRST, MOMENT).planned(PLAN), SECOND, FIRST),
    ],
)
def test_the_first_error_is_the_one_that_a_run_failed_of(run: Run, error: RunError | None, told: RunError) -> None:
    for counts in (WELL, LEFT):
        assert (ended(run, counts, error).state, ended(run, counts, error).error) == ("failed", told)


def test_people_who_were_not_reached_are_an_error_of_their_own() -> None:
    run = ended(RUNNING, LEFT)
    assert run.state == "failed"
    assert run.error is not None and (run.error.code, run.error.message.split(":")[0]) == ("unfinished", "4 people were not reached")


def test_concluding_twice_ends_in_the_same() -> None:
    for run in (ended(RUNNING), ended(RUNNING, LEFT), ended(RUNNING.stopped(FIRST, MOMENT))):
        assert ended(run, run.counts) == run


def test_a_run_that_could_not_be_started_has_ended() -> None:
    error = RunError.of(QueueUnavailableError("full"))
    run = LAUNCHED.failed_to_start(error, LATER)
    assert (run.state, run.error, run.concluded_at) == ("failed", RunError("queue_unavailable", "full"), LATER)


def test_nothing_that_happens_changes_what_was_launched() -> None:
    for run in (RUNNING, RUNNING.stopped(FIRST, MOMENT), ended(RUNNING), LAUNCHED.failed_to_start(FIRST, LATER)):
        kept = replace(LAUNCHED, **{name: getattr(run, name) for name in ("state", "counts", "plan", "manifest", "shards", "error")})
        kept = replace(kept, **{name: getattr(run, name) for name in ("bytes_scanned", "cost", "concluded_at", "stopped_at")})
        assert run == kept


def test_the_summary_says_what_the_run_says() -> None:
    summary = ended(RUNNING).summary
    assert (summary.run_id, summary.campaign_id, summary.campaign_version, summary.state) == ("r1", "spring", 1, "succeeded")
    assert (summary.snapshots, summary.shards, summary.counts, summary.cost) == ({"events": "7"}, 3, WELL, {"total": 0.1})
    assert (summary.as_of, summary.launched_at, summary.concluded_at) == (MOMENT, MOMENT, LATER)
    assert LAUNCHED.summary.snapshots == {}


def test_a_run_is_named_by_campaign_moment_and_request() -> None:
    assert new_run_id("spring", MOMENT, "request-1").startswith("spring-20261121T221500-")
    assert new_run_id("spring", MOMENT, "a") == new_run_id("spring", MOMENT, "a") != new_run_id("spring", MOMENT, "b")


def test_sql_is_measured_in_bytes_and_refused_one_byte_over_what_a_run_can_carry() -> None:
    check_size(Statements("x" * (MAX_STATEMENTS_BYTES - 4), "ä", "é"))
    with pytest.raises(InvalidRuleError, match=r"^audience: compiles to 180,001 bytes of SQL"):
        check_size(Statements("x" * (MAX_STATEMENTS_BYTES - 3), "ä", "é"))


@pytest.mark.parametrize("reason", ["unavailable", "quota"])
@pytest.mark.parametrize(("away", "state"), [(10, "succeeded"), (11, "failed"), (100, "failed")])
def test_a_run_of_which_fcm_did_not_take_more_than_a_tenth_has_failed(away: int, state: str, reason: str) -> None:
    counts = Counts(audience=100, treated=100, sent=100 - away, failed={reason: away})
    run = ended(RUNNING, counts)
    assert (run.state, run.error and run.error.code) == (state, "push_unavailable" if state == "failed" else None)


@pytest.mark.parametrize(("away", "unknown", "code"), [(5, 5, None), (6, 5, "push_unavailable"), (5, 6, "push_unsure"), (0, 11, "push_unsure")])
def test_so_has_one_of_which_nobody_knows_and_says_what_to_do(away: int, unknown: int, code: str | None) -> None:
    counts = Counts(audience=100, treated=100, sent=100 - away - unknown, unknown=unknown, failed={"unavailable": away})
    error = ended(RUNNING, counts).error
    assert (error and error.code) == code
    if error is not None:
        assert f"for {away}, and of {unknown} nobody knows" in error.message
        assert "launch the campaign again" in error.message and "when_unsure: resend" in error.message


def test_devices_that_are_gone_are_no_loss_of_the_run() -> None:
    counts = Counts(audience=100, treated=100, sent=40, failed={"unregistered": 50, "sender_mismatch": 10})
    assert ended(RUNNING, counts).state == "succeeded"


@pytest.mark.parametrize(("people", "state"), [(19, "succeeded"), (20, "failed")])
def test_a_run_that_reached_nobody_at_all_has_not_gone_well_whatever_the_reasons(people: int, state: str) -> None:
    run = ended(RUNNING, Counts(audience=people, treated=people, failed={"unregistered": people - 1, "invalid_token": 1}))
    assert run.state == state
    if run.error is not None:
        assert (run.error.code, f"unregistered {people - 1}, invalid_token 1" in run.error.message) == ("nobody_reached", True)
