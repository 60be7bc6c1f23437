"""Every function is given the variables that its ports read, and no others: each port is made under the template's own environment."""

import ast
import inspect
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from regulars import wiring
from regulars.adapters import secrets
from regulars.config import Config
from regulars.wiring import delivery
from tests.infra.stems import pascal

ROOT = Path(__file__).parents[2]
FUNCTIONS = sorted(path.parent.name for path in (ROOT / "functions").glob("*/handler.py"))
OPTIONAL = {"FCM_CA_BUNDLE", "PLACEHOLDER_IDS", "HOME_COUNTRY", "EXPORT_BUCKET", "IMPORT_BUCKET", "CONSOLE_URL", "PRIVATE_HOSTS", "FCM_KEY_SECONDS"}
"""What may be missing."""
OTHERS = {"POWERTOOLS_SERVICE_NAME": "aws-lambda-powertools reads it"}

PORTS = {
    name for name, made in vars(wiring).items() if inspect.isfunction(made) and not name.startswith("_") and not inspect.signature(made).parameters
}
SETTINGS = {name for name, value in vars(Config).items() if isinstance(value, property)}


class Environment(dict[str, str]):
    """Remembers which names were asked for."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        super().__init__(variables)
        self.read: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.read.add(name)
        return super().get(name, default)


@pytest.fixture(autouse=True)
def far_from_aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Ports are made and never used; only the sender would want its secret, and to read it, already."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setattr(secrets, "secret_text", lambda secret: "")
    monkeypatch.setattr(delivery, "_fcm_admin", lambda *_: object())
    yield
    wiring.install()


def given(stem: str, source: dict[str, Any]) -> dict[str, str]:
    """The function's variables. What CloudFormation puts in for a Ref is of no matter here, but that it is there (and a number where one is due)."""
    variables = source["Resources"][f"{pascal(stem)}Function"]["Properties"]["Environment"]["Variables"]
    return {name: value if isinstance(value, str) else value.get("Fn::Sub", "1") for name, value in variables.items()}


def asked_for(stem: str) -> tuple[set[str], set[str]]:
    """The ports and the settings that the function's own code names."""
    trees = [ast.parse(path.read_text()) for path in (ROOT / "functions" / stem).glob("*.py")]
    named = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    ports = {node.attr for node in named if isinstance(node.value, ast.Name) and node.value.id == "wiring"}
    return ports & PORTS - {"config"}, {node.attr for node in named} & SETTINGS


def used(stem: str, variables: Mapping[str, str]) -> set[str]:
    """Makes every port and reads every setting of the function; which variables that took. Raises RuntimeError for one that is not there."""
    environment = Environment(variables)
    config = Config(environment)
    wiring.install(config=config)
    ports, settings = asked_for(stem)
    for port in ports:
        getattr(wiring, port)()
    for setting in settings:
        getattr(config, setting)
    return environment.read


@pytest.mark.parametrize("stem", FUNCTIONS)
def test_a_function_is_given_every_variable_that_its_ports_read(stem: str, source: dict[str, Any]) -> None:
    assert used(stem, given(stem, source)) - OPTIONAL <= set(given(stem, source))


@pytest.mark.parametrize("stem", FUNCTIONS)
def test_a_function_is_given_no_variable_that_nothing_reads(stem: str, source: dict[str, Any]) -> None:
    assert set(given(stem, source)) - set(OTHERS) == (used(stem, given(stem, source)) & set(given(stem, source))) - set(OTHERS)


@pytest.mark.parametrize("stem", FUNCTIONS)
def test_whichever_variable_is_taken_away_is_missed(stem: str, source: dict[str, Any]) -> None:
    variables = given(stem, source)
    for name in set(variables) - set(OTHERS) - OPTIONAL:
        with pytest.raises(RuntimeError, match=f"{name} is not set"):
            used(stem, {other: value for other, value in variables.items() if other != name})


def test_every_port_and_every_setting_is_of_some_use() -> None:
    ports, settings = (set.union(*found) for found in zip(*map(asked_for, FUNCTIONS), strict=True))
    assert ports == PORTS - {"config"}
    wirings = [ast.parse(path.read_text()) for path in Path(str(wiring.__file__)).parent.glob("*.py")]
    inside = {node.attr for tree in wirings for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert settings | inside & SETTINGS == SETTINGS


def test_a_setting_is_read_when_it_is_asked_for_and_not_before() -> None:
    with pytest.raises(RuntimeError, match="QUEUE_URL is not set"):
        _ = Config({}).queue_url
