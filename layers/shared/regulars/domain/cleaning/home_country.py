"""Which country a telephone number without `+` is of."""

from collections.abc import Mapping

from regulars.domain.cleaning.countries import country
from regulars.domain.cleaning.languages import language, region
from regulars.domain.collection.event import Event
from regulars.domain.collection.identifiers import tidy
from regulars.domain.documents import JsonObject


def home_country(event: Event, default: str | None) -> str | None:
    """The country that the person states, else where they are, else their locale's, else the `default`; ISO 3166 alpha-2."""
    context = event.context
    for holder in (event.traits, event.properties, context.get("traits"), context.get("location")):
        if isinstance(holder, Mapping) and (stated := _stated(holder)):
            return stated
    locale = context.get("locale")
    tag = language(tidy(locale)) if isinstance(locale, str) else None
    return (region(tag) if tag else None) or default


def _stated(holder: JsonObject) -> str | None:
    """In its address or of itself."""
    address = holder.get("address")
    for place in (address if isinstance(address, Mapping) else {}, holder):
        for name in ("country", "country_code", "countryCode"):
            stated = place.get(name)
            if isinstance(stated, str) and stated.strip() and (code := country(tidy(stated))):
                return code
    return None
