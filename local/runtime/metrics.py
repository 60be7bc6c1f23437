"""What CloudWatch would count, for as long as an alarm looks back: functions' own metrics, and those of Lambda, SQS and Step Functions."""

import json
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

KEPT_SECONDS: Final = 86_400.0
"""CloudWatch alarms look back at most a day, unless their period is longer (API_PutMetricAlarm.html)."""

EMBEDDED: Final = '{"_aws"'
"""How a line in CloudWatch's embedded metric format begins: regulars/observability.py."""

Dimensions = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric by its whole name."""

    namespace: str
    name: str
    dimensions: Dimensions


@dataclass(slots=True)
class _Second:
    """What one second brought."""

    at: float
    sum: float
    least: float
    most: float
    count: int = 1

    def add(self, value: float) -> None:
        self.sum, self.least, self.most, self.count = self.sum + value, min(self.least, value), max(self.most, value), self.count + 1


_STATISTICS: Final[Mapping[str, Callable[[list[_Second]], float]]] = {
    "Sum": lambda seconds: sum(each.sum for each in seconds),
    "Maximum": lambda seconds: max(each.most for each in seconds),
    "Minimum": lambda seconds: min(each.least for each in seconds),
    "SampleCount": lambda seconds: float(sum(each.count for each in seconds)),
    "Average": lambda seconds: sum(each.sum for each in seconds) / sum(each.count for each in seconds),
}


class Metrics:
    """The values of the last day, joined by the second."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: defaultdict[Metric, deque[_Second]] = defaultdict(deque)

    def add(self, namespace: str, name: str, dimensions: Mapping[str, str], value: float, *, at: float) -> None:
        """`at` is in epoch seconds."""
        with self._lock:
            seconds = self._values[Metric(namespace, name, frozenset(dimensions.items()))]
            if seconds and int(seconds[-1].at) == int(at):
                seconds[-1].add(value)
            else:
                seconds.append(_Second(at, value, value, value))
            while seconds[0].at < at - KEPT_SECONDS:
                seconds.popleft()

    def hear(self, lines: Iterable[str]) -> None:
        """Takes the metrics among the lines that a function printed."""
        for line in lines:
            if line.startswith(EMBEDDED):
                self._embedded(json.loads(line))

    def _embedded(self, line: Mapping[str, Any]) -> None:
        for directive in line["_aws"]["CloudWatchMetrics"]:
            for names in directive["Dimensions"]:
                dimensions = {name: str(line[name]) for name in names}
                for metric in directive["Metrics"]:
                    self.add(directive["Namespace"], metric["Name"], dimensions, float(line[metric["Name"]]), at=line["_aws"]["Timestamp"] / 1000)

    def statistic(self, metric: Metric, statistic: str, *, start: float, end: float) -> float | None:
        """Of the values with start < at <= end; None where there are none."""
        with self._lock:
            seconds = [each for each in self._values.get(metric, ()) if start < each.at <= end]
        return _STATISTICS[statistic](seconds) if seconds else None
