"""What the version before this one kept is read with the meaning that it had, and written again loses nothing.

The documents are its own: made by its use cases and adapters (commit 1dd2396, which kept claims and curate's state in the table of runs and
unloaded traits and tokens), DynamoDB's items as they stood in the tables.
"""

import gzip
import json
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import orjson
import pytest
from moto import mock_aws

from regulars.adapters import aws
from regulars.adapters.documents.curate_state import curate_state_document, curate_state_of
from regulars.adapters.documents.devices import device_of
from regulars.adapters.documents.profiles import profile_of
from regulars.adapters.documents.runs import run_document, run_of
from regulars.adapters.dynamo_curate_state import DynamoCurateState
from regulars.adapters.dynamo_definitions import DynamoDefinitions
from regulars.adapters.dynamo_devices import DynamoDevices
from regulars.adapters.dynamo_profiles import DynamoProfiles
from regulars.adapters.dynamo_runs import DynamoRuns
from regulars.domain.campaigns.counts import Counts
from regulars.domain.campaigns.run import Run, RunError
from regulars.domain.campaigns.shards import Shard, read_recipients, shard_manifest
from regulars.domain.collection.device import PushTarget
from regulars.domain.collection.message import QueueMessage, unpacked
from regulars.domain.curation.state import BEGINNING, CurateState, UnderWay
from regulars.domain.delivery.global_control import GlobalControl
from regulars.domain.delivery.outcomes import message_id, recorded
from regulars.domain.delivery.recipients import Address, Recipient
from regulars.domain.errors import RunEndedError
from regulars.domain.people.device import Device, Registration, Use
from regulars.domain.people.profile import Profile
from regulars.domain.people.traits import KnownTrait
from regulars.usecases.conclude import conclude
from regulars.usecases.curate import curate
from regulars.usecases.deliver import Delivered, deliver
from regulars.usecases.plan import plan
from tests.fakes.clock import MovableClock
from tests.fakes.services import ScriptedQueries, ScriptedSender
from tests.fakes.stores import MemoryClaims, MemoryContacts, MemoryDefinitions, MemoryDevices, MemoryObjects, MemoryProfiles, MemoryProgress
from tests.fakes.tables import lake_tables

FOLDER = Path(__file__).parent / "documents"
LAUNCHED = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)
TABLES = {"profiles": ("user_id",), "devices": ("device_id",), "runs": ("run_id", "part"), "definitions": ("kind", "name"), "state": ("name",)}
SUPERSEDED = ("run_planned", "run_running", "run_running_without_a_snapshot", "run_running_one_file_a_shard")
ENDED = ("run_succeeded", "run_failed", "run_not_started")
RUNS = (*SUPERSEDED, *ENDED, "run_stopped")


def kept(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text())


def document(name: str) -> dict[str, Any]:
    """The document in an item."""
    found: dict[str, Any] = orjson.loads(kept(name)["document"]["S"])
    return found


def read_run(name: str) -> Run:
    return run_of(document(name))


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setattr(aws, "_clients", {})
    with mock_aws():
        client = boto3.client("dynamodb")
        for name, keys in TABLES.items():
            client.create_table(
                TableName=name,
                BillingMode="PAY_PER_REQUEST",
                AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
                KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)],  # type: ignore[typeddict-item]
            )
        yield client


def test_every_document_is_read_by_a_test() -> None:
    text = Path(__file__).read_text()
    assert all(f'"{path.stem}"' in text for path in FOLDER.glob("*.json"))


# ------------------------------------------------------------------------------------------------------- people and curate


def test_a_profile_is_read_whole_and_written_as_it_was(tables: Any) -> None:
    tables.put_item(TableName="profiles", Item=kept("profile"))
    stored = DynamoProfiles("profiles").get_many(["ada"])["ada"]
    identified = "2026-11-20T09:30:00.250Z"
    traits = {
        "first_name": "Zoë",
        "plan": "pro",
        "age": 36,
        "score": 0.5,
        "vip": True,
        "note": None,
        "address": {"city": "Ulm"},
        "tags": ["a", "b"],
    }
    devices = {
        "phone-1": identified,
        "token:267f7b8f9404d61e": "2026-11-20T10:00:00.000Z",
    }
    assert stored.value == Profile("ada", {name: KnownTrait(value, identified) for name, value in traits.items()}, devices)
    DynamoProfiles("profiles").put(stored.value, expected=stored.version)
    written = tables.get_item(TableName="profiles", Key={"user_id": {"S": "ada"}})["Item"]
    assert orjson.loads(written["document"]["S"]) == {
        "user_id": "ada",
        "traits": {name: {**trait, "tie": "", "rivals": []} for name, trait in document("profile")["traits"].items()},
        "linked": {},
        "devices": devices,
    }


