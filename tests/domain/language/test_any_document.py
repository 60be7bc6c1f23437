"""Whatever JSON is given, it is read, or refused with a path: no other error, and nothing that a log or an answer could not carry."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.errors import InvalidCampaignError, InvalidJourneyError, InvalidRuleError, RefusedError
from regulars.domain.journeys.parse import parse_journey
from regulars.domain.segments import parse_segment
from tests.domain.language.documents import CAMPAIGN, JOURNEY, SEGMENT, nested, spoiled, values
from tests.drawn import drawn

KINDS: dict[str, tuple[Callable[[Any], object], type[RefusedError], dict[str, Any]]] = {
    "segment": (parse_segment, InvalidRuleError, SEGMENT),
    "campaign": (parse_campaign, InvalidCampaignError, CAMPAIGN),
    "journey": (parse_journey, InvalidJourneyError, JOURNEY),
}
thorough = drawn(300, suppress_health_check=[HealthCheck.too_slow])


def read_or_refused(kind: str, document: Any) -> None:
    parse, error, _ = KINDS[kind]
    try:
        parse(document)
    except error as refusal:
        f"{refusal} {refusal.field}".encode()
        assert str(refusal).isprintable()
        assert refusal.field or not isinstance(document, dict)


@pytest.mark.parametrize("kind", KINDS)
def test_the_documents_that_are_spoiled_below_are_read_as_they_stand(kind: str) -> None:
    parse, _, document = KINDS[kind]
    parse(document)


@pytest.mark.parametrize("kind", KINDS)
@thorough
@given(document=values)
def test_any_json_is_read_or_refused(kind: str, document: Any) -> None:
    read_or_refused(kind, document)


@pytest.mark.parametrize("kind", KINDS)
@thorough
@given(data=st.data())
def test_a_document_with_one_thing_wrong_is_read_or_refused_with_the_path(kind: str, data: st.DataObject) -> None:
    read_or_refused(kind, data.draw(spoiled(KINDS[kind][2])))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "document", [None, MemoryError, {1: 2}, {"id": b"x"}, {"id": ("a",)}, nested(900), {"rule": nested(900)}, {"message": nested(900)}]
)
def test_what_no_json_holds_and_what_is_nested_without_end_is_refused_too(kind: str, document: Any) -> None:
    parse, error, _ = KINDS[kind]
    with pytest.raises(error):
        parse(document)
