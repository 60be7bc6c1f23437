"""Partition projection: which objects the partitions of a table hold, computed from its properties instead of listed in Glue.

https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html. The types date, integer, enum and injected; objects
whose values lie outside the configured range do not exist for a query, as on Athena.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from local.athena.catalog import GlueTable, partition_keys
from local.athena.errors import StatementFailedError, UnsupportedError
from local.athena.predicates import Comparison

Values = tuple[str, ...]

_UNITS = {"YEAR": 365, "MONTH": 30, "WEEK": 7, "DAY": 1}
_PATTERNS = (("yyyy", "%Y"), ("MM", "%m"), ("dd", "%d"), ("HH", "%H"), ("mm", "%M"))


@dataclass(frozen=True)
class Projection:
    """`pattern` finds the partition values in an object's url, in the order of `keys`; `prefix` is where every partition lies."""

    keys: tuple[str, ...]
    prefix: str
    pattern: str
    properties: Mapping[str, str] = field(repr=False)

    def values(self, url: str) -> Values | None:
        found = re.match(self.pattern, url)
        return tuple(found[self._group(key)] for key in self.keys) if found else None

    def _group(self, key: str) -> int:
        return self.order.index(key) + 1

    @property
    def order(self) -> list[str]:
        """The keys in the order of the groups of `pattern`."""
        return re.findall(r"\$\{(\w+)\}", self.properties["storage.location.template"])

    def admits(self, values: Values, now: datetime) -> bool:
        """Whether the configured ranges hold these values."""
        return all(_admits(key, value, self.properties, now) for key, value in zip(self.keys, values, strict=True))

    def injected(self) -> list[str]:
        return [key for key in self.keys if self.properties.get(f"projection.{key}.type", "").lower() == "injected"]


def of_table(found: GlueTable) -> Projection:
    """Raises UnsupportedError for a partitioned table without projection: partitions in Glue are not read here."""
    properties = {str(k): str(v) for k, v in (found.get("Parameters") or {}).items()}
    keys = partition_keys(found)
    if properties.get("projection.enabled", "").lower() != "true":
        raise UnsupportedError(f"the table {found['Name']} has partitions in Glue: only partition projection is read here")
    location = found["StorageDescriptor"]["Location"].rstrip("/") + "/"
    template = properties.setdefault("storage.location.template", location + "".join(f"{key}=${{{key}}}/" for key in keys))
    parts = re.split(r"\$\{\w+\}", template.rstrip("/") + "/")
    return Projection(tuple(keys), parts[0], "([^/]+)".join(_escaped(part) for part in parts), properties)


def require_equality(projection: Projection, comparisons: list[Comparison]) -> None:
    """https://docs.aws.amazon.com/athena/latest/ug/partition-projection-dynamic-id-partitioning.html"""
    for key in projection.injected():
        mine = [comparison for comparison in comparisons if comparison.column == key]
        if not mine or any(comparison.operator != "=" for comparison in mine):
            raise StatementFailedError(
                f"CONSTRAINT_VIOLATION: For the injected projected partition column {key}, the WHERE clause must contain only "
                "static equality conditions, and at least one such condition must be present."
            )


def chosen(projection: Projection, urls: list[str], keep: Callable[[list[Values]], set[Values]], now: datetime) -> list[str]:
    """The urls whose partition is in range and is one that `keep` leaves."""
    by_url = {url: values for url in urls if (values := projection.values(url))}
    wanted = keep([values for values in dict.fromkeys(by_url.values()) if projection.admits(values, now)])
    return [url for url, values in by_url.items() if values in wanted]


def _escaped(text: str) -> str:
    """For Python and for RE2 alike."""
    return re.sub(r"([.^$*+?{}\[\]\\|()])", r"\\\1", text)


def _admits(key: str, value: str, properties: Mapping[str, str], now: datetime) -> bool:
    kind = properties.get(f"projection.{key}.type", "").lower()
    if kind == "injected":
        return True
    if kind == "enum":
        return value in properties[f"projection.{key}.values"].split(",")
    low, high = (part.strip() for part in properties[f"projection.{key}.range"].split(","))
    if kind == "integer":
        digits = int(properties.get(f"projection.{key}.digits", "0"))
        interval = int(properties.get(f"projection.{key}.interval", "1"))
        written = value.isdigit() and value == str(int(value)).zfill(digits)
        return written and int(low) <= int(value) <= int(high) and (int(value) - int(low)) % interval == 0
    if kind == "date":
        pattern = _strptime(properties[f"projection.{key}.format"])
        try:
            moment = datetime.strptime(value, pattern).replace(tzinfo=UTC)
        except ValueError:
            return False
        return _bound(low, pattern, now) <= moment <= _bound(high, pattern, now)
    raise UnsupportedError(f"projection.{key}.type = {kind!r}")


def _strptime(pattern: str) -> str:
    for java, python in _PATTERNS:
        pattern = pattern.replace(java, python)
    if re.search(r"(?<!%)[A-Za-z]", pattern):
        raise UnsupportedError(f"the projected date format {pattern}")
    return pattern


def _bound(text: str, written: str, now: datetime) -> datetime:
    relative = re.fullmatch(r"NOW(?:([+-]\d+)(YEAR|MONTH|WEEK|DAY|HOUR|MINUTE)S?)?", text.replace(" ", "").upper())
    if relative is None:
        return datetime.strptime(text, written).replace(tzinfo=UTC)
    amount, unit = int(relative[1] or 0), relative[2] or "DAY"
    if unit in _UNITS:
        return now + timedelta(days=amount * _UNITS[unit])
    return now + (timedelta(hours=amount) if unit == "HOUR" else timedelta(minutes=amount))
