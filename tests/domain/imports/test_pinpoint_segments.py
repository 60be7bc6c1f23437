"""Segments of Amazon Pinpoint, as GetSegment answers them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from regulars.domain.errors import InvalidRequestError
from regulars.domain.imports.pinpoint_segments import Translated, translated
from regulars.domain.segments.evaluate import PastEvent, PersonHistory, evaluate
from regulars.domain.segments.parse import parse_segment

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)

PRO = {"plan": {"AttributeType": "INCLUSIVE", "Values": ["pro", "vip"]}}
MILLENNIUM = "2000-01-01T00:00:00Z"
IS_PRO = {"trait": "plan", "in": ["pro", "vip"]}


def one(**found: Any) -> Translated:
    (each,) = translated({"SegmentResponse": {"Id": "ABC_1", "Name": "Pros", "SegmentType": "DIMENSIONAL", **found}})
    return each


def rule(dimensions: dict[str, Any]) -> Any:
    found = one(SegmentGroups={"Include": "ALL", "Groups": [{"Type": "ALL", "SourceType": "ALL", "Dimensions": [dimensions]}]})
    assert found.unmapped == ()
    assert found.segment is not None
    parse_segment(dict(found.segment))
    return found.segment["rule"]


def test_a_segment_keeps_its_name_and_has_an_id_that_others_can_name() -> None:
    found = one(Dimensions={"UserAttributes": PRO})
    assert found.segment == {"id": "pinpoint-abc-1", "name": "Pros", "rule": IS_PRO}
    assert one().segment == {"id": "pinpoint-abc-1", "name": "Pros", "rule": {"everyone": True}}


@pytest.mark.parametrize(
    ("dimensions", "expected"),
    [
        ({"Attributes": PRO}, IS_PRO),
        ({"Attributes": {"plan": {"AttributeType": "EXCLUSIVE", "Values": ["x"]}}}, {"not": {"trait": "plan", "in": ["x"]}}),
        ({"Attributes": {"plan": {"AttributeType": "CONTAINS", "Values": ["x"]}}}, {"trait": "plan", "contains": "x"}),
        (
            {"UserAttributes": {"born": {"AttributeType": "BEFORE", "Values": [MILLENNIUM]}}},
            {"trait": "born", "before": MILLENNIUM},
        ),
        ({"Metrics": {"visits": {"ComparisonOperator": "GREATER_THAN_OR_EQUAL", "Value": 3.0}}}, {"trait": "visits", "gte": 3.0}),
        ({"Location": {"Country": {"DimensionType": "INCLUSIVE", "Values": ["DE"]}}}, {"trait": "address.country", "in": ["DE"]}),
        ({"UserAttributes": PRO, "Demographic": {"Channel": {"Values": ["GCM"], "DimensionType": "INCLUSIVE"}}}, IS_PRO),
        (
            {"UserAttributes": PRO, "Metrics": {"visits": {"ComparisonOperator": "LESS_THAN", "Value": 9}}},
            {"all": [IS_PRO, {"trait": "visits", "lt": 9}]},
        ),
    ],
)
def test_each_dimension_that_has_a_counterpart_becomes_a_rule_that_can_be_put(dimensions: dict[str, Any], expected: Any) -> None:
    assert rule(dimensions) == expected


def among(name: str, kind: str, *values: str) -> Any:
    return rule({"UserAttributes": {name: {"AttributeType": kind, "Values": list(values)}}})


def test_values_are_cleaned_as_the_traits_are_that_they_are_compared_with() -> None:
    germany = {"trait": "address.country", "in": ["DE"]}
    for kind, expected in (("INCLUSIVE", germany), ("EXCLUSIVE", {"not": germany})):
        assert rule({"Location": {"Country": {"DimensionType": kind, "Values": ["DEU", "Germany"]}}}) == expected
    assert among("locale", "INCLUSIVE", "de_DE") == {"trait": "locale", "in": ["de-DE"]}
    assert among("email", "EXCLUSIVE", "Anna@Shop.DE") == {"not": {"trait": "email", "in": ["anna@shop.de"]}}
    assert among("phone", "INCLUSIVE", "+49 170 1234567") == {"trait": "phone", "in": ["+491701234567"]}
    assert among("newsletter", "INCLUSIVE", "Yes") == {"trait": "newsletter", "in": [True]}
    assert among("age", "INCLUSIVE", "18", "old") == {"any": [{"trait": "age", "in": ["old"]}, {"trait": "age", "in": [18]}]}
    assert among("city", "INCLUSIVE", " Ko\u0308ln") == {"trait": "city", "in": ["K\u00f6ln"]}
    assert among("plan", "INCLUSIVE", " DEU") == {"trait": "plan", "in": [" DEU"]}
    assert among("email", "CONTAINS", "@Shop") == {"trait": "email", "contains": "@shop"}


def test_a_name_with_a_dot_is_a_name() -> None:
    assert among("a.b", "INCLUSIVE", "x") == {"trait": ["a.b"], "in": ["x"]}


def test_a_part_of_what_is_kept_in_a_form_of_its_own_has_no_counterpart() -> None:
    found = one(Dimensions={"Attributes": {"phone": {"AttributeType": "CONTAINS", "Values": ["0170"]}}})
    assert [(each.path, found.segment) for each in found.unmapped] == [("Dimensions.Attributes.phone", None)]


@pytest.mark.parametrize(
    ("interests", "among", "others", "holding"),
    [
        (["wine", "cheese"], True, False, True),
        (["cheese", "port wine"], False, True, True),
        (["cheese"], False, True, False),
        ("wine", True, False, True),
        ("cheese", False, True, False),
        (None, None, None, None),
    ],
)
def test_who_has_several_values_is_asked_whether_one_of_them_is_so(interests: Any, among: Any, others: Any, holding: Any) -> None:
    traits = json.dumps({"interests": interests})
    before = NOON - timedelta(hours=1)
    ada = PersonHistory("ada", before, (PastEvent("m1", "identify", before, type="identify", traits=traits),))
    for kind, expected in (("INCLUSIVE", among), ("EXCLUSIVE", others), ("CONTAINS", holding)):
        document = {"Id": "a", "Dimensions": {"Attributes": {"interests": {"AttributeType": kind, "Values": ["wine"]}}}}
        (found,) = translated(document, lists={"interests"})
        assert found.segment is not None, found.unmapped
        assert evaluate(parse_segment(dict(found.segment)).rule, ada, NOON, {}) is expected


def test_a_list_whose_name_has_a_dot_is_named_as_one_that_no_rule_can_ask_for() -> None:
    document = {"Id": "a", "Dimensions": {"Attributes": {"a.b": {"AttributeType": "INCLUSIVE", "Values": ["b"]}}}}
    (found,) = translated(document, lists={"a.b"})
    assert found.segment is None
    assert [(each.path, each.message[:25]) for each in found.unmapped] == [("Dimensions.Attributes.a.b", "some people have several ")]


def test_groups_their_dimensions_and_their_sources_are_put_together_as_they_say() -> None:
    other = {"Attributes": {"city": {"AttributeType": "INCLUSIVE", "Values": ["Bonn"]}}}
    groups = [
        {"Type": "ANY", "Dimensions": [{"UserAttributes": PRO}, other]},
        {"SourceType": "ANY", "SourceSegments": [{"Id": "s1"}, {"Id": "s2"}], "Type": "NONE", "Dimensions": [other]},
    ]
    found = one(SegmentGroups={"Include": "ANY", "Groups": groups})
    assert found.segment is not None
    bonn = {"trait": "city", "in": ["Bonn"]}
    assert found.segment["rule"] == {
        "any": [
            {"any": [IS_PRO, bonn]},
            {"all": [{"any": [{"segment": "pinpoint-s1"}, {"segment": "pinpoint-s2"}]}, {"not": {"any": [bonn]}}]},
        ]
    }


@pytest.mark.parametrize(
    ("dimensions", "path"),
    [
        ({"Behavior": {"Recency": {"Duration": "DAY_30", "RecencyType": "ACTIVE"}}}, "Behavior.Recency"),
        ({"Demographic": {"AppVersion": {"DimensionType": "INCLUSIVE", "Values": ["1"]}}}, "Demographic.AppVersion"),
        ({"Location": {"GPSPoint": {"Coordinates": {"Latitude": 1, "Longitude": 2}}}}, "Location.GPSPoint"),
        ({"Attributes": {"x": {"AttributeType": "BETWEEN", "Values": ["a", "b"]}}}, "Attributes.x"),
        ({"Metrics": {"x": {"ComparisonOperator": "ABOUT", "Value": 1}}}, "Metrics.x"),
        ({"Weather": {"Rain": True}}, "Weather"),
    ],
)
def test_what_has_no_counterpart_is_named_with_its_path_and_nothing_is_guessed(dimensions: dict[str, Any], path: str) -> None:
    found = one(SegmentGroups={"Include": "ALL", "Groups": [{"Dimensions": [{"UserAttributes": PRO, **dimensions}]}]})
    assert found.segment is None
    assert [each.path for each in found.unmapped] == [f"SegmentGroups.Groups[0].Dimensions[0].{path}"]


def test_an_imported_segment_is_no_rule() -> None:
    assert [each.path for each in one(SegmentType="IMPORT").unmapped] == ["ImportDefinition"]


def test_a_list_of_segments_is_read_whole() -> None:
    both = translated({"SegmentsResponse": {"Item": [{"Id": "a"}, {"Id": "b", "SegmentType": "IMPORT"}]}})
    assert [(each.id, each.segment is not None) for each in both] == [("pinpoint-a", True), ("pinpoint-b", False)]
    assert both[1].unmapped[0].path == "Item[1].ImportDefinition"


@pytest.mark.parametrize("document", [{}, {"Item": [{}]}, "x", {"SegmentResponse": {"Id": 1}}])
def test_what_is_no_segment_is_refused(document: Any) -> None:
    with pytest.raises(InvalidRequestError, match="no segment of Amazon Pinpoint"):
        translated(document)
