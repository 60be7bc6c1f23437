"""The SQL of a run, executed: who is in it, in which arm, what is unloaded, and what is counted."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from regulars.domain.campaigns import parse_campaign
from regulars.domain.campaigns.arms import arm_of
from regulars.domain.campaigns.audience import counts_sql, newest_snapshot_sql, statements
from regulars.domain.campaigns.outcomes import counted
from regulars.domain.campaigns.run import new_record
from regulars.domain.errors import InvalidRuleError
from regulars.domain.lake.buckets import bucket_of
from tests.domain.campaigns.lake import Lake, accepted

AS_OF = datetime(2017, 10, 1, tzinfo=UTC)
PEOPLE = [f"h{n}" for n in range(200)]
BUYERS = {"id": "buyers", "name": "Buyers", "rule": {"event": "Order Completed"}}
FREE = {"id": "free", "name": "On the free plan", "rule": {"trait": "plan", "eq": "free"}}
EVEN = {"id": "even", "name": "Named", "rule": {"users": [f"h{n}" for n in range(0, 200, 2)]}}


def record(include: list[str], exclude: list[str] = [], **changes: Any) -> dict[str, Any]:  # noqa: B006
    campaign = {
        "id": "spring",
        "audience": {"include": include, "exclude": exclude},
        "message": {"push": {"body": "x"}},
        "variants": [{"id": "a"}, {"id": "b"}],
        **changes,
    }
    segments = {one["id"]: {**one, "version": 1} for one in (BUYERS, FREE, EVEN) if one["id"] in (*include, *exclude)}
    return new_record("spring-1", campaign=campaign, version=1, segments=segments, as_of=AS_OF, now=AS_OF, by="tests")


def plan(n: int) -> str:
    return "free" if n % 5 == 0 else "pro"


@pytest.fixture
def lake() -> Lake:
    """200 people; every third bought before the moment, every third after it; every fifth is on the free plan; of some nothing is known but that."""
    lake = Lake()
    events, people = [], []
    for n, person in enumerate(PEOPLE):
        moment = datetime(2017, 9, 1) if n % 3 == 0 else datetime(2017, 10, 2)
        traits = json.dumps({"plan": plan(n)}) if n % 2 == 0 else None
        identify = {"message_id": f"i{n}", "user_id": person, "type": "identify", "event_name": "identify", "event_ts": datetime(2017, 8, 1)}
        order = {"message_id": f"o{n}", "user_id": person, "type": "track", "event_name": "Order Completed", "event_ts": moment}
        events += [{**identify, "traits": traits or "{}"}, {**order, "properties": json.dumps({"revenue": n})}]
        people.append({"user_id": person, "first_seen_ts": datetime(2017, 8, 1), "traits": traits})
    lake.fill("events", events)
    lake.fill("people", people)
    return lake


def assigned(lake: Lake) -> dict[str, str]:
    return {row["user_id"]: row["arm"] for row in lake.run("SELECT user_id, arm FROM assignments WHERE run_id = 'spring-1'")}


def test_everybody_in_an_included_segment_as_of_the_moment_is_assigned(lake: Lake) -> None:
    lake.run(statements(record(["buyers"]), "lake").assign)
    assert set(assigned(lake)) == {person for n, person in enumerate(PEOPLE) if n % 3 == 0}


def test_an_audience_is_read_as_of_the_snapshot_of_its_run_and_nothing_else_is() -> None:
    given = {**record(["buyers", "even"], ["free"]), "snapshot": "9007199254740993"}
    pinned, free = statements(given, "lake"), statements({**given, "snapshot": None}, "lake")
    accepted(pinned.assign)
    assert pinned.assign.count(" FOR VERSION AS OF 9007199254740993") == free.assign.count("FROM events") > 1
    assert pinned.assign.replace(" FOR VERSION AS OF 9007199254740993", "") == free.assign
    assert (pinned.unload, pinned.record) == (free.unload, free.record)


def test_the_newest_snapshot_is_asked_for_in_trinos_words() -> None:
    accepted(newest_snapshot_sql())


def test_arms_and_buckets_are_those_of_python(lake: Lake) -> None:
    asked = record(["buyers", "even"])
    lake.run(statements(asked, "lake").assign)
    campaign = parse_campaign(asked["campaign"])
    assert assigned(lake) == {person: arm_of(campaign, person) for n, person in enumerate(PEOPLE) if n % 3 == 0 or n % 2 == 0}
    assert {"control", "a", "b"} == set(assigned(lake).values())
    rows = lake.run("SELECT user_id, bucket, campaign_id, planned_ts FROM assignments")
    assert all(row["bucket"] == bucket_of(row["user_id"], "spring") and row["campaign_id"] == "spring" for row in rows)
    assert {row["planned_ts"] for row in rows} == {AS_OF.replace(tzinfo=None)}


def test_an_exclusion_takes_out_those_of_whom_it_is_known_and_nobody_else(lake: Lake) -> None:
    lake.run(statements(record(["buyers"], ["free"]), "lake").assign)
    # Odd ones have no plan at all: the exclusion knows nothing of them, so they stay.
    assert set(assigned(lake)) == {f"h{n}" for n in range(0, 200, 3) if not (n % 2 == 0 and n % 5 == 0)}


def test_several_exclusions_all_count(lake: Lake) -> None:
    lake.run(statements(record(["buyers"], ["free", "even"]), "lake").assign)
    assert set(assigned(lake)) == {f"h{n}" for n in range(3, 200, 6)}


def test_assigning_twice_adds_nobody_and_another_run_is_apart(lake: Lake) -> None:
    sql = statements(record(["buyers"]), "lake").assign
    lake.run(sql)
    before = lake.run("SELECT count(*) AS n FROM assignments")
    lake.run(sql)
    assert lake.run("SELECT count(*) AS n FROM assignments") == before
    lake.run(statements({**record(["buyers"]), "run_id": "spring-2"}, "lake").assign)
    assert lake.run("SELECT count(*) AS n FROM assignments")[0]["n"] == 2 * before[0]["n"]


def test_recipients_are_one_row_a_device_with_traits_and_without_the_control_group(lake: Lake) -> None:
    compiled = statements(record(["even"]), "lake")
    assert compiled.unload.startswith("UNLOAD (SELECT ")
    assert "TO 's3://lake/runs/spring-1/recipients/'" in compiled.unload
    lake.run(compiled.assign)
    treated = sorted(person for person, arm in assigned(lake).items() if arm != "control")
    one, two, moved = treated[:3]
    lake.fill(
        "devices",
        [
            {"device_id": "d1", "user_id": one, "token": "t1", "platform": "ios", "last_seen_ts": datetime(2017, 9, 1)},
            {"device_id": "d2", "user_id": two, "token": "t2", "platform": "android", "last_seen_ts": datetime(2017, 9, 1)},
            {"device_id": "d3", "user_id": two, "token": "t3", "platform": "android", "last_seen_ts": datetime(2017, 9, 1)},
            {"device_id": "old", "user_id": moved, "token": "t3", "platform": "android", "last_seen_ts": datetime(2017, 8, 1)},
            {"device_id": "none", "user_id": moved, "token": None, "platform": "android", "last_seen_ts": datetime(2017, 8, 1)},
        ],
    )
    rows = lake.run(compiled.unload)
    by_person: dict[str, list[Any]] = {}
    for row in rows:
        by_person.setdefault(row["user_id"], []).append(row)
    assert sorted(by_person) == treated
    assert [(row["device_id"], row["token"], row["platform"]) for row in by_person[one]] == [("d1", "t1", "ios")]
    assert {row["token"] for row in by_person[two]} == {"t2", "t3"}
    assert [row["token"] for row in by_person[moved]] == [None]  # its token belongs to whoever was seen with it last
    assert all(json.loads(row["traits"]) == {"plan": plan(int(row["user_id"][1:]))} for row in rows)
    tokens = [row["token"] for row in rows if row["token"]]
    assert len(tokens) == len(set(tokens))


def delivery(person: str, device: str | None, outcome: str, reason: str | None = None, **changes: Any) -> dict[str, Any]:
    row = {"run_id": "spring-1", "campaign_id": "spring", "user_id": person, "device_id": device, "arm": "a", "message_id": f"{person}/{device}"}
    return {**row, "outcome": outcome, "reason": reason, "delivered_ts": datetime(2026, 11, 21), **changes}


def test_outcomes_are_recorded_once_and_late_ones_are_added(lake: Lake) -> None:
    sql = statements(record(["even"]), "lake").record
    lake.fill("raw_deliveries", [delivery("h2", "d1", "sent"), delivery("h4", None, "skipped", "no_device")])
    lake.fill("raw_deliveries", [delivery("h2", "d1", "sent", run_id="another")])
    lake.run(sql)
    lake.run(sql)
    assert len(lake.run("SELECT * FROM deliveries")) == 2
    lake.fill("raw_deliveries", [delivery("h6", "d3", "failed", "unregistered")])
    lake.run(sql)
    assert len(lake.run("SELECT * FROM deliveries")) == 3


def test_counts_add_up_in_people_each_by_the_best_of_their_devices(lake: Lake) -> None:
    compiled = statements(record(["even"]), "lake")
    lake.run(compiled.assign)
    treated = sorted(person for person, arm in assigned(lake).items() if arm != "control")
    both, unsure, dead, none, *rest = treated
    lake.fill(
        "deliveries",
        [
            delivery(both, "d1", "failed", "unregistered"),
            delivery(both, "d2", "sent"),
            delivery(both, "d3", "sent"),
            delivery(unsure, "d4", "failed", "unregistered"),
            delivery(unsure, "d5", "unknown", "interrupted"),
            delivery(dead, "d6", "failed", "unregistered"),
            delivery(dead, "d7", "skipped", "device_gone"),
            delivery(none, None, "skipped", "no_device"),
        ],
    )
    counts = counted(lake.answers(counts_sql("spring-1")))
    assert counts["audience"] == 100
    assert counts["control"] == 100 - len(treated)
    assert counts["treated"] == len(treated)
    assert counts["treated"] == counts["sent"] + counts["unknown"] + sum(counts["failed"].values()) + sum(counts["skipped"].values())
    assert (counts["sent"], counts["unknown"], counts["pushes"]) == (1, 1, 2)
    assert counts["failed"] == {"unregistered": 1}
    assert counts["skipped"] == {"no_device": 1, "not_reached": len(rest)}


def test_an_empty_run_counts_nobody(lake: Lake) -> None:
    assert counted(lake.answers(counts_sql("nothing")))["audience"] == 0


def test_quotes_in_a_name_stay_in_the_text() -> None:
    given = record(["buyers"])
    given["segments"]["buyers"]["rule"] = {"event": "it's'; DROP TABLE events --"}
    compiled = statements(given, "lake")
    accepted(compiled.assign)
    assert "'it''s''; DROP TABLE events --'" in compiled.assign


def test_an_audience_too_large_for_the_state_machine_is_refused_by_its_size() -> None:
    given = record(["even"])
    given["segments"]["even"]["rule"] = {"any": [{"users": [f"{n:0>40}{part}" for n in range(900)]} for part in range(6)]}
    with pytest.raises(InvalidRuleError, match=r"audience: compiles to .* bytes of SQL"):
        statements(given, "lake")
