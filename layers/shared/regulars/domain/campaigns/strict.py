"""Reading a JSON object strictly: every key is known, every value has its type, every complaint names its field."""

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from regulars.domain.errors import InvalidCampaignError

_DURATION = re.compile(r"([1-9][0-9]{0,5})([mhdw])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


class Fields:
    """The fields of one JSON object at `path`.

    Raises InvalidCampaignError for a value that is no object, for a key in `unbuilt` (with what it says), and for any key that is not known.
    """

    def __init__(self, value: object, path: str, known: Iterable[str], *, unbuilt: Mapping[str, str] | None = None) -> None:
        self.path = path
        self.known = tuple(known)
        if not isinstance(value, dict):
            raise InvalidCampaignError(f"an object is expected, with any of {', '.join(self.known)}", field=path)
        for key in value:
            if unbuilt and key in unbuilt:
                raise InvalidCampaignError(f"not built yet: {unbuilt[key]}", field=self.at(key))
            if key not in self.known:
                raise InvalidCampaignError(f"unknown key; known keys: {', '.join(self.known)}", field=self.at(key))
        self._value: dict[str, Any] = value

    def at(self, key: str) -> str:
        """The path of one of the fields."""
        return f"{self.path}.{key}" if self.path else key

    def __contains__(self, key: str) -> bool:
        return key in self._value

    def raw(self, key: str) -> Any:
        """The value as it came, or None."""
        return self._value.get(key)

    def text(self, key: str, *, needed: bool = False) -> str:
        """A string, stripped of nothing; "" where it is absent and not needed."""
        value = self._value.get(key, "")
        if not isinstance(value, str):
            raise InvalidCampaignError("a text is expected", field=self.at(key))
        if needed and not value:
            raise InvalidCampaignError("needed, and not empty", field=self.at(key))
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of different, non-empty strings."""
        values = self._value.get(key, [])
        if not isinstance(values, list):
            raise InvalidCampaignError("a list of texts is expected", field=self.at(key))
        for index, value in enumerate(values):
            if not isinstance(value, str) or not value:
                raise InvalidCampaignError("a text is expected", field=f"{self.at(key)}[{index}]")
            if value in values[:index]:
                raise InvalidCampaignError(f"{value!r} is named twice", field=f"{self.at(key)}[{index}]")
        return tuple(values)

    def choice(self, key: str, among: tuple[str, ...], default: str) -> str:
        value = self._value.get(key, default)
        if value not in among:
            raise InvalidCampaignError(f"one of {', '.join(among)} is expected", field=self.at(key))
        return str(value)

    def number(self, key: str, *, default: float, low: float, high: float) -> float:
        """A finite number from `low` to `high`, both included."""
        value = self._value.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise InvalidCampaignError(f"a number from {low:g} to {high:g} is expected", field=self.at(key))
        return value

    def whole(self, key: str, *, low: int, high: int) -> int:
        value = self._value.get(key)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise InvalidCampaignError(f"a whole number from {low} to {high} is expected", field=self.at(key))
        return value

    def duration(self, key: str) -> timedelta:
        """A length such as `30m`, `12h`, `7d` or `2w`."""
        value = self._value.get(key)
        match = _DURATION.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            raise InvalidCampaignError("a length such as 30m, 12h, 7d or 2w is expected", field=self.at(key))
        return int(match[1]) * _UNITS[match[2]]
