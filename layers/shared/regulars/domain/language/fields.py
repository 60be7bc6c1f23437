"""The fields of one JSON object, none of which goes unread."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NoReturn

from regulars.domain.language.suggestions import unknown
from regulars.domain.language.value import Value
from regulars.domain.language.wording import MISSING, kind, listed

NOTHING: Mapping[str, str] = MappingProxyType({})


class Fields:
    """The fields of the object that `value` is. Raises its error where it is none, or has a key that no JSON has."""

    def __init__(self, value: Value) -> None:
        raw = value.raw
        if not isinstance(raw, dict):
            value.refuse_kind("an object")
        for key in raw:
            if not isinstance(key, str):
                value.refuse(f"keys are texts, not {kind(key)}")
        self.value = value
        self._raw: dict[str, Any] = raw

    def only(self, known: Iterable[str], refused: Mapping[str, str] = NOTHING) -> "Fields":
        """These fields, all of whose keys are `known`. Any other is refused: with what `refused` says of it, or with the nearest known one."""
        names = tuple(known)
        for key in self._raw:
            if key not in names:
                self.refuse_key(key, names, refused)
        return self

    def refuse_key(self, key: str, known: Iterable[str], refused: Mapping[str, str] = NOTHING) -> NoReturn:
        self[key].refuse(f"`{key}` {refused[key]}; known: {listed(known)}" if key in refused else unknown(key, known))

    def __getitem__(self, key: str) -> Value:
        """The value of the key. Where there is none, whatever reads it says that it is missing."""
        return self.value.at(key, self._raw.get(key, MISSING))

    def section(self, key: str) -> "Fields":
        """The fields of the object at the key, or none where it is left out."""
        return Fields(self[key] if key in self else self.value.at(key, {}))

    def __contains__(self, key: str) -> bool:
        return key in self._raw

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)
