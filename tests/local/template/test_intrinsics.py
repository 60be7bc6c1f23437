"""The evaluator against CloudFormation's documented behaviour."""

from typing import Any

import pytest

from local.template.errors import TemplateError
from local.template.intrinsics import Evaluator, Values

PATH = "Resources.Thing.Properties.Name"


@pytest.fixture
def evaluator() -> Evaluator:
    return Evaluator(
        parameters={
            "Stage": "local",
            "Zones": ["a", "b", "c"],
            "Size": "12",
            "AWS::Region": "us-east-1",
            "AWS::StackName": "stack",
        },
        mappings={"Sizes": {"local": {"memory": 512}, "prod": {"memory": 1769}}},
        conditions={
            "IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]},
            "IsLocal": {"Fn::Not": [{"Condition": "IsProd"}]},
            "Both": {"Fn::And": [{"Condition": "IsLocal"}, {"Condition": "IsProd"}]},
            "Either": {"Fn::Or": [{"Condition": "IsLocal"}, {"Condition": "IsProd"}]},
            "Round": {"Fn::Not": [{"Condition": "About"}]},
            "About": {"Condition": "Round"},
            "Bad": {"Fn::Maybe": []},
        },
        resources={"Queue": Values("https://queue", {"Arn": "arn:queue", "Outputs.Url": "nested"})},
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Ref": "Stage"}, "local"),
        ({"Ref": "Zones"}, ["a", "b", "c"]),
        ({"Ref": "AWS::Region"}, "us-east-1"),
        ({"Ref": "Queue"}, "https://queue"),
        ({"Fn::GetAtt": ["Queue", "Arn"]}, "arn:queue"),
        ({"Fn::GetAtt": "Queue.Arn"}, "arn:queue"),
        ({"Fn::GetAtt": ["Queue", "Outputs", "Url"]}, "nested"),
        ({"Fn::Sub": "x-${Stage}-${Queue.Arn}-${AWS::Region}"}, "x-local-arn:queue-us-east-1"),
        ({"Fn::Sub": "${!Stage} is ${Stage}"}, "${Stage} is local"),
        ({"Fn::Sub": ["${Name}/${Stage}", {"Name": {"Ref": "Queue"}}]}, "https://queue/local"),
        ({"Fn::Sub": ["${Stage}", {"Stage": "shadowed"}]}, "shadowed"),
        ({"Fn::Join": ["_", ["regulars", {"Ref": "Stage"}, 7]]}, "regulars_local_7"),
        ({"Fn::Join": [",", {"Ref": "Zones"}]}, "a,b,c"),
        ({"Fn::Select": ["1", {"Ref": "Zones"}]}, "b"),
        ({"Fn::Select": [0, ["x", "y"]]}, "x"),
        ({"Fn::Split": [":", {"Fn::GetAtt": ["Queue", "Arn"]}]}, ["arn", "queue"]),
        ({"Fn::FindInMap": ["Sizes", {"Ref": "Stage"}, "memory"]}, 512),
        ({"Fn::If": ["IsProd", "p", {"Ref": "Stage"}]}, "local"),
        ({"Fn::Base64": "hi"}, "aGk="),
        ({"Deep": [{"Fn::Sub": "${Stage}"}, 1, True, None]}, {"Deep": ["local", 1, True, None]}),
        ({"Ref": "Stage", "Other": 1}, {"Ref": "Stage", "Other": 1}),
    ],
)
def test_functions_give_what_cloudformation_gives(evaluator: Evaluator, value: Any, expected: Any) -> None:
    assert evaluator.evaluate(value, PATH) == expected


def test_no_value_takes_its_property_and_its_list_item_away(evaluator: Evaluator) -> None:
    none = {"Fn::If": ["IsProd", "p", {"Ref": "AWS::NoValue"}]}
    assert evaluator.evaluate({"Gone": none, "Kept": [1, none, 2]}, PATH) == {"Kept": [1, 2]}


def test_only_the_chosen_branch_of_if_is_evaluated(evaluator: Evaluator) -> None:
    assert evaluator.evaluate({"Fn::If": ["IsProd", {"Ref": "NotThere"}, "fine"]}, PATH) == "fine"


@pytest.mark.parametrize(("name", "holds"), [("IsProd", False), ("IsLocal", True), ("Both", False), ("Either", True)])
def test_conditions_combine(evaluator: Evaluator, name: str, holds: bool) -> None:
    assert evaluator.condition(name, PATH) is holds


@pytest.mark.parametrize(("left", "right", "equal"), [(True, "true", True), (12, {"Ref": "Size"}, True), ("True", "true", False)])
def test_equals_compares_as_text_the_way_cloudformation_writes_it(left: Any, right: Any, equal: bool) -> None:
    evaluator = Evaluator(parameters={"Size": "12"}, conditions={"Same": {"Fn::Equals": [left, right]}})
    assert evaluator.condition("Same", PATH) is equal


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            {"Ref": "Queu"},
            "Ref to 'Queu', which is neither a parameter nor a resource that exists; did you mean 'Queue'",
        ),
        ({"Fn::Sub": "${Nope}"}, "Ref to 'Nope'"),
        ({"Fn::GetAtt": ["Queue", "Colour"]}, "Queue has no attribute 'Colour' here; supported: Arn, Outputs.Url"),
        ({"Fn::GetAtt": ["Nope", "Arn"]}, "Fn::GetAtt of 'Nope'"),
        ({"Fn::GetAtt": "NoDot"}, "Fn::GetAtt takes"),
        ({"Fn::ImportValue": "x"}, "the function Fn::ImportValue is not supported; supported: Ref"),
        ({"Fn::Select": [3, {"Ref": "Zones"}]}, "item 3 in a list of 3"),
        ({"Fn::Join": ["", "abc"]}, "Fn::Join needs a list"),
        ({"Fn::FindInMap": ["Sizes", "loca", "memory"]}, "no 'loca'; did you mean 'local'"),
        ({"Fn::Sub": "${Zones}"}, "${Zones} must be a text or a number"),
        ({"Fn::If": ["Nope", 1, 2]}, "no condition 'Nope'"),
        ({"Fn::If": ["Round", 1, 2]}, "conditions go in a circle: Round -> About -> Round"),
        ({"Fn::If": ["Bad", 1, 2]}, "a condition is made of"),
    ],
)
def test_a_mistake_is_named(evaluator: Evaluator, value: Any, message: str) -> None:
    with pytest.raises(TemplateError) as caught:
        evaluator.evaluate(value, PATH)
    assert message in str(caught.value)


def test_an_error_names_the_path_down_to_the_item(evaluator: Evaluator) -> None:
    with pytest.raises(TemplateError, match=r"^Resources\.Thing\.Properties\.Name\.Tags\[1\]\.Value: Ref to 'Nope'"):
        evaluator.evaluate({"Tags": [{"Value": "x"}, {"Value": {"Ref": "Nope"}}]}, PATH)


def test_resources_created_later_are_seen() -> None:
    resources: dict[str, Values] = {}
    evaluator = Evaluator(parameters={}, resources=resources)
    resources["Late"] = Values("late")
    assert evaluator.evaluate({"Ref": "Late"}, PATH) == "late"
