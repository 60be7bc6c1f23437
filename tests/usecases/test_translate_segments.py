"""Segments of Amazon Pinpoint, beside what is known of people's traits."""

from datetime import UTC, datetime

from regulars.domain.quality.catalog import Catalog, CatalogedEvent, CatalogedProperty
from regulars.domain.quality.catalog_document import KEY, written
from regulars.usecases.translate_segments import translate_segments
from tests.fakes.stores import MemoryObjects

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
SEGMENT = {"Id": "a", "Dimensions": {"Attributes": {"interests": {"AttributeType": "INCLUSIVE", "Values": ["b"]}}}}


def known(**types: int) -> MemoryObjects:
    properties = {"interests": CatalogedProperty("interests", types)}
    return MemoryObjects({KEY: written(Catalog(NOON, (CatalogedEvent("identify", "identify", 9, NOON, NOON, (), properties),)))})


def test_an_attribute_that_somebody_has_several_values_of_is_asked_for_in_lists_too() -> None:
    (lists,) = translate_segments(SEGMENT, lake=known(string=8, array=1))
    assert lists.segment is not None
    assert {"trait": "interests[]", "in": ["b"]} in lists.segment["rule"]["any"][0]["all"]
    for lake in (known(string=9), MemoryObjects()):
        (texts,) = translate_segments(SEGMENT, lake=lake)
        assert texts.segment == {"id": "pinpoint-a", "name": "a", "rule": {"trait": "interests", "in": ["b"]}}
