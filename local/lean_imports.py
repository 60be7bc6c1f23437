"""Keeps what nobody uses out of the process, because it would be half of the time that a start takes.

A correction of convenience, not of behaviour: without it everything works the same, later. Measured with moto 5.2.5 and
pyarrow 26.0.1: AWS Batch costs 1.4 s of CPU, pandas 1.0 s.
"""

import importlib
import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


def import_step_functions() -> None:
    """Import moto's Step Functions interpreter without AWS Batch.

    One of its integrations wants an enumeration from `moto.batch.utils`, and the package `moto.batch` itself imports all of EC2.
    For the time of the import a bare package stands in; who imports moto.batch afterwards gets the real one.
    """
    with _bare_package("moto.batch"):
        importlib.import_module("moto.stepfunctions.parser.models")


def import_pyarrow() -> None:
    """Import pyarrow without pandas, which it would import merely to ask whether a value is a Series.

    pyarrow asks once, so in this process it cannot convert to and from pandas afterwards; pandas itself can still be imported.
    It takes the system's allocator, because its own keeps some 240 MB after a year's INSERTs (pyarrow 26.0.1).
    """
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    if "pandas" in sys.modules:
        return
    sys.meta_path.insert(0, _WithoutPandas)
    try:
        importlib.import_module("pyarrow.dataset")
    finally:
        sys.meta_path.remove(_WithoutPandas)


class _WithoutPandas:
    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        """A finder of importlib that lets everything through but pandas."""
        if name == "pandas":
            raise ModuleNotFoundError("pandas is left out of the local cloud", name=name)


@contextmanager
def _bare_package(name: str) -> Iterator[None]:
    """While this lasts, `name` is a package without the code of its __init__; nothing stays of it, unless it was there before."""
    if name in sys.modules:
        yield
        return
    spec = importlib.util.find_spec(name)
    if spec is None or spec.submodule_search_locations is None:
        yield
        return
    package = ModuleType(name)
    package.__path__ = list(spec.submodule_search_locations)
    sys.modules[name] = package
    try:
        yield
    finally:
        for loaded in [module for module in sys.modules if module == name or module.startswith(f"{name}.")]:
            del sys.modules[loaded]
