"""What a start leaves out is still there for whoever asks."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_step_functions_come_without_ec2_and_batch_can_still_be_imported() -> None:
    script = """
import sys
from local.lean_imports import import_step_functions
import_step_functions()
print([name for name in sys.modules if name.startswith(("moto.ec2", "moto.batch"))])
from moto.batch import batch_backends
from moto.backends import get_backend
print(get_backend("batch") is batch_backends)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.splitlines() == ["[]", "True"]


def test_pyarrow_comes_without_pandas_and_pandas_can_still_be_imported() -> None:
    script = """
import sys
from local.lean_imports import import_pyarrow
import_pyarrow()
print("pandas" in sys.modules)
import pyarrow.compute, pandas
print(pyarrow.compute.sum(pyarrow.array([1, 2])), pandas.Series([1, 2]).sum())
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.splitlines() == ["False", "3 3"]
