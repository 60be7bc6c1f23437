"""Every function can be loaded from what the template says of it: as Lambda does, and as the local cloud does.

The layout and its reason: docs/decisions/0011-functions-of-several-files.md.
"""

import importlib.util
import inspect
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from local.resources.model import Function
from local.runtime.sandbox import load_handler
from tests.infra.stems import pascal

ROOT = Path(__file__).parents[2]
FUNCTIONS = sorted(path.parent.name for path in (ROOT / "functions").glob("*/handler.py"))

AS_LAMBDA_DOES = """
import importlib.util, sys
sys.path[:0] = {path}
module, _, name = {handler!r}.rpartition(".")
print(callable(getattr(importlib.import_module(module), name)), importlib.util.find_spec("functions"))
"""
"""https://github.com/aws/aws-lambda-python-runtime-interface-client/blob/main/awslambdaric/bootstrap.py, _get_handler"""


def declared(stem: str, source: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = source["Resources"][f"{pascal(stem)}Function"]["Properties"]
    return properties


@pytest.mark.parametrize("stem", FUNCTIONS)
def test_a_new_process_with_the_functions_code_and_its_layers_alone_finds_the_handler(stem: str, source: dict[str, Any], tmp_path: Path) -> None:
    """Isolated (-I) and without site (-S), so that neither PYTHONPATH nor the editable installation shows it the checkout."""
    properties = declared(stem, source)
    path = [str(ROOT / properties["CodeUri"]), str(ROOT / "layers/shared"), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    code = AS_LAMBDA_DOES.format(path=path, handler=properties["Handler"])
    ran = subprocess.run([sys.executable, "-IS", "-c", code], cwd=tmp_path, env={}, capture_output=True, text=True, check=False)
    assert ran.stdout.split() == ["True", "None"], ran.stderr


@pytest.mark.parametrize("stem", FUNCTIONS)
def test_each_sandbox_of_the_local_cloud_has_its_own_copy_of_all_of_a_functions_files(stem: str, source: dict[str, Any]) -> None:
    properties = declared(stem, source)
    function = Function(
        logical_id=stem, name=stem, arn=stem, handler=properties["Handler"], code=ROOT / properties["CodeUri"], layers=(ROOT / "layers/shared",)
    )
    one, other = (inspect.unwrap(load_handler(function)).__globals__ for _ in range(2))
    siblings = [name for name, value in one.items() if inspect.ismodule(value) and value.__name__.startswith(f"{stem}.")]
    assert one is not other
    assert all(one[name] is not other[name] for name in siblings)
    assert not [name for name in sys.modules if name.partition(".")[0] == stem]


@pytest.mark.parametrize("stem", FUNCTIONS)
def test_no_function_hides_another_package(stem: str) -> None:
    """On Lambda its folder is a package at the top, found before the standard library and the layers."""
    assert stem not in sys.stdlib_module_names
    found = importlib.util.find_spec(stem)
    assert found is None or found.origin is None, "a folder of the checkout without __init__.py, as console/ is, comes after every package"
