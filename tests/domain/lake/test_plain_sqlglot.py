"""Here sqlglot is the compiled one (sqlglotc), on Lambda it is plain Python: both print the same, letter for letter."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[3]

PLAIN: Final = """
import inspect, sys
from importlib.machinery import SOURCE_SUFFIXES, FileFinder, SourceFileLoader

class Plain:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] == "sqlglot":
            found = (FileFinder(folder, (SourceFileLoader, SOURCE_SUFFIXES)).find_spec(name) for folder in path or sys.path)
            return next(filter(None, found), None)

sys.meta_path.insert(0, Plain)
import pytest, sqlglot
assert inspect.isfunction(sqlglot.Parser.parse)
sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", *sys.argv[1:]]))
"""


def test_as_on_lambda_it_prints_what_is_written_down() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "WRITE_GOLDEN"))}
    files = ("segments/test_golden.py", "overview/test_overview.py", "journeys/test_affinity.py", "lake/test_owners.py", "measure/test_query.py")
    command = [sys.executable, "-c", PLAIN, *(f"tests/domain/{file}" for file in files), "-k", "as_written_down"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
