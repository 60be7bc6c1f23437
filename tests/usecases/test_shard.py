"""Athena's manifest becomes the shards that the state machine maps over."""

import json
from dataclasses import replace
from typing import Any

import pytest

from regulars.domain.campaigns.counts import Counts
from regulars.domain.campaigns.pause import Pause
from regulars.domain.campaigns.run import RunError
from regulars.domain.errors import InvalidCampaignError, NotFoundError, RegularsError, RunEndedError
from regulars.usecases.shard import Sharded, shard
from tests.examples import CAMPAIGN, campaign_run
from tests.fakes.clock import MOMENT, MovableClock
from tests.fakes.services import ScriptedQueries
from tests.fakes.stores import MemoryContacts, MemoryDefinitions, MemoryObjects, MemoryRuns

WRITTEN = ["1/shard=7/b", "1/shard=0/c", "1/shard=7/a"]
MANIFEST = "s3://lake/query-results/q-manifest.csv"


class World:
    def __init__(self, written: list[str], *, people: int = 9, **delivery: Any) -> None:
        self.runs, self.lake = MemoryRuns(), MemoryObjects()
        self.runs.create(campaign_run("r1", {**CAMPAIGN, "delivery": delivery}, state="running"))
        rows = {"control": 1, "treated": people}
        self.queries = ScriptedQueries(
            {"assignments": [{"arm": arm, "outcome": None, "reason": None, "people": str(number), "pushes": None} for arm, number in rows.items()]}
        )
        self.unloads(written)

    def unloads(self, written: list[str]) -> None:
        lines = [f"s3://lake/runs/r1/recipients/{name}\n" for name in written]
        self.lake.content["query-results/q-manifest.csv"] = "".join(lines).encode()

    def shard(self, manifest: str = MANIFEST) -> Sharded:
        return shard(
            "r1",
            manifest=manifest,
            lake=self.lake,
            runs=self.runs,
            contacts=MemoryContacts(),
            definitions=MemoryDefinitions(),
            queries=self.queries,
            clock=MovableClock(),
        )

    @property
    def listed(self) -> Any:
        return json.loads(self.lake.content["runs/r1/manifest.json"])


def test_each_folder_is_a_shard_with_all_of_its_files_in_the_order_of_their_names() -> None:
    world = World(WRITTEN)
    assert world.shard() == Sharded("r1", "runs/r1/manifest.json", 2, 4)
    assert world.listed == [
        {"run_id": "r1", "shard": 0, "keys": ["runs/r1/recipients/1/shard=0/c"]},
        {"run_id": "r1", "shard": 7, "keys": ["runs/r1/recipients/1/shard=7/a", "runs/r1/recipients/1/shard=7/b"]},
    ]
    assert (world.runs.get("r1").value.manifest, world.runs.get("r1").value.shards) == ("runs/r1/manifest.json", 2)


def test_from_here_on_the_run_says_how_many_people_it_is_for() -> None:
    world = World(WRITTEN)
    world.shard()
    run = world.runs.get("r1").value
    assert run.counts == Counts(audience=10, control=1, treated=9, skipped={"not_reached": 9})
    assert run.bytes_scanned == {"size": 7}


def test_a_run_that_has_its_shards_keeps_them_whatever_a_later_attempt_unloads() -> None:
    world = World(WRITTEN)
    first, listed = world.shard(), world.listed
    world.unloads(["2/shard=0/x", "2/shard=1/y", "2/shard=2/z"])
    assert (world.shard(), world.listed) == (first, listed)


def test_of_two_attempts_at_once_the_first_manifest_is_the_runs() -> None:
    world = World(["2/shard=3/x"])
    world.lake.content["runs/r1/manifest.json"] = b'[{"run_id":"r1","shard":0,"keys":["a"]},{"run_id":"r1","shard":1,"keys":["b"]}]'
    assert world.shard().shards == 2
    assert [each["keys"] for each in world.listed] == [["a"], ["b"]]


def test_nobody_to_send_to_is_no_shard() -> None:
    for manifest in ("", MANIFEST):
        world = World([])
        assert world.shard(manifest).shards == 0
        assert world.listed == []


def test_a_manifest_that_athena_names_and_that_is_not_there_is_no_empty_audience() -> None:
    with pytest.raises(NotFoundError):
        World([]).shard("s3://lake/query-results/gone.csv")


def test_a_file_in_no_shards_folder_is_not_left_out_silently() -> None:
    with pytest.raises(RegularsError, match="in no folder shard=N"):
        World(["1/a"]).shard()


def test_what_cannot_end_in_time_is_refused_before_anything_is_sent() -> None:
    world = World(WRITTEN, people=1_000_000, per_second=10)
    with pytest.raises(InvalidCampaignError, match=r"1,000,000 people at 10 a second take 28 hours at least.*put it at 13 or more; nothing was sent"):
        world.shard()
    run = world.runs.get("r1").value
    assert (run.manifest, run.goes_on, run.stopped_at) == ("", False, MOMENT)
    assert run.error is not None and run.error.code == "too_slow"


def test_what_can_just_end_in_time_is_not() -> None:
    world = World(WRITTEN, people=22 * 3600 * 10, per_second=10)
    assert world.shard().shards == 2
    assert replace(world.runs.get("r1").value, error=None).goes_on


def test_a_run_that_was_aborted_meanwhile_gets_no_shards_and_one_that_is_paused_does() -> None:
    world = World(WRITTEN)
    stored = world.runs.get("r1")
    world.runs.put(stored.value.paused(Pause(MOMENT, "ina")), expected=stored.version)
    assert world.shard().shards == 2
    assert world.runs.get("r1").value.state == "paused"
    aborted = World(WRITTEN)
    stored = aborted.runs.get("r1")
    aborted.runs.put(stored.value.aborted(RunError("aborted", "aborted by ina"), "ina", MOMENT), expected=stored.version)
    with pytest.raises(RunEndedError, match="was told to end before anybody was sent to: aborted by ina"):
        aborted.shard()
