"""What the local cloud refuses to pass over in silence."""

from typing import Any

import pytest

from local.resources.changes import CHANGES
from local.resources.creators import CREATORS
from local.resources.support import Support, check_support
from local.resources.supported import SUPPORTED
from local.template.errors import TemplateError

TABLE = {
    "AWS::SQS::Queue": Support(honoured=("Name", "Redrive.target"), recorded={"Encryption": "in memory"}),
    "AWS::Events::Rule": Support(honoured=("Targets[].Arn",)),
    "AWS::CloudFormation::CustomResource": Support(every_property=True),
}


def refusal(resources: dict[str, Any]) -> str:
    with pytest.raises(TemplateError) as caught:
        check_support(resources, TABLE)
    return str(caught.value)


@pytest.mark.parametrize(
    "resource",
    [
        {"Type": "AWS::SQS::Queue"},
        {
            "Type": "AWS::SQS::Queue",
            "DeletionPolicy": "Retain",
            "DependsOn": "X",
            "Properties": {"Name": "q", "Encryption": {"Any": "thing"}},
        },
        {"Type": "AWS::SQS::Queue", "Properties": {"Redrive": {"target": {"Ref": "X"}}}},
        {
            "Type": "AWS::SQS::Queue",
            "Properties": {"Redrive": {"Fn::If": ["C", {"target": "x"}, {"Ref": "AWS::NoValue"}]}},
        },
        {"Type": "AWS::Events::Rule", "Properties": {"Targets": [{"Arn": "a"}]}},
        {"Type": "Custom::Schema", "Properties": {"Whatever": 1}},
    ],
)
def test_what_the_table_holds_is_accepted(resource: dict[str, Any]) -> None:
    check_support({"Thing": resource}, TABLE)


@pytest.mark.parametrize(
    ("resource", "message"),
    [
        (
            {"Type": "AWS::EC2::Instance"},
            "Thing: the type AWS::EC2::Instance is not supported; supported: AWS::CloudFormation::CustomResource, AWS::Events::Rule, ",
        ),
        (
            {"Type": "AWS::SQS::Queue", "Properties": {"Colour": 1}},
            "Resources.Thing.Properties.Colour: is not supported for AWS::SQS::Queue; supported: Encryption, Name, Redrive.target",
        ),
        (
            {"Type": "AWS::SQS::Queue", "Properties": {"Redrive": {"target": "x", "times": 3}}},
            "Resources.Thing.Properties.Redrive.times: is not supported",
        ),
        (
            {"Type": "AWS::SQS::Queue", "Properties": {"Redrive": {"Fn::If": ["C", {"times": 3}, {"target": "x"}]}}},
            "Properties.Redrive.times: is not supported",
        ),
        (
            {"Type": "AWS::Events::Rule", "Properties": {"Targets": [{"Arn": "a"}, {"Role": "r"}]}},
            "Properties.Targets[].Role: is not supported",
        ),
        ({"Type": "AWS::SQS::Queue", "CreationPolicy": {}}, "Resources.Thing.CreationPolicy: is not supported"),
    ],
)
def test_anything_else_is_refused_by_its_path(resource: dict[str, Any], message: str) -> None:
    assert message in refusal({"Thing": resource})


def test_all_problems_are_told_at_once() -> None:
    text = refusal({"A": {"Type": "Unknown::A"}, "B": {"Type": "AWS::SQS::Queue", "Properties": {"X": 1, "Y": 2}}})
    assert [line.split(":")[0] for line in text.splitlines()[1:]] == [
        "  - Resources.A",
        "  - Resources.B.Properties.X",
        "  - Resources.B.Properties.Y",
    ]


def test_the_table_and_the_modules_know_the_same_types() -> None:
    assert set(SUPPORTED) == set(CREATORS) == set(CHANGES)


ELSEWHERE = {
    "AWS::Cognito::UserPoolClient": {"ClientName"},  # the local client's id is made of it
    "AWS::Glue::Database": {"CatalogId", "DatabaseInput.Name"},  # the schema says DatabaseName, which the template may not
}
"""What replaces here and is not in CloudFormation's schema."""


@pytest.mark.parametrize("kind", [kind for kind, change in CHANGES.items() if not change.every_property])
def test_what_replaces_is_what_cloudformations_own_schema_says(kind: str) -> None:
    """As cfn-lint carries it: https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html"""
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema
    create_only = {pointer.removeprefix("/properties/").replace("/", ".") for pointer in schema.get("createOnlyProperties", [])}
    assert set(CHANGES[kind].replaces) == {name for name in create_only if name in SUPPORTED[kind].names} | ELSEWHERE.get(kind, set())


def test_every_property_without_effect_has_its_reason() -> None:
    for kind, support in SUPPORTED.items():
        assert not set(support.honoured) & set(support.recorded), kind
        assert all(len(reason) > 15 for reason in support.recorded.values()), kind
