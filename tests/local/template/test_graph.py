"""The order in which resources are created."""

from typing import Any

import pytest

from local.template.errors import TemplateError
from local.template.graph import creation_order, dependencies


def test_every_way_to_mention_a_resource_is_a_dependency() -> None:
    resource = {
        "DependsOn": ["Explicit"],
        "Properties": {
            "A": {"Ref": "Direct"},
            "B": [{"Fn::GetAtt": ["Listed", "Arn"]}, {"Fn::GetAtt": "Dotted.Arn"}],
            "C": {"Fn::Sub": "${Plain}/${Attribute.Arn}/${!Literal}"},
            "D": {"Fn::Sub": ["${Local}/${Outer}", {"Local": {"Ref": "Inner"}}]},
            "E": {"Fn::If": ["Condition", {"Ref": "Branch"}, "x"]},
        },
    }
    assert dependencies(resource) == {
        "Explicit",
        "Direct",
        "Listed",
        "Dotted",
        "Plain",
        "Attribute",
        "Outer",
        "Inner",
        "Branch",
    }


def test_what_is_needed_comes_first_and_what_is_left_out_is_ignored() -> None:
    resources: dict[str, Any] = {
        "Function": {"Properties": {"Role": {"Ref": "Role"}, "Topic": {"Fn::If": ["On", {"Ref": "Topic"}, "none"]}}},
        "Role": {"DependsOn": "Bucket"},
        "Bucket": {},
        "Topic": {},
    }
    assert creation_order(resources, ["Function", "Role", "Bucket"]) == ["Bucket", "Role", "Function"]


def test_a_circle_is_refused_by_name() -> None:
    resources = {"A": {"Properties": {"X": {"Ref": "B"}}}, "B": {"Properties": {"X": {"Fn::Sub": "${A.Arn}"}}}}
    with pytest.raises(TemplateError, match=r"in a circle: (A -> B -> A|B -> A -> B)"):
        creation_order(resources, list(resources))