def test_a_device_is_read_whole_and_written_as_it_was(tables: Any) -> None:
    tables.put_item(TableName="devices", Item=kept("device"))
    stored = DynamoDevices("devices").get_many(["phone-1"])["phone-1"]
    use = Use("2026-11-21T09:30:00.250Z", "2026-11-21 09:30:02.000 0003 m2", "ada", "ios", "de-AT", "Europe/Vienna", "5.2.0")
    target = PushTarget("token", "fcm-token-1:APA91bXYZ")
    registration = Registration("2026-11-20T09:30:00.250Z", "2026-11-20 09:30:02.000 0000 m1", "ada", target)
    assert stored.value == Device("phone-1", use, registration)
    DynamoDevices("devices").put(stored.value, expected=stored.version)
    written = tables.get_item(TableName="devices", Key={"device_id": {"S": "phone-1"}})["Item"]
    kept_before = document("device")
    assert orjson.loads(written["document"]["S"]) == {**kept_before, "use": {**kept_before["use"], "earlier": {}, "push_enabled": None}}


STARTED = datetime(2026, 11, 21, 22, 15, tzinfo=UTC)
AGAIN = STARTED + timedelta(minutes=15)
CURATED = CurateState(
    started_at=STARTED,
    inserted_through=STARTED,
    raw_through=STARTED,
    merged_through=STARTED,
    finished_started_at=STARTED,
    finished_at=STARTED,
)
BEFORE = {"run_id": {"S": "state#curate"}, "part": {"S": "state"}}
CURATE_STATES = {
    "curate_running": CurateState(started_at=STARTED, running_until=STARTED + timedelta(minutes=16), inserted_through=STARTED),
    "curate_finished": CURATED,
    "curate_failed": CurateState(
        started_at=AGAIN,
        inserted_through=AGAIN,
        raw_through=STARTED,
        merged_through=STARTED,
        finished_started_at=STARTED,
        finished_at=STARTED,
        error="query 7 failed: TABLE_NOT_FOUND: people",
        failed_started_at=AGAIN,
    ),
}


@pytest.mark.parametrize("name", CURATE_STATES)
def test_curates_state_is_read_and_written_again(name: str) -> None:
    state = curate_state_of(document(name))
    assert state == CURATE_STATES[name]
    assert curate_state_of(curate_state_document(state)) == state


def test_a_state_with_a_statement_under_way_is_read_as_it_was_written() -> None:
    begun = UnderWay("INSERT INTO events SELECT 1", "token", AGAIN, "query")
    state = CurateState().leased(AGAIN).inserting((date(2016, 2, 29), date(2026, 11, 21))).beginning(begun)
    kept = orjson.loads(orjson.dumps(curate_state_document(state)))
    assert curate_state_of(kept) == state
    assert curate_state_of({**kept, "under_way": {**kept["under_way"], "query_id": ""}}).under_way == replace(begun, query_id="")


def test_a_state_of_nothing_is_that_of_one_that_never_ran() -> None:
    assert curate_state_of({}) == CurateState()
    assert curate_state_document(CurateState())["raw_through"] == BEGINNING.isoformat()


def test_curate_goes_on_from_the_state_that_the_version_before_kept_in_the_table_of_runs(tables: Any) -> None:
    tables.put_item(TableName="runs", Item=kept("curate_finished"))
    queries, state = ScriptedQueries(), DynamoCurateState("state", before="runs")
    objects = MemoryObjects({f"raw/events/dt=2026-11-{day}/hh=22/x.json.gz": b"" for day in (20, 21)})
    assert curate(
        queries=queries, objects=objects, profiles=MemoryProfiles(), state=state, clock=MovableClock(AGAIN), rows_per_statement=1000
    ).finished
    backlog = next(sql for sql in queries.ran if "raw_events" in sql)
    assert "dt IN ('2026-11-21')" in backlog, "raw is read from where the last run stood"
    assert state.get().value.raw_through == AGAIN
    assert tables.get_item(TableName="runs", Key=BEFORE)["Item"] == kept("curate_finished")


