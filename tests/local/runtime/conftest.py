"""Functions that tests write themselves, and threads in a hurry."""

import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from local.resources.model import Deployed, Function
from local.runtime.lambdas import Lambdas


@pytest.fixture
def hurried_threads() -> Iterator[None]:
    """Threads change places every 10 microseconds, so that a race that is possible happens."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


@pytest.fixture
def make_function(tmp_path: Path) -> Callable[..., Function]:
    """Write a handler's source into a folder of its own: make_function("name", "def lambda_handler...")."""

    def make(name: str, source: str, **settings: Any) -> Function:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "handler.py").write_text(textwrap.dedent(source))
        return Function(
            logical_id=name,
            name=name,
            arn=f"arn:aws:lambda:us-east-1:123456789012:function:{name}",
            handler="handler.lambda_handler",
            code=folder,
            **settings,
        )

    return make


@pytest.fixture
def run_lambdas() -> Iterator[Callable[..., Lambdas]]:
    """Lambdas over some functions, reachable through moto too; stopped after the test."""
    from local.runtime import isolation, lambda_api

    started: list[Lambdas] = []

    def run(*functions: Function, **options: Any) -> Lambdas:
        deployed = Deployed(functions={function.logical_id: function for function in functions})
        lambdas = Lambdas(deployed.function, **options)
        lambda_api.connect(lambdas)
        started.append(lambdas)
        return lambdas

    yield run
    for lambdas in started:
        lambdas.stop()
    lambda_api.connect(None)
    isolation.uninstall()
