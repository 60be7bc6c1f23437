"""The template as CloudFormation sees it: translated, and evaluated where a rule is about values."""

from pathlib import Path
from typing import Any

import pytest

from local.resources.site import ACCOUNT, REGION
from local.template.intrinsics import Evaluator, Values
from local.template.parameters import resolve_parameters
from local.template.translate import load_template

ROOT = Path(__file__).parents[2]
STAGE = "s" * 16
"""The longest that the template takes."""
FUNCTIONS = sorted(path.parent.name for path in (ROOT / "functions").glob("*/handler.py"))


@pytest.fixture(scope="session")
def cloudformation() -> dict[str, Any]:
    return load_template(ROOT / "template.yaml")


@pytest.fixture(scope="session")
def resources(cloudformation: dict[str, Any]) -> dict[str, Any]:
    return dict(cloudformation["Resources"])


@pytest.fixture(scope="session")
def source() -> dict[str, Any]:
    """template.yaml as written, with `!Ref x` read as {"Ref": "x"} and so on."""
    from samtranslator.yaml_helper import yaml_parse

    return dict(yaml_parse((ROOT / "template.yaml").read_text()))


class Anything(dict[str, str]):
    """The attributes of a resource: each is there, and says only which one it is."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        return f"({name})"


@pytest.fixture(scope="session")
def evaluated(cloudformation: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The properties of each resource, by logical id, with the longest Stage; what only a deploy makes up stands as its logical id."""
    resources = cloudformation["Resources"]
    values = {name: Values(name, Anything(Arn=f"arn:aws:x:{REGION}:{ACCOUNT}:{name}", LogGroupArn=name)) for name in resources}
    pseudo = {
        "AWS::AccountId": ACCOUNT,
        "AWS::Partition": "aws",
        "AWS::Region": REGION,
        "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{STAGE}/00000000-0000-0000-0000-000000000000",
        "AWS::StackName": STAGE,
        "AWS::URLSuffix": "amazonaws.com",
    }
    given = {"Stage": STAGE}
    evaluator = Evaluator(
        parameters={**pseudo, **resolve_parameters(cloudformation["Parameters"], given)}, conditions=cloudformation["Conditions"], resources=values
    )
    return {name: evaluator.evaluate(resource.get("Properties", {}), name) for name, resource in resources.items()}


@pytest.fixture
def of_type(resources: dict[str, Any], evaluated: dict[str, dict[str, Any]]) -> Any:
    """Those of a type, at least one, by logical id."""

    def find(kind: str) -> dict[str, dict[str, Any]]:
        found = {name: evaluated[name] for name, resource in resources.items() if resource["Type"] == kind}
        assert found, f"no {kind}"
        return found

    return find
