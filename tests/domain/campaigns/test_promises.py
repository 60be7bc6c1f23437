from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from regulars.domain.campaigns.cost import run_cost
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.promises import most_shards, parallel_workers, policy_of
from regulars.domain.campaigns.run import MAX_SHARDS, PARALLEL_WORKERS
from regulars.domain.delivery.caps import Cap, Limit
from regulars.domain.delivery.policy import Policy
from regulars.domain.settings import Settings
from tests.examples import CAMPAIGN, campaign_run

NIGHT = {"from": "21:00", "to": "08:00"}


def policy(*, sends: bool = True, local_time: datetime | None = None, **delivery: Any) -> Policy:
    run = replace(campaign_run("spring-1", {**CAMPAIGN, "delivery": delivery}), sends=sends, local_time=local_time)
    return policy_of(run, parse_campaign(run.campaign.document))


def test_a_run_that_may_hold_people_back_has_all_its_shards_at_work_at_once() -> None:
    for holding in (policy(quiet_hours=NIGHT), policy(local_time=datetime(2026, 11, 26, 18))):
        assert most_shards(holding) == parallel_workers(holding)
    for other in (policy(), policy(quiet_hours={**NIGHT, "otherwise": "drop"}), policy(cap={"count": 1, "within": "1d"})):
        assert (most_shards(other), parallel_workers(other)) == (MAX_SHARDS, PARALLEL_WORKERS)


@pytest.mark.parametrize(
    ("promised", "hours"), [({}, 0), ({"quiet_hours": NIGHT}, 12), ({"local_time": datetime(2026, 11, 26, 18), "quiet_hours": NIGHT}, 38)]
)
def test_the_longest_hold_is_a_long_night_after_the_last_zone(promised: dict[str, Any], hours: int) -> None:
    assert policy(**promised).longest_hold == timedelta(hours=hours)


def test_a_rehearsal_holds_nobody_and_knows_who_has_had_enough() -> None:
    rehearsed = policy(sends=False, local_time=datetime(2026, 11, 26, 18), quiet_hours=NIGHT, cap={"count": 1, "within": "1d"})
    assert not rehearsed.goes_by_clocks
    assert len(rehearsed.limits) == 1


def test_a_run_that_holds_people_back_costs_a_look_a_shard_each_quarter_of_an_hour() -> None:
    told = {"treated": 100_000, "pushes": 100_000, "noted": 100_000, "shards": 20}
    once, held = run_cost([0], held=timedelta(0), **told), run_cost([0], held=timedelta(hours=26), **told)
    assert held["step_functions"] - once["step_functions"] == pytest.approx(20 * 26 * 4 * 3 * 0.000025)


@pytest.mark.parametrize(
    ("schedule", "zone"),
    [
        (None, "Europe/Paris"),
        ({"cron": "0 18 ? * THU *", "timezone": "user"}, "Europe/Paris"),
        ({"cron": "0 18 ? * THU *"}, "Europe/Paris"),
        ({"cron": "0 18 ? * THU *", "timezone": "Asia/Kolkata"}, "Asia/Kolkata"),
    ],
)
def test_who_tells_no_zone_is_in_that_of_the_campaigns_schedule_and_else_in_that_of_the_settings(schedule: dict[str, str] | None, zone: str) -> None:
    run = campaign_run("spring-1", {**CAMPAIGN, **({"schedule": schedule} if schedule else {})})
    assert policy_of(run, parse_campaign(run.campaign.document), Settings(timezone="Europe/Paris")).zone == ZoneInfo(zone)


def test_the_settings_limit_what_all_campaigns_send_to_somebody_in_a_day_but_transactional_ones() -> None:
    limited = [Limit(Cap(2, timedelta(days=1)), "daily_limit")]
    for purpose, limits in (("marketing", limited), ("transactional", [])):
        run = campaign_run("spring-1", {**CAMPAIGN, "delivery": {"purpose": purpose}})
        policy = policy_of(run, parse_campaign(run.campaign.document), Settings(daily_limit=2))
        assert (policy.limits, policy.noted) == (limits, purpose == "marketing")
