"""A moto for these tests, and a deployment into it."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from local.resources.model import Deployed, Function

Deploy = Callable[..., Deployed]


def pretend_invoke(function: Function, event: Mapping[str, Any]) -> str | None:
    raise AssertionError(f"nothing in this template invokes {function.name}")


@pytest.fixture(scope="module")
def _moto() -> Iterator[None]:
    """Stacks have names of their own, so all tests share one moto, also one that somebody else has started."""
    from moto import mock_aws

    mock = mock_aws(config={"lambda": {"use_docker": False}, "stepfunctions": {"execute_state_machine": True}})
    mock.start(reset=False)
    yield
    mock.stop()


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with one function, two layers and a state machine."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("functions/greet", "layers/shared", "infra/migrations"):
        (folder / name).mkdir(parents=True)
    (folder / "infra" / "machine.asl.json").write_text(
        '{"StartAt": "Greet", "States": {"Greet": {"Type": "Task", "Resource": "${Arn}", "End": true}}}'
    )
    return folder


@pytest.fixture
def deploy(_moto: None, checkout: Path) -> Deploy:
    """Deploys CloudFormation resources under a stack name of their own."""
    from local.resources.stack import Stack

    def run(
        resources: Mapping[str, Any],
        *,
        parameters: Mapping[str, str] | None = None,
        invoke: Any = pretend_invoke,
        **rest: Any,
    ) -> Deployed:
        stack = Stack(f"stack-{uuid.uuid4().hex[:8]}", checkout=checkout, invoke=invoke)
        return stack.deploy({"Resources": resources, **rest}, parameters or {})

    return run


@pytest.fixture
def client(_moto: None) -> Callable[[str], Any]:
    import boto3

    make: Any = boto3.client  # its overloads want the service's name as a literal
    return lambda service: make(service, region_name="us-east-1")
