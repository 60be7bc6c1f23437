"""docs/local-cloud.md: what it shows can be typed in."""

import re
from pathlib import Path

import boto3
import pytest

from tests.e2e.conftest import Installation

PAGE = (Path(__file__).parents[2] / "docs/local-cloud.md").read_text()


def test_its_python_runs_as_it_is_written(installation: Installation, capsys: pytest.CaptureFixture[str]) -> None:
    event = {"type": "track", "event": "Shown", "userId": "ada", "messageId": "shown"}
    assert installation.post("/v1/batch", {"batch": [event]})[0] == 200
    installation.cli("flush")
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    known: dict[str, object] = {}
    for block in blocks:
        exec(block.replace("http://127.0.0.1:8401", installation.info["aws"]), known)
    printed = capsys.readouterr().out
    assert "raw/events/" in printed and "('Shown', 1)" in printed


def test_its_queue_can_be_moved_from(installation: Installation) -> None:
    (source,) = re.findall(r"start-message-move-task --source-arn (\S+)", PAGE)
    own = {"endpoint_url": installation.info["aws"], "region_name": "us-east-1", "aws_access_key_id": "any", "aws_secret_access_key": "any"}
    sqs = boto3.client("sqs", **own)  # type: ignore[call-overload]
    assert sqs.start_message_move_task(SourceArn=source)["TaskHandle"]
    assert [task["Status"] for task in sqs.list_message_move_tasks(SourceArn=source)["Results"]] == ["COMPLETED"]


@pytest.mark.parametrize("statement", ["SELECT * FROM information_schema.tables", "EXPLAIN SELECT 1", "MSCK REPAIR TABLE raw_events"])
def test_what_it_says_is_refused_is_refused(statement: str, installation: Installation) -> None:
    with pytest.raises(Exception, match=r"EMULATOR_UNSUPPORTED|information_schema"):
        installation.sql(statement)
