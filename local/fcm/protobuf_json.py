"""Reads JSON as Google's front end reads it into a protobuf message.

Every field by its camelCase or its original name, `null` as absent, integers also as strings, durations and timestamps as text, enums by
name or number; anything else is a violation that names the path. https://protobuf.dev/programming-guides/json/

A reader takes (value, path, violations), adds what is wrong to `violations`, and returns the value normalised: messages as dictionaries by
original name, durations as seconds. What it returns means nothing once there are violations.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from local.fcm.answers import Violation

Violations = list[Violation]
Reader = Callable[[Any, str, Violations], Any]

GOOGLE = "type.googleapis.com/google."
DURATION = re.compile(r"-?\d{1,12}(\.\d{1,9})?s")
TIMESTAMP = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})")
INTEGER = re.compile(r"-?\d{1,10}(\.0+)?")


def _wrong(path: str, kind: str, value: object, violations: Violations) -> None:
    if isinstance(value, list):
        parent, _, name = path.rpartition(".")
        violations.append(_unreadable(f"Unknown name \"{name}\" at '{parent}': Proto field is not repeating, cannot start list.", parent))
        return
    shown = orjson.dumps(value).decode()
    violations.append(Violation(path, f"Invalid value at '{path}' ({kind}), {shown}"))


def _unreadable(what: str, path: str) -> Violation:
    return Violation(path, f"Invalid JSON payload received. {what}")


def string(value: object, path: str, violations: Violations) -> object:
    if type(value) is not str:
        _wrong(path, "TYPE_STRING", value, violations)
    return value


def boolean(value: object, path: str, violations: Violations) -> object:
    if type(value) is not bool:
        _wrong(path, "TYPE_BOOL", value, violations)
    return value


def int32(value: object, path: str, violations: Violations) -> object:
    number = float(value) if isinstance(value, str) and INTEGER.fullmatch(value) else value
    if isinstance(number, bool) or not isinstance(number, int | float) or not -(2**31) <= number < 2**31 or number != int(number):
        _wrong(path, "TYPE_INT32", value, violations)
        return 0
    return int(number)


def number(value: object, path: str, violations: Violations) -> object:
    try:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise ValueError
        return float(value)
    except ValueError:
        _wrong(path, "TYPE_FLOAT", value, violations)
        return math.nan


def duration(value: object, path: str, violations: Violations) -> float:
    """Seconds."""
    if not isinstance(value, str) or not DURATION.fullmatch(value):
        name = path.rpartition(".")[2]
        problem = f"Field '{name}', Illegal duration format; duration must end with 's'"
        violations.append(Violation(path, f"Invalid value at '{path}' ({GOOGLE}protobuf.Duration), {problem}"))
        return 0.0
    return float(value[:-1])


def timestamp(value: object, path: str, violations: Violations) -> object:
    if not isinstance(value, str) or not TIMESTAMP.fullmatch(value):
        _wrong(path, f"{GOOGLE}protobuf.Timestamp", value, violations)
    return value


def struct(value: object, path: str, violations: Violations) -> object:
    """Any JSON object."""
    if not isinstance(value, dict):
        _wrong(path, f"{GOOGLE}protobuf.Struct", value, violations)
    return value


def string_map(value: object, path: str, violations: Violations) -> object:
    if not isinstance(value, dict):
        _wrong(path, f"{GOOGLE}protobuf.MapEntry", value, violations)
        return {}
    for index, item in enumerate(value.values()):
        if type(item) is not str:
            _wrong(f"{path}[{index}].value", "TYPE_STRING", item, violations)
    return value


def repeated(reader: Reader) -> Reader:
    def read(value: object, path: str, violations: Violations) -> object:
        if not isinstance(value, list):
            _wrong(path, "TYPE_LIST", value, violations)
            return []
        return [reader(item, f"{path}[{index}]", violations) for index, item in enumerate(value)]

    return read


def enum(name: str, *values: str) -> Reader:
    """By name in either case (FCM's documentation itself writes "normal" and "high") or by number; gives the name."""
    known = {value.upper(): value for value in values}

    def read(value: object, path: str, violations: Violations) -> object:
        if isinstance(value, str) and value.upper() in known:
            return known[value.upper()]
        if type(value) is int and 0 <= value < len(values):
            return values[value]
        _wrong(path, f"{GOOGLE}firebase.fcm.v1.{name}", value, violations)
        return values[0]

    return read


def camel(name: str) -> str:
    """`fcm_options` is `fcmOptions` in JSON."""
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def message(name: str, fields: Mapping[str, Reader], *, one_of: Mapping[str, Sequence[str]] | None = None) -> Reader:
    """A message of these fields (by original name). `one_of` names the groups of which at most one field may be set."""
    entries = {spelling: (field, reader) for field, reader in fields.items() for spelling in (field, camel(field))}
    group_of = {field: group for group, members in (one_of or {}).items() for field in members}

    def read(value: object, path: str, violations: Violations) -> dict[str, Any]:
        if not isinstance(value, dict):
            _wrong(path, f"{GOOGLE}firebase.fcm.v1.{name}", value, violations)
            return {}
        result: dict[str, Any] = {}
        groups: set[str] = set()
        for key, item in value.items():
            entry = entries.get(key)
            if entry is None:
                place = f" at '{path}'" if path else ""
                violations.append(_unreadable(f'Unknown name "{key}"{place}: Cannot find field.', path))
                continue
            if item is None:
                continue
            field, reader = entry
            if field in result:
                violations.append(_unreadable(f"Duplicate field \"{field}\" at '{path}'.", path))
            group = group_of.get(field)
            if group in groups:
                problem = f"oneof field '{group}' is already set. Cannot set '{camel(field)}'"
                violations.append(Violation(path, f"Invalid value at '{path}' (oneof), {problem}"))
            if group is not None:
                groups.add(group)
            result[field] = reader(item, f"{path}.{field}" if path else field, violations)
        return result

    return read
