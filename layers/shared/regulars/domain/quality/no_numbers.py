"""What is said of a property that is to be added up and whose values are no numbers: a report leaves those out, and would have nothing to count."""

from collections.abc import Iterator, Mapping
from typing import Final

from regulars.domain.collection.moments import iso
from regulars.domain.definitions import PutWarning
from regulars.domain.language import Path, guess, listed, printable
from regulars.domain.quality.catalog import Catalog, CatalogedProperty
from regulars.domain.segments.evaluate.values import number

_MOST_NAMED: Final = 3
"""Of the properties that are numbers."""

_PLAIN: Final = "only what spells a plain number counts (`1234.5`, never `1,234.50`), the rest is left out"


def no_numbers(event: str, place: str, path: Path, catalog: Catalog) -> Iterator[PutWarning]:
    """Of a property of an event that somebody sent, at a `place` of a document. Nothing where the catalog does not know all of the event's
    properties, or does not have this one: that nobody sent it is `unsent_event`'s to say."""
    if not catalog.knows_properties(event):
        return
    known = catalog.properties(event)
    found = known.get(".".join(path))
    if found and (said := _said(found)):
        numbers = [name for name, each in known.items() if each.types.get("number") and name != found.name]
        yield PutWarning(place, f"`{printable(found.name)}` of `{printable(event)}` {said} until {iso(catalog.through)}{_meant(found.name, numbers)}")


def _said(found: CatalogedProperty) -> str:
    texts, numbers = found.types.get("string", 0), found.types.get("number", 0)
    if not texts:
        return "" if numbers else f"never was a number, but {_kinds(found.types)},"
    wrong = [text for text in found.values.texts if number(text) is None] if found.values else []
    if wrong:
        return f"was `{printable(wrong[0])}`, and {_PLAIN};"
    if found.values and (found.values.common or numbers):
        return ""
    return f"came as a text {texts:,} times of {found.count:,}: {_PLAIN};"


def _kinds(types: Mapping[str, int]) -> str:
    names = {"boolean": "true or false", "array": "a list", "object": "an object", "null": "null"}
    return " or ".join(names.get(kind, kind) for kind in types)


def _meant(name: str, numbers: list[str]) -> str:
    if not numbers:
        return ""
    return guess(name, numbers) or f" (numbers are in {listed(numbers[:_MOST_NAMED])})"