def test_a_curate_of_the_version_before_that_still_works_keeps_its_lease(tables: Any) -> None:
    tables.put_item(TableName="runs", Item=kept("curate_running"))
    queries, state = ScriptedQueries(), DynamoCurateState("state", before="runs")
    clock = MovableClock(STARTED + timedelta(minutes=1))
    assert curate(queries=queries, objects=MemoryObjects(), profiles=MemoryProfiles(), state=state, clock=clock, rows_per_statement=1000).busy
    clock.advance(timedelta(minutes=16))
    assert curate(queries=queries, objects=MemoryObjects(), profiles=MemoryProfiles(), state=state, clock=clock, rows_per_statement=1000).finished


# ------------------------------------------------------------------------------------------------------- runs


@pytest.mark.parametrize("name", RUNS)
def test_a_run_is_read_as_it_was_launched(name: str) -> None:
    run = read_run(name)
    assert (run.campaign.id, run.campaign.version, run.campaign.document["goal"]["within"]) == ("spring", 1, "7d")
    assert {identity: (each.version, each.document["name"]) for identity, each in run.segments.items()} == {
        "lapsing": (1, "Lapsing"),
        "buyers": (2, "Buyers, lately"),
    }
    assert all("version" not in each.document for each in run.segments.values())
    assert (run.launched_at, run.launched_by) == (LAUNCHED, "mara")
    assert run.as_of == run.planned_at == (datetime(2017, 10, 1, tzinfo=UTC) if name == "run_failed" else LAUNCHED)


@pytest.mark.parametrize("name", RUNS)
def test_a_run_that_is_written_again_loses_nothing(name: str) -> None:
    before, run = document(name), read_run(name)
    after = run_document(run)
    assert run_of(after) == run
    assert after.get("snapshots") == ({"events": before["snapshot"]} if before.get("snapshot") else {} if run.plan else None)
    told = {"layout", "snapshot", "error"} if name in SUPERSEDED else {"layout", "snapshot"}
    kept = {**before, "counts": {**before["counts"], "held_out": 0}}
    assert {key: after[key] for key in kept if key not in told} == {key: value for key, value in kept.items() if key not in told}


def test_a_run_keeps_who_was_held_out_of_all_campaigns_and_one_of_before_held_out_nobody() -> None:
    run = read_run("run_succeeded")
    held_out = replace(run, global_control=GlobalControl(500, "global-control-2026Q4", date(2026, 12, 31)), counts=replace(run.counts, held_out=3))
    assert (run.global_control, run.counts.held_out) == (None, 0)
    assert run_of(json.loads(json.dumps(run_document(held_out)))) == held_out


def test_what_a_run_had_come_to_is_read() -> None:
    succeeded, failed = read_run("run_succeeded"), read_run("run_failed")
    assert succeeded.counts == Counts(
        audience=11, control=2, treated=9, sent=5, unknown=1, failed={"unregistered": 1}, skipped={"no_device": 2}, pushes=6
    )
    assert (succeeded.state, succeeded.error, succeeded.concluded_at, succeeded.shards) == ("succeeded", None, LAUNCHED, 1)
    assert succeeded.plan is not None and succeeded.plan.snapshots == {"events": "9007199254740993"}
    assert succeeded.bytes_scanned["assign"] == 25_000_000
    assert succeeded.cost is not None and succeeded.cost["total"] == 0.00071134
    assert (failed.state, failed.counts.not_reached) == ("failed", 4)
    assert failed.error == RunError("States.TaskFailed", "Query exhausted resources at this scale factor")
    assert read_run("run_not_started").error == RunError("queue_unavailable", "the campaign state machine did not take it")


def test_a_run_without_a_snapshot_was_planned_all_the_same() -> None:
    planned, running = read_run("run_planned"), read_run("run_running_without_a_snapshot")
    assert planned.plan is None
    assert running.plan is not None and running.plan.snapshots == {}
    assert running.plan.statements.assign.startswith("INSERT INTO assignments")


