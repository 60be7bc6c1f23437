from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.pause import Pause
from regulars.domain.campaigns.priority import rival
from regulars.domain.campaigns.promises import NOBODY_SAID
from regulars.domain.campaigns.run import Run
from regulars.domain.settings import Settings
from tests.examples import CAMPAIGN, MOMENT, campaign_run

CAP = {"count": 1, "within": "24h"}


def run(name: str, *, minutes: float = 0, **delivery: Any) -> Run:
    """Of which the pushes are counted, as they are while any run goes by a limit."""
    document = {**CAMPAIGN, "id": name, "delivery": delivery}
    return campaign_run(name, document, launched_at=MOMENT + timedelta(minutes=minutes), state="running", notes=True)


def first(ours: Run, *others: Run, minutes: float = 1, settings: Settings = NOBODY_SAID) -> str:
    found = rival(ours, parse_campaign(ours.campaign.document), lambda: [ours, *others], settings, MOMENT + timedelta(minutes=minutes))
    return found.run_id if found else ""


def test_a_run_lets_one_of_a_higher_priority_go_first_where_either_has_a_cap() -> None:
    assert first(run("news"), run("offer", priority=8, cap=CAP)) == "offer"
    assert first(run("news", cap=CAP), run("offer", priority=8)) == "offer"
    assert first(run("news"), run("offer", priority=8)) == "", "everybody gets both"
    assert first(run("news"), run("offer", priority=8), settings=Settings(daily_limit=1)) == "offer"


@pytest.mark.parametrize("priority", [1, 5])
def test_nobody_waits_for_a_run_of_the_same_priority_or_a_lower_one(priority: int) -> None:
    assert first(run("news", cap=CAP), run("offer", priority=priority, cap=CAP)) == ""


def test_nobody_waits_for_longer_than_a_quarter_of_an_hour_or_for_what_was_launched_long_before() -> None:
    assert first(run("news"), run("offer", priority=8, cap=CAP), minutes=15) == ""
    assert first(run("news"), run("offer", priority=8, cap=CAP, minutes=-16)) == ""
    assert first(run("news"), run("offer", priority=8, cap=CAP, minutes=-14)) == "offer"


def test_what_is_counted_for_nobodys_limit_waits_for_nobody() -> None:
    assert first(replace(run("news"), notes=False), run("offer", priority=8, cap=CAP)) == ""
    assert first(replace(run("news", cap=CAP), notes=False), run("offer", priority=8)) == "offer", "its own limit counts"


def test_nobody_waits_for_a_run_that_sends_nothing_now() -> None:
    offer = run("offer", priority=8, cap=CAP)
    assert first(run("news"), offer.paused(Pause(MOMENT, "ann"))) == ""
    rehearsal = campaign_run("offer", offer.campaign.document, state="running", sends=False)
    assert first(run("news"), rehearsal) == ""


def test_nobody_waits_for_a_run_that_goes_for_a_day_by_everybodys_own_clock() -> None:
    offer = replace(run("offer", priority=8, cap=CAP), local_time=datetime(2026, 11, 22, 18))
    assert first(run("news"), offer) == ""
    assert first(replace(run("news", cap=CAP), local_time=datetime(2026, 11, 22, 18)), run("offer", priority=8)) == "offer"


def test_others_are_not_asked_for_when_nothing_hangs_on_it() -> None:
    ours = run("news", cap=CAP)

    def asked() -> list[Run]:
        raise AssertionError

    assert rival(ours, parse_campaign(ours.campaign.document), asked, NOBODY_SAID, MOMENT + timedelta(hours=1)) is None
