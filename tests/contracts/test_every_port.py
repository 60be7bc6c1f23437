"""No fake without its suite: what tests use in place of a port is held to the same promises as the adapter."""

import importlib
import inspect
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from regulars import ports
from tests.contracts.suite import FAKES

HERE = Path(__file__).parent
_PACKAGE = f"{ports.__name__}."
PORTS = {name: kind for name, kind in vars(ports).items() if getattr(kind, "_is_protocol", False) and kind.__module__.startswith(_PACKAGE)}


def modules(folder: Path, pattern: str) -> list[ModuleType]:
    root = HERE.parents[1]
    names = [".".join(path.relative_to(root).with_suffix("").parts) for path in sorted(folder.glob(pattern))]
    return [importlib.import_module(name) for name in names if name != __name__]


@pytest.fixture(scope="module")
def fakes() -> dict[type, type]:
    """The fake of each port whose suite there is."""
    modules(HERE, "test_*.py")
    return {port: type(make()) for port, make in FAKES.items()}


def test_every_port_has_a_suite(fakes: dict[type, type]) -> None:
    assert {port.__name__ for port in fakes} == set(PORTS)


def test_every_fake_is_in_the_suite_of_a_port(fakes: dict[type, type]) -> None:
    found = {
        f"{kind.__module__}.{kind.__name__}"
        for module in modules(HERE.parent / "fakes", "*.py")
        for kind in vars(module).values()
        if inspect.isclass(kind) and kind.__module__ == module.__name__ and not kind.__name__.startswith("_")
    }
    assert found == {f"{kind.__module__}.{kind.__name__}" for kind in fakes.values()}


def signature(function: Any) -> list[tuple[str, Any, Any]]:
    return [(one.name, one.kind, one.default) for one in inspect.signature(function).parameters.values()]


@pytest.mark.parametrize("name", PORTS)
def test_a_fake_is_called_as_its_port_is(name: str, fakes: dict[type, type]) -> None:
    port, fake = PORTS[name], fakes[PORTS[name]]
    for method, promised in inspect.getmembers(port, inspect.isfunction):
        if not method.startswith("_"):
            assert signature(getattr(fake, method)) == signature(promised), f"{fake.__name__}.{method}"
