"""IAM over a whole story: every grant of the template is needed or has a reason, and what happens when one is taken away."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import three_free_ports

ROOT = Path(__file__).parents[2]

TOLD = """
import json, sys, time
import boto3
from local.iam.grants import account
from local.iam.story import Story
from local.iam.unneeded import REASONS
from local.platform import Platform
from regulars.adapters.documents.progress import progress_document
from regulars.domain.delivery.progress import Progress

OWN = {"region_name": "us-east-1", "aws_access_key_id": "test", "aws_secret_access_key": "test"}

def client(service):
    return boto3.client(service, endpoint_url=platform.info["aws"], **OWN)

def going_on(run_id, **document):
    \"\"\"The run is again as it was before it ended, but for what is given.\"\"\"
    table, key = platform.deployed.references["RunsTable"], {"run_id": {"S": run_id}, "part": {"S": "run"}}
    item = client("dynamodb").get_item(TableName=table, Key=key)["Item"]
    changed = json.loads(item["document"]["S"]) | {"state": "running", **document}
    client("dynamodb").put_item(TableName=table, Item=item | {"document": {"S": json.dumps(changed)}})
    return run_id

def in_doubt(run_id):
    \"\"\"Nobody concluded the run, and the calls that sent it died before they had recorded anything.\"\"\"
    lake, prefix = platform.deployed.references["LakeBucket"], f"raw/deliveries/run_id={run_id}/"
    for entry in client("s3").list_objects_v2(Bucket=lake, Prefix=prefix)["Contents"]:
        client("s3").delete_object(Bucket=lake, Key=entry["Key"])
    progress = progress_document(Progress(run_id, 0, "a call that died", None, frozenset({0})))
    item = {"name": {"S": f"{run_id}/0"}, "version": {"N": "1"}, "document": {"S": progress}}
    client("dynamodb").put_item(TableName=platform.deployed.references["ClaimsTable"], Item=item)
    going_on(run_id, error={"code": "aborted", "message": "by hand"}, stopped_at="2026-01-01T00:00:00+00:00")
    unfinished = {"run_id": {"S": "unfinished"}, "part": {"S": run_id}, "listed": {"S": run_id}}
    client("dynamodb").put_item(TableName=platform.deployed.references["RunsTable"], Item=unfinished)
    swept = invoked("SweepFunction")
    return swept, client("s3").list_objects_v2(Bucket=lake, Prefix=prefix)["KeyCount"], story.api.get("runs", run_id)["state"]

with Platform.start(port=int(sys.argv[1])) as platform:
    story = Story(platform)
    story.tell()
    found = account(platform.authority, REASONS)
    run = story.launched("succeeded")

    def invoked(function, **event):
        outcome = platform.runtime.lambdas.invoke(function, json.dumps(event).encode())
        return outcome.error and json.loads(outcome.payload)["errorMessage"]

    swept = in_doubt(story.api.get("runs")["runs"][-1]["run_id"])
    shard = {"run_id": going_on(run["run_id"], manifest=f"runs/{run['run_id']}/never-written"), "execution": 1, "shard": 0}
    absent = invoked("DeliverFunction", **shard)
    platform.authority.revoke("DeliverFunctionRole", "TellAbsentFromForbidden")
    forbidden = invoked("DeliverFunction", **shard)
    platform.authority.revoke("WriteLakePolicy", "SwapTablePointer")
    story.collect()
    while not (uncommitted := invoked("CurateFunction")):
        time.sleep(0.2)  # load is still at it
    platform.authority.revoke("CollectFunctionRole", "HandEventsOver")
    try:
        unaccepted = story.collect()
    except RuntimeError as error:
        unaccepted = str(error)
print(json.dumps({
    "needless": found.needless, "mistaken": found.mistaken, "needed": sorted(map(str, found.needed)),
    "swept": swept, "absent": absent, "forbidden": forbidden, "uncommitted": uncommitted, "unaccepted": unaccepted,
}))
"""


@pytest.fixture(scope="module")
def told() -> Any:
    """What was found, in a process of its own: the platform has to be in it."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "layers" / "shared")])}
    command = [sys.executable, "-c", TOLD, str(three_free_ports())]
    done = subprocess.run(command, capture_output=True, text=True, timeout=170, env=environment, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_every_grant_is_needed_or_has_a_reason(told: Any) -> None:
    assert told["needless"] == [], "the story of local/iam/story.py does without these: take them away, or say why not in local/iam/unneeded.py"
    assert told["mistaken"] == [], "local/iam/unneeded.py has reasons for grants that are needed, or gone"


def test_sweep_may_write_down_what_is_in_doubt_of_a_run(told: Any) -> None:
    assert told["swept"] == [None, 1, "aborted"]


def test_without_list_bucket_deliver_is_told_forbidden_of_what_is_absent(told: Any) -> None:
    assert "no object runs/" in told["absent"]
    assert "is not authorized to perform: s3:ListBucket on resource: arn:aws:s3:::regulars-local-lakebucket" in told["forbidden"]


def test_without_update_table_curate_cannot_commit(told: Any) -> None:
    assert "PERMISSION_DENIED" in told["uncommitted"] and "glue:UpdateTable" in told["uncommitted"]


def test_without_its_queue_collect_accepts_nothing(told: Any) -> None:
    assert "the batch was answered 503" in told["unaccepted"]
