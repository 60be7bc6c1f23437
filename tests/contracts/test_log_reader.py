"""What every LogReader does, real or fake."""

from datetime import UTC, datetime, timedelta

import boto3
import pytest

from regulars.adapters.cloudwatch_logs import CloudWatchLogs
from regulars.domain.errors import InvalidRequestError
from regulars.domain.operations import LogEvent
from regulars.ports import LogReader
from tests.contracts.suite import suite
from tests.fakes.operations import MemoryLogs

START = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=10)
LINES = {
    "collect": [(START, "one"), (START + timedelta(seconds=2), "three"), (START + timedelta(seconds=4), "five")],
    "load": [(START + timedelta(seconds=1), "two"), (START + timedelta(seconds=3), "four")],
    "silent": [],
}


@pytest.fixture
def cloudwatch(aws: None) -> LogReader:
    client = boto3.client("logs")
    for function, lines in LINES.items():
        client.create_log_group(logGroupName=f"stack-{function}-1A2B")
        client.create_log_stream(logGroupName=f"stack-{function}-1A2B", logStreamName="s")
        events = [{"timestamp": round(at.timestamp() * 1000), "message": f"{text}\n"} for at, text in lines]
        if events:
            client.put_log_events(logGroupName=f"stack-{function}-1A2B", logStreamName="s", logEvents=events)  # type: ignore[arg-type]
    return CloudWatchLogs({function: f"stack-{function}-1A2B" for function in LINES})


logs = suite(LogReader, adapter="cloudwatch", fake=lambda: MemoryLogs(LINES))


def read(logs: LogReader, *functions: str, since: datetime = START) -> list[LogEvent]:
    found, page = list[LogEvent](), ""
    while True:
        answer = logs.events(functions, since=since, page=page, limit=2)
        found += answer.events
        if not (page := answer.next):
            return found


def test_it_knows_whose_logs_there_are(logs: LogReader) -> None:
    assert list(logs.functions()) == ["collect", "load", "silent"]


def test_pages_hold_every_line_of_a_function_once_by_its_time(logs: LogReader) -> None:
    found = read(logs, "collect")
    assert [(event.function, event.at, event.message) for event in found] == [("collect", at, text) for at, text in LINES["collect"]]
    assert len({event.id for event in found}) == 3


def test_lines_of_several_functions_come_together(logs: LogReader) -> None:
    found = read(logs, "collect", "load", "silent")
    assert sorted(event.message for event in found) == ["five", "four", "one", "three", "two"]


def test_lines_from_before_are_left_out(logs: LogReader) -> None:
    assert [event.message for event in read(logs, "load", since=START + timedelta(seconds=3))] == ["four"]


def test_what_there_is_not_is_refused(logs: LogReader) -> None:
    with pytest.raises(InvalidRequestError, match="there is no function x; there are collect, load, silent"):
        logs.events(["x"], since=START)
    with pytest.raises(InvalidRequestError, match="no page"):
        logs.events(["load"], since=START, page="%")
