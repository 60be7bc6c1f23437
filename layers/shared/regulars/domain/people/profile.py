"""What is known of a person: traits and devices, merged from events in whatever order they arrive.

    {"user_id", "traits": {name: {"value", "at"}}, "devices": {device_id: {"token", "platform", "at"}}}

For each trait and each device the latest `at` (the event's own time, ISO 8601 UTC with milliseconds) wins; of two at the same moment the one whose
JSON is greater, so that every order of arrival ends in the same profile and arriving twice changes nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

Profile = dict[str, Any]

MAX_PROFILE_BYTES: Final = 300_000
"""Of a profile's JSON. DynamoDB's item limit is 400 KB; past ours the oldest traits and devices go (the lake keeps all)."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one event says about a person."""

    user_id: str
    at: str
    traits: Mapping[str, Any]
    device_id: str | None = None
    token: str | None = None
    platform: str | None = None


def change_in(row: Mapping[str, str]) -> Change | None:
    """What a row of `raw_events` changes in a profile: None unless it is of a known person and an identify or a device with a token."""
    user_id, token = row.get("user_id"), row.get("device_token")
    identifies = row["type"] == "identify"
    if user_id is None or not (identifies or token):
        return None
    traits = orjson.loads(row["traits"]) if identifies and "traits" in row else {}
    at = f"{row['event_ts'].replace(' ', 'T')}Z"
    return Change(user_id, at, traits, row.get("device_id"), token, row.get("platform"))


def merged(profile: Mapping[str, Any], changes: Iterable[Change]) -> Profile:
    """The profile with the changes in it; `profile` may be empty and stays as it is. All changes are of one person."""
    traits = dict(profile.get("traits", {}))
    devices = dict(profile.get("devices", {}))
    user_id = profile.get("user_id", "")
    for change in changes:
        user_id = change.user_id
        for name, value in change.traits.items():
            _keep_later(traits, name, {"value": value, "at": change.at})
        if change.device_id and change.token:
            _keep_later(devices, change.device_id, {"token": change.token, "platform": change.platform, "at": change.at})
    return _within_limit({"user_id": user_id, "traits": traits, "devices": devices})


def without_dead_token(profile: Mapping[str, Any], device_id: str, token: str) -> Profile:
    """The profile without a device whose push token died, unless the device has got another token since."""
    devices = profile.get("devices", {})
    if devices.get(device_id, {}).get("token") != token:
        return dict(profile)
    return {**profile, "devices": {name: device for name, device in devices.items() if name != device_id}}


def _keep_later(known: dict[str, Any], name: str, candidate: dict[str, Any]) -> None:
    present = known.get(name)
    if present is None or candidate["at"] > present["at"] or (candidate["at"] == present["at"] and _text(candidate) > _text(present)):
        known[name] = candidate


def _text(entry: Mapping[str, Any]) -> bytes:
    return orjson.dumps(entry, option=orjson.OPT_SORT_KEYS)


def _within_limit(profile: Profile) -> Profile:
    excess = len(orjson.dumps(profile)) - MAX_PROFILE_BYTES
    if excess <= 0:
        return profile
    parts = {section: dict(profile[section]) for section in ("traits", "devices")}
    oldest_first = sorted((entry["at"], section, name) for section, entries in parts.items() for name, entry in entries.items())
    for _, section, name in oldest_first:
        excess -= len(orjson.dumps({name: parts[section].pop(name)})) - 1
        if excess <= 0:
            break
    return {**profile, **parts}
