"""Athena's manifest becomes the shards that the state machine maps over."""

import json
from dataclasses import replace

import pytest

from regulars.domain.errors import NotFoundError
from regulars.usecases.shard import Sharded, shard
from tests.examples import campaign_run
from tests.fakes.stores import MemoryObjects, MemoryRuns


@pytest.fixture
def runs() -> MemoryRuns:
    runs = MemoryRuns()
    runs.create(campaign_run("r1"))
    return runs


def test_each_file_is_a_shard_numbered_by_its_name(runs: MemoryRuns) -> None:
    written = b"s3://lake/runs/r1/recipients/b.gz\ns3://lake/runs/r1/recipients/a.gz\n"
    lake = MemoryObjects({"query-results/q-manifest.csv": written})
    answer = shard("r1", manifest="s3://lake/query-results/q-manifest.csv", lake=lake, runs=runs)
    assert answer == Sharded("r1", "runs/r1/manifest.json", 2)
    assert json.loads(lake.content["runs/r1/manifest.json"]) == [
        {"run_id": "r1", "shard": 0, "key": "runs/r1/recipients/a.gz"},
        {"run_id": "r1", "shard": 1, "key": "runs/r1/recipients/b.gz"},
    ]
    assert runs.get("r1").value == replace(campaign_run("r1"), manifest="runs/r1/manifest.json", shards=2)


def test_nobody_to_send_to_is_no_shard(runs: MemoryRuns) -> None:
    lake = MemoryObjects({"query-results/q-manifest.csv": b""})
    assert shard("r1", manifest="", lake=lake, runs=runs).shards == 0
    assert shard("r1", manifest="s3://lake/query-results/q-manifest.csv", lake=lake, runs=runs).shards == 0
    assert json.loads(lake.content["runs/r1/manifest.json"]) == []


def test_a_manifest_that_athena_names_and_that_is_not_there_is_no_empty_audience(runs: MemoryRuns) -> None:
    with pytest.raises(NotFoundError):
        shard("r1", manifest="s3://lake/query-results/gone.csv", lake=MemoryObjects(), runs=runs)
