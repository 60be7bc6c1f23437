"""What of template.yaml decides the bill, read from the translated template: never written down a second time."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

_TYPICAL: Final[Mapping[str, str]] = {
    "requestTime": "26/Nov/2026:10:00:00 +0000",
    "requestId": "JKJaXmPLvHcESHA=",
    "routeKey": "$default",
    "status": "200",
    "responseLength": "16",
    "responseLatency": "23",
    "error.message": "-",
    "path": "/v1/batch",
    "httpMethod": "POST",
}
_SECONDS: Final = {"minute": 60, "hour": 3600, "day": 86400}
DAY_SECONDS: Final = 86400


@dataclass(frozen=True)
class Facts:
    """Counts of resources, and the settings that decide how often something happens. `firings` are those of each schedule in a day."""

    load_batch: int
    load_window: int
    access_line_bytes: int
    alarms: int
    secrets: int
    queue_mappings: int
    log_days: int
    firings: Mapping[str, float]


def facts(template: Mapping[str, Any]) -> Facts:
    """Of a translated template. Raises StopIteration or KeyError where one has no queue or API, ValueError for a schedule that it cannot read."""
    resources = template["Resources"]
    mappings = list(_of(resources, "AWS::Lambda::EventSourceMapping"))
    load = next(mapping for mapping in mappings if mapping["FunctionName"] == {"Ref": "LoadFunction"})
    (stage,) = _of(resources, "AWS::ApiGatewayV2::Stage")
    schedules = {
        name: per_day(resource["Properties"]["ScheduleExpression"])
        for name, resource in resources.items()
        if resource["Type"] in ("AWS::Scheduler::Schedule", "AWS::Events::Rule") and "ScheduleExpression" in resource["Properties"]
    }
    return Facts(
        load_batch=_number(load.get("BatchSize", 10), template),
        load_window=_number(load.get("MaximumBatchingWindowInSeconds", 0), template),
        access_line_bytes=len(_rendered(stage["AccessLogSettings"]["Format"])),
        alarms=sum(_metrics(alarm) for alarm in _of(resources, "AWS::CloudWatch::Alarm")),
        secrets=len(list(_of(resources, "AWS::SecretsManager::Secret"))),
        queue_mappings=sum(mapping.get("Enabled", True) for mapping in mappings),
        log_days=_number({"Ref": "LogRetentionDays"}, template),
        firings=schedules,
    )


def per_day(expression: str) -> float:
    """`rate(15 minutes)` is 96; a cron expression counts its minutes and hours (days and months are taken as every one)."""
    if rate := re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", expression):
        return DAY_SECONDS / (int(rate[1]) * _SECONDS[rate[2]])
    if cron := re.fullmatch(r"cron\((\S+) (\S+) .*\)", expression):
        return _values(cron[1], 60) * _values(cron[2], 24)
    raise ValueError(f"{expression}: a rate or a cron expression is known here")


def _values(text: str, all_of_them: int) -> int:
    if text == "*":
        return all_of_them
    if every := re.fullmatch(r"[\d*]+/(\d+)", text):
        return -(-all_of_them // int(every[1]))
    return len(text.split(","))


def _number(value: Any, template: Mapping[str, Any]) -> int:
    """A parameter counts with its default."""
    return int(template["Parameters"][value["Ref"]]["Default"] if isinstance(value, Mapping) else value)


def _of(resources: Mapping[str, Any], kind: str) -> Iterator[Mapping[str, Any]]:
    return (resource.get("Properties", {}) for resource in resources.values() if resource["Type"] == kind)


def _metrics(alarm: Mapping[str, Any]) -> int:
    """AWS charges an alarm for each metric that it looks at."""
    return max(1, sum("MetricStat" in each for each in alarm.get("Metrics", [])))


def _rendered(line: str) -> str:
    return re.sub(r"\$context\.([\w.]+)", lambda found: _TYPICAL.get(found[1], "x" * 16), line)
