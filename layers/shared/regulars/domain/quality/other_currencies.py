"""What is said of a goal's currency that none of its events was ever in: all of their money would be left out of the report."""

from collections.abc import Iterator

from regulars.domain.collection.moments import iso
from regulars.domain.definitions import PutWarning
from regulars.domain.language import Path, listed, printable
from regulars.domain.quality.catalog import Catalog

_CURRENCY = "currency"
"""Beside the value, or of the whole event: as `measure.amounts` reads it."""


def other_currencies(event: str, place: str, value: Path, currency: str, catalog: Catalog) -> Iterator[PutWarning]:
    """Of a `currency` at a `place` of a document. Nothing where the catalog does not know all properties of the event, or not all values of
    the one that names the currency, or where any of those is no currency: what names none is taken to be in the goal's."""
    if not currency or not catalog.knows_properties(event):
        return
    known = catalog.properties(event)
    found = known.get(".".join((*value[:-1], _CURRENCY))) or known.get(_CURRENCY)
    if found is None or found.values is None or found.values.rare:
        return
    named = sorted({text.strip().upper() for text in found.values.texts})
    if named and currency not in named and all(len(each) == 3 and each.isalpha() for each in named):
        others = f"`{printable(event)}` was in {listed(named)} until {iso(catalog.through)}"
        yield PutWarning(place, f"{others}, and never in `{currency}`: what is in another currency is left out of the value")
