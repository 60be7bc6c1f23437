"""Unicode's composed form for all text: `é` of two characters and `é` of one look the same, and must be the same."""

from typing import Any
from unicodedata import is_normalized, normalize

import orjson

from regulars.domain.collection.event import Correction, Event
from regulars.domain.documents import JsonObject


def composed(event: Event, found: list[Correction]) -> Event:
    """The event with its texts, and the names of their fields, in NFC (https://unicode.org/reports/tr15/)."""
    properties = _composed_object(event.properties, "properties", found)
    traits = _composed_object(event.traits, "traits", found)
    context = _composed_object(event.context, "context", found)
    return event._replace(properties=properties, traits=traits, context=context)


def _composed_object(holder: JsonObject, path: str, found: list[Correction]) -> JsonObject:
    """Writing it is the quickest way to see that all of it is ASCII, as most objects are."""
    return holder if not holder or orjson.dumps(holder).isascii() else _composed(holder, path, found)


def _composed(value: Any, path: str, found: list[Correction]) -> Any:
    match value:
        case str() if not value.isascii() and not is_normalized("NFC", value):
            found.append(Correction(path, "unicode", value))
            return normalize("NFC", value)
        case dict():
            return {_name(name, value, path, found): _composed(inner, f"{path}.{name}", found) for name, inner in value.items()}
        case list():
            return [_composed(inner, f"{path}.{index}", found) for index, inner in enumerate(value)]
        case _:
            return value


def _name(name: str, holder: JsonObject, path: str, found: list[Correction]) -> str:
    """A field's name; one whose composed form is another's stays as it is, so that neither is lost."""
    if name.isascii() or is_normalized("NFC", name) or (now := normalize("NFC", name)) in holder:
        return name
    found.append(Correction(f"{path}.{now}", "unicode", name))
    return now
