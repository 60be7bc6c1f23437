"""Which run of a campaign may be gone on with after its end, by what came later."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from regulars.domain.campaigns.plan import Plan, Statements
from regulars.domain.campaigns.resumption import check_relaunch
from regulars.domain.campaigns.run import Run, RunError
from regulars.domain.errors import ConflictError
from tests.examples import campaign_run
from tests.fakes.clock import MOMENT

YESTERDAY, TODAY = MOMENT - timedelta(days=1), MOMENT
NOW = MOMENT + timedelta(hours=1)


def under_way(name: str, occurrence: datetime | None = None) -> Run:
    return replace(campaign_run(name).planned(Plan({"events": "7"}, Statements("INSERT a", "UNLOAD", "INSERT b"))), occurrence=occurrence)


def failed(name: str, occurrence: datetime | None = None) -> Run:
    return replace(under_way(name, occurrence), state="failed", error=RunError("unfinished", "2 people were not reached"), concluded_at=MOMENT)


def missed(name: str, occurrence: datetime | None = None) -> Run:
    return replace(failed(name, occurrence), plan=None)


def planned(name: str, occurrence: datetime | None = None) -> Run:
    return replace(under_way(name, occurrence), plan=None, state="planned")


@pytest.mark.parametrize(
    ("ended", "later"),
    [
        (failed("by-hand"), missed("occurrence", TODAY)),
        (missed("occurrence", TODAY), missed("another", YESTERDAY)),
        (failed("yesterdays", YESTERDAY), under_way("todays", TODAY)),
        (failed("yesterdays", YESTERDAY), replace(failed("todays", TODAY), state="succeeded")),
        (failed("occurrence", TODAY), missed("by-hand")),
        (failed("occurrence", TODAY), replace(under_way("rehearsal"), sends=False)),
    ],
)
def test_what_is_another_message_or_reached_nobody_takes_no_runs_place(ended: Run, later: Run) -> None:
    check_relaunch(ended, [later, ended], NOW)


@pytest.mark.parametrize(
    ("ended", "later"),
    [
        (failed("occurrence", TODAY), failed("resumed", TODAY)),
        (failed("occurrence", TODAY), missed("resumed", TODAY)),
        (missed("occurrence", TODAY), under_way("by-hand")),
        (failed("occurrence", TODAY), planned("by-hand")),
        (failed("by-hand"), failed("occurrence", TODAY)),
        (failed("by-hand"), planned("occurrence", TODAY)),
        (failed("by-hand"), missed("resumed")),
    ],
)
def test_what_may_have_gone_on_with_a_run_is_resumed_in_its_place(ended: Run, later: Run) -> None:
    with pytest.raises(ConflictError, match=f"run {later.run_id} .* came after run {ended.run_id}"):
        check_relaunch(ended, [missed("missed", TODAY + timedelta(days=1)), later, ended], NOW)


def test_what_came_before_a_run_does_not_keep_it_from_being_resumed() -> None:
    check_relaunch(missed("occurrence", TODAY), [missed("occurrence", TODAY), failed("by-hand")], NOW)
