"""The benchmark of a report in a small shop: that it measures what it says. How fast anything is, no test asserts."""

import pytest

from bench import measure, shop


def test_a_report_and_a_segment_are_measured_in_the_same_shop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "TURNS", 1)
    read, cpu = measure.rows(shop.Size(events=8_000, people=400))
    assert (read.name, read.unit, cpu.name, cpu.unit) == ("report: read", "MB", "report: CPU", "ms")
    assert "400 people" in read.note and read.ours > 0 and cpu.peer > 0
