"""How good the data are, read by its own SQL from a little lake."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from regulars.domain.quality.check import Check, Freshness, QuarantinedCount, RuleCount, SourceQuality, Whose, percentile, read_check
from regulars.domain.quality.check_sql import check_sql
from regulars.domain.quality.volume import Anomaly, volume
from tests.domain.campaigns.lake import Lake
from tests.domain.segments.judges import accepted

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LAKE_NOW = NOW.replace(tzinfo=None)
YESTERDAY = date(2026, 11, 20)


def event(*, waited: int = 60, days_ago: float = 1, rules: tuple[str, ...] = (), **told: Any) -> dict[str, Any]:
    curated = LAKE_NOW - timedelta(days=days_ago)
    received = curated - timedelta(seconds=waited)
    corrections = json.dumps([{"path": "p", "rule": rule, "was": 1} for rule in rules]) if rules else None
    seen = {"event_name": "Order", "event_ts": received, "received_ts": received, "curated_ts": curated, "source": "site", "corrections": corrections}
    return {**seen, "user_id": None, "anonymous_id": None, "traffic": None, **told}


def refused(id_: str, *, days_ago: float = 1) -> dict[str, Any]:
    at = NOW - timedelta(days=days_ago)
    return {"id": id_, "at": at.strftime("%Y-%m-%dT%H:%M:%S.000Z"), "source": "app", "reason": "missing_id", "dt": at.date().isoformat()}


def check(
    *events: dict[str, Any], quarantined: tuple[dict[str, Any], ...] = (), claimed: tuple[str, ...] = (), replayed: tuple[str, ...] = ()
) -> Check:
    lake = Lake()
    claims = [{"kind": "anonymous", "id": id_, "user_id": "ada", "since_ts": LAKE_NOW - timedelta(days=1)} for id_ in claimed]
    replays = [{"id": id_, "state": state, "dt": YESTERDAY.isoformat()} for id_ in replayed for state in ("begun", "done")]
    for table, rows in (("events", events), ("quarantined_events", quarantined), ("identities", claims), ("quarantine_replays", replays)):
        if rows:
            lake.fill(table, rows)
    return read_check(lake.answers(check_sql(NOW - timedelta(days=7), NOW)), NOW)


def test_what_came_in_the_window_is_counted_by_source_rule_reason_and_person() -> None:
    found = check(
        event(user_id="ada", rules=("email", "phone")),
        event(user_id="bo", rules=("email",), traffic="bot", waited=3700),
        event(anonymous_id="a1", traffic="test"),
        event(anonymous_id="a2"),
        event(user_id="ada", days_ago=8, rules=("email",)),
        quarantined=(refused("q1"), refused("q1"), refused("q2"), refused("q3", days_ago=8)),
        claimed=("a1",),
    )
    assert found.sources == (SourceQuality("site", accepted=4, corrected=2, bots=1, tests=1), SourceQuality("app", quarantined=2))
    assert found.corrections == (RuleCount("email", 2), RuleCount("phone", 1))
    assert found.quarantined == (QuarantinedCount("missing_id", "app", 2),)
    assert found.freshness == Freshness(60, 3660)
    assert found.identity == Whose(user=2, claimed=1, anonymous=1)


def test_what_was_replayed_since_is_counted_apart_from_what_waits() -> None:
    found = check(quarantined=(refused("q1"), refused("q1"), refused("q2"), refused("q3")), replayed=("q1", "elsewhere"))
    assert found.quarantined == (QuarantinedCount("missing_id", "app", 2, replayed=1),)
    assert found.sources == (SourceQuality("app", quarantined=2, replayed=1),)


def test_a_property_is_compared_with_the_period_before_of_the_same_length() -> None:
    def paid(days_ago: float, **properties: Any) -> list[dict[str, Any]]:
        return [event(days_ago=days_ago, type="track", properties=json.dumps(properties))] * 100

    before = paid(8, total=1, to={"city": "Rome"}, code="x")
    now = paid(6, total="1", to={"city": None}, code="x")
    older = paid(15, code=1)
    found = {(drift.property, drift.kind): (drift.before, drift.now) for drift in check(*before, *now, *older).drift}
    assert found == {
        ("total", "type"): ({"number": 1}, {"string": 1}),
        ("to.city", "null"): ({"absent": 0, "null": 0}, {"absent": 0, "null": 1}),
    }


def test_a_window_may_begin_before_there_was_time() -> None:
    assert "0001-01-01" in check_sql(datetime(1, 1, 2, tzinfo=UTC), NOW)


def test_athena_takes_the_statement() -> None:
    accepted(check_sql(NOW - timedelta(days=7), NOW))


def test_a_day_is_compared_with_its_weekday_whenever_it_was_curated() -> None:
    found = check(*(event(days_ago=1 + 7 * week) for week in range(9)), event(days_ago=0), event(days_ago=3))
    (order,) = found.volume
    assert (order.event, order.count, order.median, order.enough, order.anomaly) == ("Order", 1, 1.0, True, None)


def test_nothing_at_all_is_no_failure() -> None:
    assert check() == Check((), (), (), Freshness(None, None), Whose(), ())


@pytest.mark.parametrize(
    ("last", "usual", "anomaly"), [(100, 100, None), (49, 100, "low"), (50, 100, None), (0, 100, "low"), (201, 100, "high"), (0, 19, None)]
)
def test_less_than_half_and_more_than_double_of_what_is_usual_is_an_anomaly(last: int, usual: int, anomaly: Anomaly | None) -> None:
    counts = {YESTERDAY - timedelta(weeks=week): usual for week in range(1, 9)}
    assert volume("Order", {**counts, YESTERDAY: last}, YESTERDAY).anomaly == anomaly


def test_an_event_that_is_new_has_not_enough_days_and_a_day_without_events_counts() -> None:
    weeks = {week: YESTERDAY - timedelta(weeks=week) for week in range(9)}
    new = volume("Order", {weeks[0]: 900, weeks[3]: 100}, YESTERDAY)
    assert (new.median, new.enough, new.anomaly) == (0.0, False, None)
    rare = volume("Order", {weeks[0]: 900, weeks[4]: 100}, YESTERDAY)
    assert (rare.median, rare.enough, rare.anomaly) == (0.0, True, "high")


def test_a_percentile_is_a_value_that_occurred() -> None:
    assert [percentile({10: 50, 20: 45, 900: 5}, percent) for percent in (50, 95, 96)] == [10, 20, 900]
    assert percentile({}, 50) is None
