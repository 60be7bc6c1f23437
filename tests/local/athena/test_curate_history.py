"""What a curate of fresh events reads does not grow with the history behind them."""

import pytest

from bench import history, retailer
from regulars.adapters import aws as clients


def read_after(days: int) -> tuple[int, int]:
    """Bytes and requests, Iceberg's metadata included."""
    with retailer.lake():
        result, read = history.one_more_curate(f"days{days}", days=days, events_a_day=1000, fresh=500)
    assert result.finished and read.bytes["known_messages"] > 8 * 1000, "a day's hashes at least"
    return result.bytes_scanned, sum(read.requests.values())


def test_fresh_events_read_the_same_with_ten_times_the_history(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "_clients", {})
    (few_bytes, few_requests), (many_bytes, many_requests) = read_after(3), read_after(30)
    assert many_requests <= 1.2 * few_requests
    assert many_bytes <= 1.2 * few_bytes
