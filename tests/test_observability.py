"""Metrics and logs where many functions share a process and its threads, as they do in the local cloud."""

import io
import json
import logging
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from typing import Any

import pytest

from regulars.observability import NAMESPACE, begin_request, count, logger

SERVICES = ("collect", "load", "deliver")
CALLS = 1000


@pytest.fixture
def hurried_threads() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def together(calls: list[Callable[[], None]]) -> None:
    """Runs each in a thread of its own, begun at the same moment. Raises what one of them raised."""
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], None]) -> None:
        start.wait()
        call()

    with ThreadPoolExecutor(len(calls)) as pool:
        for done in [pool.submit(run, call) for call in calls]:
            done.result()


def test_functions_that_count_at_the_same_time_lose_nothing_and_keep_to_their_own_name(hurried_threads: None) -> None:
    def counting(service: str) -> Callable[[], None]:
        def calls() -> None:
            for _ in range(CALLS):
                match service:
                    case "collect":
                        count("collect", EventsAccepted=1)
                    case "load":
                        count("load", EventsLoaded=2, EventsQuarantined=1)
                    case _:
                        count("deliver", PushesSent=3)

        return calls

    with redirect_stdout(io.StringIO()) as stdout:
        together([counting(service) for service in SERVICES for _ in range(2)])
    totals: Counter[tuple[str, str]] = Counter()
    for line in lines(stdout):
        for metric in line["_aws"]["CloudWatchMetrics"][0]["Metrics"]:
            totals[line["service"], metric["Name"]] += line[metric["Name"]]
    assert totals == {
        ("collect", "EventsAccepted"): 2 * CALLS,
        ("load", "EventsLoaded"): 4 * CALLS,
        ("load", "EventsQuarantined"): 2 * CALLS,
        ("deliver", "PushesSent"): 6 * CALLS,
    }


def test_a_line_is_what_cloudwatch_reads_metrics_from() -> None:
    with redirect_stdout(io.StringIO()) as stdout:
        count("load", EventsLoaded=3, EventsQuarantined=0)
    (line,) = lines(stdout)
    assert isinstance(line["_aws"].pop("Timestamp"), int)
    metrics = [{"Name": "EventsLoaded", "Unit": "Count"}]
    directive = {"Namespace": NAMESPACE, "Dimensions": [["service"]], "Metrics": metrics}
    assert line == {"_aws": {"CloudWatchMetrics": [directive]}, "service": "load", "EventsLoaded": 3}


def test_nothing_counted_is_nothing_printed() -> None:
    with redirect_stdout(io.StringIO()) as stdout:
        count("load", EventsLoaded=0)
    assert stdout.getvalue() == ""


def test_a_closed_stdout_fails_no_request() -> None:
    with redirect_stdout(io.StringIO()) as stdout:
        stdout.close()
        count("collect", EventsAccepted=1)


def test_a_request_logs_its_own_keys_and_none_of_another(hurried_threads: None) -> None:
    def requests(name: str) -> Callable[[], None]:
        def calls() -> None:
            for number in range(50):
                begin_request(log, request_id=f"{name}-{number}", **({"route": name} if number % 2 else {}))
                log.info(f"{name}-{number}")

        return calls

    with redirect_stdout(io.StringIO()) as stdout:
        log = logger("observed")
        together([requests(name) for name in ("a", "b", "c")])
    logging.getLogger("observed").handlers.clear()
    logged = lines(stdout)
    assert len(logged) == 150
    for line in logged:
        name, number = line["message"].split("-")
        assert line["request_id"] == line["message"]
        assert line.get("route") == (name if int(number) % 2 else None)
