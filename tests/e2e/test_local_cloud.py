"""docs/local-cloud.md: what it shows can be typed in."""

import os
import re
import subprocess
import sys
from pathlib import Path

import boto3
import pytest

from tests.e2e.conftest import Installation

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/local-cloud.md").read_text()


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


def test_an_example_runs_with_what_up_prints(installation: Installation) -> None:
    """As examples/README.md has it, in the work group of analysts; tests/local/athena/test_examples.py sees that all of them answer right."""
    page = (ROOT / "examples/README.md").read_text().replace("http://127.0.0.1:8401", installation.info["aws"])
    environment = dict(re.findall(r"(\w+)=(\S+)", page.partition("\nexport ")[2].partition("```")[0]))
    (arguments,) = re.findall(r"effects_by_month\.py (\w+ \S+)", page)
    command = [sys.executable, str(ROOT / "examples/effects_by_month.py"), *arguments.split()]
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    assert all("treated" in line for line in done.stdout.splitlines())


def test_its_queue_can_be_moved_from(installation: Installation) -> None:
    (source,) = re.findall(r"start-message-move-task --source-arn (\S+)", PAGE)
    own = {"endpoint_url": installation.info["aws"], "region_name": "us-east-1", "aws_access_key_id": "any", "aws_secret_access_key": "any"}
    sqs = boto3.client("sqs", **own)  # type: ignore[call-overload]
    assert sqs.start_message_move_task(SourceArn=source)["TaskHandle"]
    assert [task["Status"] for task in sqs.list_message_move_tasks(SourceArn=source)["Results"]] == ["COMPLETED"]


@pytest.mark.parametrize("statement", ["SELECT * FROM information_schema.roles", "EXPLAIN SELECT 1", "MSCK REPAIR TABLE raw_events"])
def test_what_it_says_is_refused_is_refused(statement: str, installation: Installation) -> None:
    with pytest.raises(Exception, match="EMULATOR_UNSUPPORTED"):
        installation.sql(statement)
