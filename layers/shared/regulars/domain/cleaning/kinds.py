"""What a field may hold, each kind with its rule."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from regulars.domain.cleaning.booleans import boolean
from regulars.domain.cleaning.countries import country
from regulars.domain.cleaning.currencies import currency
from regulars.domain.cleaning.dates import day_or_moment
from regulars.domain.cleaning.emails import email
from regulars.domain.cleaning.languages import language
from regulars.domain.cleaning.numbers import number
from regulars.domain.cleaning.phones import phone
from regulars.domain.collection.identifiers import tidy


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """`rule` names it in `corrections`; `standard` gives the standard form of a text, or None where it makes no sense of it. What is standard
    already comes back as it is, at little cost. `also_numbers`: clients send it as a JSON number, too. `has_digits`: a text without one did not mean
    to be one (`value: "red"`), and is not called unclear."""

    rule: str
    standard: Callable[[str], Any]
    also_numbers: bool = False
    has_digits: bool = False


EMAIL: Final = Kind("email", email)
PHONE: Final = Kind("phone", phone, also_numbers=True, has_digits=True)
COUNTRY: Final = Kind("country", country)
LANGUAGE: Final = Kind("language", language)
CURRENCY: Final = Kind("currency", currency)
NUMBER: Final = Kind("number", number, has_digits=True)
BOOLEAN: Final = Kind("boolean", boolean, also_numbers=True)
DATE: Final = Kind("date", day_or_moment, also_numbers=True, has_digits=True)
LABEL: Final = Kind("trim", tidy)
"""A name or a key: only what surrounds it goes."""

OBJECT: Final = Kind("", str)
"""An object whose own fields count; a text in its place stays."""
PRODUCTS: Final = Kind("", str)
"""A list of objects whose own fields count."""
DEVICE: Final = Kind("", str)
"""What the client says of its device."""
