import json

import pytest

from cli.backtest import HEIGHT, WIDTH, chart
from tests.cli.conftest import FakeApi, Run

BEGUN = {"ticket": "q1", "state": "queued", "segment_id": "twice"}
DAYS = [
    {"at": "2017-10-01T00:00:00Z", "count": 1234, "entered": 3, "left": 1},
    {"at": "2017-10-02T00:00:00Z", "count": 617, "entered": 0, "left": 617},
]
DONE = BEGUN | {"state": "succeeded", "days": DAYS, "bytes_scanned": 2_500_000, "cost_usd": 0.00005}
RANGE = ("--from", "2017-10-01", "--to", "2017-10-02")


def test_a_backtest_waits_for_its_days_and_charts_them(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/segments/twice/backtests", BEGUN, status=202)
    api.on("GET", "/admin/backtests/q1", BEGUN, DONE)
    shown = regulars("segment", "backtest", "twice", *RANGE).stdout
    assert api.asked[0][2] == {"from": "2017-10-01", "to": "2017-10-02", "every": "1d"}
    assert shown.splitlines()[: HEIGHT + 1] == ["1,234 |█", *["      |█"] * 3, *["      |██"] * 3, "    0 |██", ""]
    assert [line.split() for line in shown.splitlines() if line.strip().startswith("2017")] == [
        ["2017-10-01", "1,234", "+", "3", "-", "1"],
        ["2017-10-02", "617", "+", "0", "-", "617"],
    ]
    assert "2.50 MB scanned, $0.000050" in shown


def test_with_json_it_is_the_days_and_the_price(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/segments/twice/backtests", BEGUN, status=202)
    api.on("GET", "/admin/backtests/q1", DONE)
    answer = json.loads(regulars("segment", "backtest", "twice", *RANGE, "--every", "12h", "--json").stdout)
    assert answer == {"days": DAYS, "bytes_scanned": 2_500_000, "cost_usd": 0.00005}
    assert api.asked[0][2]["every"] == "12h"


def test_a_failed_query_is_an_error_with_its_reason(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/segments/twice/backtests", BEGUN, status=202)
    api.on("GET", "/admin/backtests/q1", BEGUN | {"state": "failed", "reason": "out of memory"})
    failed = regulars("segment", "backtest", "twice", *RANGE)
    assert (failed.exit_code, "the query failed: out of memory" in failed.stderr) == (1, True)


@pytest.mark.parametrize("days", [1, WIDTH, WIDTH + 1, 366])
def test_a_chart_is_never_wider_than_a_terminal_and_ends_with_the_last_day(days: int) -> None:
    lines = chart([*[0] * (days - 1), 10_000_000])
    assert (len(lines), max(map(len, lines)) <= 80) == (HEIGHT, True)
    assert {line[-1] for line in lines} == {"█"}


def test_a_few_people_are_seen_beside_many() -> None:
    assert chart([1, 1000, 0])[-1] == "    0 |▁█"


def test_nobody_at_all_is_an_empty_chart() -> None:
    assert chart([0, 0])[-1] == "0 |"
