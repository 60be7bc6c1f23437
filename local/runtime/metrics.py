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
class _Minute:
    """What one minute brought, CloudWatch's finest resolution of metrics like these; `at` is when it brought the last."""

    at: float
    sum: float
    least: float
    most: float
    count: int = 1

    def add(self, value: float, at: float) -> None:
        self.at = at
        self.sum, self.least, self.most, self.count = self.sum + value, min(self.least, value), max(self.most, value), self.count + 1


_STATISTICS: Final[Mapping[str, Callable[[list[_Minute]], float]]] = {
    "Sum": lambda minutes: sum(each.sum for each in minutes),
    "Maximum": lambda minutes: max(each.most for each in minutes),
    "Minimum": lambda minutes: min(each.least for each in minutes),
    "SampleCount": lambda minutes: float(sum(each.count for each in minutes)),
    "Average": lambda minutes: sum(each.sum for each in minutes) / sum(each.count for each in minutes),
}


class Metrics:
    """The values of the last day, joined by the minute."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: defaultdict[Metric, deque[_Minute]] = defaultdict(deque)

    def add(self, namespace: str, name: str, dimensions: Mapping[str, str], value: float, *, at: float) -> None:
        """`at` is in epoch seconds."""
        with self._lock:
            minutes = self._values[Metric(namespace, name, frozenset(dimensions.items()))]
            if minutes and minutes[-1].at // 60 == at // 60:
                minutes[-1].add(value, at)
            else:
                minutes.append(_Minute(at, value, value, value))
            while minutes[0].at < at - KEPT_SECONDS:
                minutes.popleft()

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
            minutes = [each for each in self._values.get(metric, ()) if start < each.at <= end]
        return _STATISTICS[statistic](minutes) if minutes else None