@pytest.mark.parametrize("name", [*SUPERSEDED, "run_stopped"])
def test_a_run_that_was_under_way_is_not_gone_on_with(name: str, tables: Any) -> None:
    tables.put_item(TableName="runs", Item=kept(name))
    runs, run_id = DynamoRuns("runs"), read_run(name).run_id
    error = runs.get(run_id).value.error
    assert error is not None and error.code == ("push_configuration" if name == "run_stopped" else "superseded")
    with nullcontext() if runs.get(run_id).value.manifest else pytest.raises(RunEndedError, match="was told to end"):
        plan(run_id, bucket="lake", runs=runs, catalog=lake_tables(events="9007199254740993"), clock=MovableClock())
    assert_nothing_is_sent(runs, run_id)
    ended = conclude(run_id, runs=runs, queries=ScriptedQueries(), clock=MovableClock())
    assert (ended.state, ended.error) == ("failed", error)


def assert_nothing_is_sent(runs: DynamoRuns, run_id: str) -> None:
    sender = ScriptedSender()
    answer = deliver(
        run_id,
        0,
        execution=runs.get(run_id).value.executions,
        holder="me",
        deadline=LAUNCHED + timedelta(hours=1),
        runs=runs,
        claims=MemoryClaims(),
        progress=MemoryProgress(),
        lake=MemoryObjects({"a.gz": shard(), f"runs/{run_id}/manifest.json": shard_manifest(run_id, [Shard(0, ["a.gz"])])}),
        profiles=MemoryProfiles([profile_of(document("profile"))]),
        devices=MemoryDevices([device_of(document("device"))]),
        contacts=MemoryContacts(),
        definitions=MemoryDefinitions(),
        push_sender=sender,
        clock=MovableClock(),
    )
    assert answer == Delivered(run_id, runs.get(run_id).value.executions, 0, done=True, stopped=True)
    assert sender.sent == []


@pytest.mark.parametrize("name", ENDED)
def test_a_run_that_had_ended_is_not_touched_by_that(name: str) -> None:
    before = document(name)["error"]
    assert read_run(name).error == (RunError(**before) if before else None)


# ------------------------------------------------------------------------------------------------------- everything else


def test_definitions_are_read_listed_and_saved_again(tables: Any) -> None:
    for item in kept("definitions"):
        tables.put_item(TableName="definitions", Item=item)
    definitions = DynamoDefinitions("definitions")
    assert [(each.id, each.version, each.saved_by) for each in definitions.all("segment")] == [("buyers", 2, "tom"), ("lapsing", 1, "mara")]
    assert [(each.id, each.version, each.archived) for each in definitions.all("campaign")] == [("spring", 1, False)]
    assert [each.document["name"] for each in definitions.versions("segment", "buyers")] == ["Buyers, lately", "Buyers"]
    assert definitions.get("segment", "buyers", 1).saved_at == STARTED + timedelta(minutes=15)
    assert definitions.put("segment", "buyers", {"id": "buyers"}, at=AGAIN, by="ann").version == 3


def shard() -> bytes:
    return gzip.compress("\n".join(kept("shard")).encode())


def test_a_shard_is_read_without_the_traits_and_tokens_that_are_in_it() -> None:
    assert list(read_recipients([shard()], "a.gz")) == [
        Recipient("ada", "treated", Address("push", "phone-1")),
        Recipient("bob", "treated", None),
        Recipient("cyd", "treated", Address("push", "phone-2")),
    ]


def test_outcomes_are_those_of_the_messages_that_today_has_too() -> None:
    found = kept("outcomes")
    run_id = found["key"].split("run_id=")[1].split("/")[0]
    expected = {message_id(run_id, user, device) for user, device in (("ada", "phone-1"), ("bob", ""), ("cyd", "phone-2"))}
    assert {one.message_id for one in recorded(gzip.compress("\n".join(found["lines"]).encode()))} == expected


def test_a_message_that_waits_in_the_queue_is_read() -> None:
    delivery = unpacked(QueueMessage("sqs-1", kept("queue_message")))
    assert (delivery.verb, delivery.received) == ("batch", STARTED)
    assert [event["messageId"] for event in delivery.document["batch"]] == ["m-1", "m-2"]
