"""Saving a list of places as a new version."""

from regulars.domain.documents import JsonObject
from regulars.domain.places.parse import parse_places
from regulars.ports import Clock, DefinitionStore
from regulars.usecases.save_definition import Saved, save_definition


def put_places(document: JsonObject, *, by: str, expected: int | None = None, definitions: DefinitionStore, clock: Clock) -> Saved:
    """Telephones are told of it when they ask next. Raises InvalidPlacesError: nothing of a list is kept then."""
    places = parse_places(document)
    return save_definition("places", places.id, document, by=by, expected=expected, definitions=definitions, clock=clock)
