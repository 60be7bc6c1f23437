"""What an event says, field by field in standard form. Objects are copied where something in them changes, and never written to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from regulars.domain.cleaning.fields import CONTEXT, FIELDS
from regulars.domain.cleaning.home_country import home_country
from regulars.domain.cleaning.kinds import DEVICE, OBJECT, PHONE, PRODUCTS, Kind
from regulars.domain.cleaning.phones import phone
from regulars.domain.cleaning.placeholders import is_placeholder
from regulars.domain.collection.event import Correction, Event
from regulars.domain.collection.identifiers import MAX_LENGTH, tidy
from regulars.domain.documents import JsonObject

_DIGIT: Final = re.compile("[0-9]")

UNCLEAR: Final = "_unclear"
"""How the rule is called in `corrections` that could not read a value, and left it as it was."""


def standardised(event: Event, kinds: Mapping[str, Kind], default_country: str | None, found: list[Correction]) -> Event:
    """The event with what it says in standard form; `found` takes what was changed and what could not be read.

    Nearly every event is clean, and a look tells; only another is gone through with care.
    """
    if _is_clean(event.properties, kinds) and (not event.traits or _is_clean(event.traits, FIELDS)) and _is_clean(event.context, CONTEXT):
        return event
    values = _Values(event, default_country, found)
    return event._replace(
        properties=values.object(event.properties, "properties", kinds),
        traits=values.object(event.traits, "traits", FIELDS),
        context=values.object(event.context, "context", CONTEXT),
    )


def _is_clean(holder: JsonObject, kinds: Mapping[str, Kind]) -> bool:
    """Whether surely nothing in it would change or be unclear."""
    for name, value in holder.items():
        kind = kinds.get(name)
        if kind is None:
            continue
        if type(value) is str:
            if len(value) > MAX_LENGTH or kind.standard(value) != value:
                return False
        elif type(value) is int:
            if kind.also_numbers:
                return False
        elif type(value) is list:
            if kind is PRODUCTS and not _are_clean(value):
                return False
        elif kind is OBJECT:
            if type(value) is dict and not _is_clean(value, FIELDS):
                return False
        elif kind is DEVICE and type(value) is dict and not _has_clean_id(value):
            return False
    return True


def _are_clean(products: list[Any]) -> bool:
    """Only a product's price and quantity are looked at: there may be hundreds, and nearly all have both."""
    try:
        for product in products:
            if type(product["price"]) is str or type(product["quantity"]) is str:
                return False
    except (KeyError, TypeError):
        return not any(map(_has_number_in_text, products))
    return True


def _has_number_in_text(product: Any) -> bool:
    return isinstance(product, dict) and (isinstance(product.get("price"), str) or isinstance(product.get("quantity"), str))


def _has_clean_id(device: JsonObject) -> bool:
    """An advertising id of zeros is what a telephone says whose owner wants none
    (https://developer.apple.com/documentation/adsupport/asidentifiermanager/advertisingidentifier)."""
    advertising_id = device.get("advertisingId")
    return not isinstance(advertising_id, str) or not advertising_id or not is_placeholder(advertising_id)


@dataclass(slots=True)
class _Values:
    event: Event
    default_country: str | None
    found: list[Correction]

    def object(self, holder: JsonObject, path: str, kinds: Mapping[str, Kind]) -> JsonObject:
        """The object with each field that `kinds` names in standard form."""
        return {name: self._field(kinds[name], value, f"{path}.{name}") if name in kinds else value for name, value in holder.items()}

    def _field(self, kind: Kind, value: Any, path: str) -> Any:
        match value:
            case str() if kind.rule:
                return self._value(kind, value, tidy(value), path)
            case int() if kind.also_numbers and not isinstance(value, bool):
                return self._value(kind, value, str(value), path)
            case dict() if kind is OBJECT:
                return self.object(value, path, FIELDS)
            case dict() if kind is DEVICE:
                return self._device(value, path)
            case list() if kind is PRODUCTS:
                return [self._product(product, f"{path}.{index}") for index, product in enumerate(value)]
        return value

    def _value(self, kind: Kind, value: str | int, text: str, path: str) -> Any:
        if not text or len(text) > MAX_LENGTH:
            return value
        now = phone(text, home_country(self.event, self.default_country)) if kind is PHONE else kind.standard(text)
        if (now == value and type(now) is type(value)) or (now is None and kind.has_digits and not _DIGIT.search(text)):
            return value
        self.found.append(Correction(path, kind.rule if now is not None else kind.rule + UNCLEAR, value))
        return value if now is None else now

    def _product(self, product: Any, path: str) -> Any:
        return self.object(product, path, FIELDS) if _has_number_in_text(product) else product

    def _device(self, device: dict[str, Any], path: str) -> dict[str, Any]:
        if _has_clean_id(device):
            return device
        self.found.append(Correction(f"{path}.advertisingId", "placeholder", device["advertisingId"]))
        return {name: value for name, value in device.items() if name != "advertisingId"}
