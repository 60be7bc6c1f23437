"""Cold starts: the CPU of importing each handler, with everything that its first call imports, against `import boto3`."""

import os
import re
import resource
import statistics
import subprocess
import sys
from pathlib import Path

from bench.table import BenchRow

ROOT = Path(__file__).parents[1]
RUNS = 5


def rows() -> list[BenchRow]:
    boto3 = _cpu("import boto3")
    found = []
    for handler in sorted((ROOT / "functions").glob("*/handler.py")):
        seconds = _cpu(_imports(handler))
        found.append(
            BenchRow(f"import {handler.parent.name}", 1000 * seconds, 1000 * boto3, seconds / boto3, "ms CPU", "import boto3; lower is better")
        )
    return found


def _imports(handler: Path) -> str:
    """The handler, and the adapters behind the ports that it asks wiring for."""
    text = "\n".join(path.read_text() for path in sorted(handler.parent.glob("*.py")))
    wiring = "\n\n".join(path.read_text() for path in sorted((ROOT / "layers/shared/regulars/wiring").glob("*.py")))
    adapters = set()
    for port in set(re.findall(r"wiring\.(\w+)\(", text)):
        body = re.search(rf"def {port}\(.*?(?=\ndef |\Z)", wiring, re.S)
        adapters |= set(re.findall(r"from (regulars\.adapters\.\w+) import", body[0])) if body else set()
    return "; ".join(f"import {name}" for name in [f"functions.{handler.parent.name}.handler", *sorted(adapters)])


def _cpu(code: str) -> float:
    """Median CPU seconds of a new interpreter running `code`, less those of one that runs nothing."""
    return statistics.median(_once(code) for _ in range(RUNS)) - statistics.median(_once("") for _ in range(RUNS))


def _once(code: str) -> float:
    environment = dict(os.environ, PYTHONPATH=f"{ROOT}:{ROOT / 'layers/shared'}", AWS_DEFAULT_REGION="us-east-1", PYTHONDONTWRITEBYTECODE="")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
