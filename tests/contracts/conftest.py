"""AWS in this process, with the tables of template.yaml."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws
from samtranslator.yaml_helper import yaml_parse

from local.runtime import dynamodb
from regulars.adapters import aws as clients

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
Tables = Callable[[str], str]


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setattr(clients, "_clients", {})
    dynamodb.install()
    with mock_aws():
        yield


@pytest.fixture
def table(aws: None) -> Tables:
    """Makes a table as the template describes it, by its logical id, and gives its name."""

    def make(name: str) -> str:
        properties = _resources()[name]["Properties"]
        known = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
        described = {key: properties[key] for key in known if key in properties}
        boto3.client("dynamodb").create_table(TableName=name, **described)
        return name

    return make


@lru_cache
def _resources() -> dict[str, Any]:
    return dict(yaml_parse(TEMPLATE.read_text())["Resources"])
