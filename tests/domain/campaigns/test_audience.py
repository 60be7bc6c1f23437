"""The SQL of a run, executed: who is in it, in which arm, what is unloaded, and what is counted."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from regulars.domain.campaigns import audience as audience_module
from regulars.domain.campaigns.arms import arm_of
from regulars.domain.campaigns.audience import audience_tables, counts_sql, foreseen_sql, statements
from regulars.domain.campaigns.counts import Counts, counted
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.plan import Statements
from regulars.domain.campaigns.run import Run
from regulars.domain.delivery.global_control import GlobalControl
from regulars.domain.delivery.recipients import fingerprint
from regulars.domain.documents import JsonObject
from regulars.domain.errors import InvalidRuleError
from regulars.domain.lake.buckets import bucket_of
from regulars.domain.lake.snapshots import Snapshots
from tests.domain.campaigns.lake import Lake, accepted
from tests.examples import campaign_run

AS_OF = datetime(2017, 10, 1, tzinfo=UTC)
PEOPLE = [f"h{n}" for n in range(200)]
BUYERS = {"id": "buyers", "name": "Buyers", "rule": {"event": "Order Completed"}}
FREE = {"id": "free", "name": "On the free plan", "rule": {"trait": "plan", "eq": "free"}}
EVEN = {"id": "even", "name": "Named", "rule": {"users": [f"h{n}" for n in range(0, 200, 2)]}}
SEGMENTS: Sequence[JsonObject] = (BUYERS, FREE, EVEN)
AT = datetime(2017, 9, 1)


def launched(
    include: list[str],
    exclude: Sequence[str] = (),
    *,
    run_id: str = "spring-1",
    segments: Sequence[JsonObject] = SEGMENTS,
    when_unsure: str = "skip",
) -> Run:
    campaign = {
        "id": "spring",
        "audience": {"include": include, "exclude": list(exclude)},
        "message": {"push": {"body": "x"}},
        "variants": [{"id": "a"}, {"id": "b"}],
        "delivery": {"when_unsure": when_unsure},
    }
    return campaign_run(run_id, campaign, segments=[one for one in segments if one["id"] in (*include, *exclude)], launched_at=AS_OF)


def compiled(run: Run, snapshots: Snapshots | None = None) -> Statements:
    return statements(run, "lake", snapshots=snapshots or {})


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
    lake.run(compiled(launched(["buyers"])).assign)
    assert set(assigned(lake)) == {person for n, person in enumerate(PEOPLE) if n % 3 == 0}


def test_an_audience_is_read_as_of_the_snapshots_of_its_run_and_nothing_else_is() -> None:
    run = launched(["buyers", "even"], ["free"])
    assert audience_tables(run) == ["events", "identities", "people"]
    pinned, free = compiled(run, {"events": "9007199254740993", "identities": "8"}), compiled(run)
    accepted(pinned.assign)
    assert pinned.assign.count(" FOR VERSION AS OF 9007199254740993") == free.assign.count("FROM events") > 1
    assert pinned.assign.count(" FOR VERSION AS OF 8") == free.assign.count("FROM identities") > 1
    assert pinned.assign.replace(" FOR VERSION AS OF 9007199254740993", "").replace(" FOR VERSION AS OF 8", "") == free.assign
    assert (pinned.unload, pinned.record) == (free.unload, free.record)


def test_arms_and_buckets_are_those_of_python(lake: Lake) -> None:
    run = launched(["buyers", "even"])
    lake.run(compiled(run).assign)
    campaign = parse_campaign(run.campaign.document)
    assert assigned(lake) == {person: arm_of(campaign, person) for n, person in enumerate(PEOPLE) if n % 3 == 0 or n % 2 == 0}
    assert {"control", "a", "b"} == set(assigned(lake).values())
    rows = lake.run("SELECT user_id, bucket, campaign_id, planned_ts FROM assignments")
    assert all(row["bucket"] == bucket_of(row["user_id"], "spring") and row["campaign_id"] == "spring" for row in rows)
    assert {row["planned_ts"] for row in rows} == {AS_OF.replace(tzinfo=None)}


def test_who_is_foreseen_is_who_is_then_assigned_and_sent_to(lake: Lake) -> None:
    devices = [
        {"user_id": f"h{n}", "device_id": f"d{n}{which}", "token": f"t{n}{which}", "last_seen_ts": AT} for n in range(0, 200, 4) for which in "ab"
    ]
    lake.fill("devices", [*devices, {"user_id": "h1", "device_id": "d1", "token": "t0a", "last_seen_ts": datetime(2017, 9, 2)}])
    reached = (("h12", "sent"), ("h6", "failed"))
    lake.fill("raw_deliveries", [{"run_id": "spring-0", "user_id": user_id, "outcome": outcome} for user_id, outcome in reached])
    run = replace(launched(["buyers", "even"], ["free"]), continues=("spring-0",))
    foreseen = lake.run(foreseen_sql(run))
    statements = compiled(run)
    lake.run(statements.assign)
    assert {row["user_id"]: row["arm"] for row in foreseen} == assigned(lake)
    names = ("user_id", "arm", "device_id", "fingerprint", "skip_reason")
    sent_to = sorted(str([row[name] for name in names]) for row in lake.run(statements.unload))
    assert sorted(str([row[name] for name in names]) for row in foreseen if row["arm"] != "control") == sent_to
    people = [row["user_id"] for row in foreseen]
    assert people == sorted(people) and len(people) > len(set(people))
    held_back = [row for row in foreseen if row["arm"] == "control"]
    assert held_back and not any(row["device_id"] or row["skip_reason"] for row in held_back)


def test_whoever_is_held_out_of_all_campaigns_is_in_no_arm_and_counted_apart(lake: Lake) -> None:
    group = GlobalControl(3_000, "global-control-2017Q4", date(2017, 12, 31))
    run = replace(launched(["buyers", "even"]), global_control=group)
    campaign, asked = parse_campaign(run.campaign.document), compiled(run)
    lake.fill("devices", [{"user_id": person, "device_id": person, "token": person, "last_seen_ts": AT} for person in PEOPLE])
    foreseen = {row["user_id"]: row for row in lake.run(foreseen_sql(run))}
    lake.run(asked.assign)
    everybody = [person for n, person in enumerate(PEOPLE) if n % 3 == 0 or n % 2 == 0]
    held_out = {person for person in everybody if group.holds(person)}
    assert held_out and assigned(lake) == {person: "global control" if person in held_out else arm_of(campaign, person) for person in everybody}
    assert {person: row["arm"] for person, row in foreseen.items()} == assigned(lake)
    assert not any(foreseen[person]["device_id"] for person in held_out)
    sent_to = {row["user_id"] for row in lake.run(asked.unload)}
    assert sent_to == {person for person in everybody if person not in held_out and arm_of(campaign, person) != "control"}
    counts = counted(lake.answers(counts_sql("spring-1")))
    assert (counts.held_out, counts.audience) == (len(held_out), len(everybody) - len(held_out))
    assert counts.audience == counts.control + counts.treated and counts.treated == len(sent_to)


def test_an_exclusion_takes_out_those_of_whom_it_is_known_and_nobody_else(lake: Lake) -> None:
    lake.run(compiled(launched(["buyers"], ["free"])).assign)
    # Odd ones have no plan at all: the exclusion knows nothing of them, so they stay.
    assert set(assigned(lake)) == {f"h{n}" for n in range(0, 200, 3) if not (n % 2 == 0 and n % 5 == 0)}


def test_several_exclusions_all_count(lake: Lake) -> None:
    lake.run(compiled(launched(["buyers"], ["free", "even"])).assign)
    assert set(assigned(lake)) == {f"h{n}" for n in range(3, 200, 6)}


def test_assigning_twice_adds_nobody_and_another_run_is_apart(lake: Lake) -> None:
    sql = compiled(launched(["buyers"])).assign
    lake.run(sql)
    before = lake.run("SELECT count(*) AS n FROM assignments")
    lake.run(sql)
    assert lake.run("SELECT count(*) AS n FROM assignments") == before
    lake.run(compiled(launched(["buyers"], run_id="spring-2")).assign)
    assert lake.run("SELECT count(*) AS n FROM assignments")[0]["n"] == 2 * before[0]["n"]


def test_recipients_are_one_row_a_device_with_nothing_personal_and_without_the_control_group(lake: Lake) -> None:
    asked = compiled(launched(["even"]))
    assert asked.unload.startswith("UNLOAD (SELECT ")
    assert "TO 's3://lake/runs/spring-1/recipients/<attempt>/' WITH" in asked.unload
    lake.run(asked.assign)
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
    rows = lake.run(asked.unload)
    by_person: dict[str, list[Any]] = {}
    for row in rows:
        by_person.setdefault(row["user_id"], []).append(row)
    assert sorted(by_person) == treated
    assert [row["device_id"] for row in by_person[one]] == ["d1"]
    assert {row["device_id"] for row in by_person[two]} == {"d2", "d3"}
    assert [row["device_id"] for row in by_person[moved]] == [None]  # its token belongs to whoever was seen with it last
    assert {name for row in rows for name in row} == {"user_id", "arm", "device_id", "fingerprint", "skip_reason", "shard"}
    tokens = {"d1": "t1", "d2": "t2", "d3": "t3"}
    assert all(row["fingerprint"] == (fingerprint(tokens[row["device_id"]]) if row["device_id"] else None) for row in rows)
    assert {row["arm"] for row in rows} == {"a", "b"}


@pytest.mark.parametrize(
    ("device", "reachable"),
    [
        ({"token": "t1"}, True),
        ({"fid": "f1"}, True),
        ({"token": "t1", "registered_by": "h0"}, True),
        ({"token": "t1", "registered_by": "h1"}, False),
        ({"token": "t1", "user_id": None}, False),
        ({}, False),
    ],
)
def test_a_device_is_its_owners_with_what_they_registered_or_nobody_did(lake: Lake, device: dict[str, Any], reachable: bool) -> None:
    lake.fill("assignments", [{"run_id": "spring-1", "campaign_id": "spring", "user_id": "h0", "arm": "a", "bucket": 0, "planned_ts": AT}])
    lake.fill("devices", [{"device_id": "d1", "user_id": "h0", "last_seen_ts": AT, **device}])
    (row,) = lake.run(compiled(launched(["even"])).unload)
    assert row["device_id"] == ("d1" if reachable else None)
    assert row["fingerprint"] == (fingerprint(device.get("fid") or device["token"]) if reachable else None)


@pytest.mark.parametrize("user_id", ["h1", None])
def test_a_target_is_of_the_device_that_registered_it_last_whoever_uses_that(lake: Lake, user_id: str | None) -> None:
    lake.fill("assignments", [{"run_id": "spring-1", "campaign_id": "spring", "user_id": "h0", "arm": "a", "bucket": 0, "planned_ts": AT}])
    later = {"token": "t1", "last_seen_ts": AT, "seen_order": "2017-08-02", "registered_order": "2017-08-02"}
    lake.fill("devices", [{**later, "device_id": "old", "user_id": "h0", "registered_order": "2017-08-01"}])
    lake.fill("devices", [{**later, "device_id": "new", "user_id": user_id}])
    assert [row["device_id"] for row in lake.run(compiled(launched(["even"])).unload)] == [None]


def test_all_devices_of_a_person_are_in_one_shard_and_there_are_as_many_shards_as_people_ask_for(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    devices = [{"device_id": f"d{n}", "user_id": f"h{n % 200}", "token": f"t{n}", "last_seen_ts": datetime(2017, 9, 1)} for n in range(400)]
    lake.fill("devices", [{**device, "platform": "ios"} for device in devices])
    lake.run(compiled(launched(["even"])).assign)
    for people, expected in ((1_000, 1), (50, 2), (10, 9)):
        monkeypatch.setattr(audience_module, "PEOPLE_PER_SHARD", people)
        shards: dict[str, set[int]] = {}
        for row in lake.run(compiled(launched(["even"])).unload):
            shards.setdefault(row["user_id"], set()).add(row["shard"])
        assert all(len(found) == 1 for found in shards.values())
        assert set.union(*shards.values()) == set(range(expected))
    monkeypatch.setattr(audience_module, "PEOPLE_PER_SHARD", 1)
    monkeypatch.setattr(audience_module, "most_shards", lambda policy: 5)
    assert {row["shard"] for row in lake.run(compiled(launched(["even"])).unload)} == set(range(5))


@pytest.mark.parametrize("when_unsure", ["skip", "resend"])
def test_whom_a_run_that_this_one_goes_on_with_has_reached_stays_with_nothing_to_send_to(lake: Lake, when_unsure: str) -> None:
    run = replace(launched(["even"], when_unsure=when_unsure), continues=("spring-0", "spring-00"))
    asked = compiled(run)
    lake.run(asked.assign)
    sent, unsure, failed, skipped, *_ = sorted(person for person, arm in assigned(lake).items() if arm != "control")
    devices = [(sent, "d1"), (sent, "d2"), (unsure, "d3"), (failed, "d4"), (skipped, "d5")]
    lake.fill(
        "devices",
        [{"device_id": d, "user_id": user, "token": f"t{d}", "platform": "ios", "last_seen_ts": datetime(2017, 9, 1)} for user, d in devices],
    )
    lake.fill(
        "raw_deliveries",
        [
            delivery(sent, "d1", "sent", run_id="spring-0"),
            delivery(sent, "d2", "failed", "unregistered", run_id="spring-00"),
            delivery(unsure, "d3", "unknown", "interrupted", run_id="spring-00"),
            delivery(failed, "d4", "failed", "unavailable", run_id="spring-0"),
            delivery(skipped, "d5", "sent", run_id="another"),
        ],
    )
    rows = {person: [row for row in lake.run(asked.unload) if row["user_id"] == person] for person in (sent, unsure, failed, skipped)}
    assert [(row["device_id"], row["skip_reason"]) for row in rows[sent]] == [(None, "already_reached")]
    perhaps = (None, "already_reached") if when_unsure == "skip" else ("d3", None)
    assert [(row["device_id"], row["skip_reason"]) for row in rows[unsure]] == [perhaps]
    assert [(row["device_id"], row["skip_reason"]) for row in rows[failed]] == [("d4", None)]
    assert [(row["device_id"], row["skip_reason"]) for row in rows[skipped]] == [("d5", None)]


def delivery(person: str, device: str | None, outcome: str, reason: str | None = None, **changes: Any) -> dict[str, Any]:
    row = {"run_id": "spring-1", "campaign_id": "spring", "user_id": person, "device_id": device, "arm": "a", "message_id": f"{person}/{device}"}
    return {**row, "outcome": outcome, "reason": reason, "delivered_ts": datetime(2026, 11, 21), **changes}


def test_outcomes_are_recorded_once_and_late_ones_are_added(lake: Lake) -> None:
    sql = compiled(launched(["even"])).record
    lake.fill("raw_deliveries", [delivery("h2", "d1", "sent"), delivery("h4", None, "skipped", "no_device")])
    lake.fill("raw_deliveries", [delivery("h2", "d1", "sent", run_id="another")])
    lake.run(sql)
    lake.run(sql)
    assert len(lake.run("SELECT * FROM deliveries")) == 2
    lake.fill("raw_deliveries", [delivery("h6", "d3", "failed", "unregistered")])
    lake.run(sql)
    assert len(lake.run("SELECT * FROM deliveries")) == 3


def test_counts_add_up_in_people_each_by_the_best_of_their_devices(lake: Lake) -> None:
    asked = compiled(launched(["even"]))
    lake.run(asked.assign)
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
    assert counted(lake.answers(counts_sql("spring-1"))) == Counts(
        audience=100,
        control=100 - len(treated),
        treated=len(treated),
        sent=1,
        unknown=1,
        failed={"unregistered": 1},
        skipped={"no_device": 1, "not_reached": len(rest)},
        pushes=2,
    )
    assert len(treated) == 1 + 1 + 1 + (1 + len(rest))


def test_an_empty_run_counts_nobody(lake: Lake) -> None:
    assert counted(lake.answers(counts_sql("nothing"))) == Counts()


def test_quotes_in_a_name_stay_in_the_text() -> None:
    hostile = {**BUYERS, "rule": {"event": "it's'; DROP TABLE events --"}}
    asked = compiled(launched(["buyers"], segments=[hostile]))
    accepted(asked.assign)
    assert "'it''s''; DROP TABLE events --'" in asked.assign


def test_an_audience_too_large_for_the_state_machine_is_refused_by_its_size() -> None:
    many = {**EVEN, "rule": {"any": [{"users": [f"{n:0>40}{part}" for n in range(900)]} for part in range(6)]}}
    with pytest.raises(InvalidRuleError, match=r"audience: compiles to .* bytes of SQL"):
        compiled(launched(["even"], segments=[many]))
