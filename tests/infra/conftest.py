"""The template as CloudFormation sees it: translated, unevaluated."""

from pathlib import Path
from typing import Any

import pytest

from local.template.translate import load_template

ROOT = Path(__file__).parents[2]
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
