"""What the console's model does, in plain node: the console_*.mjs beside this say what."""

import shutil
import subprocess
from pathlib import Path

import pytest

NODE = shutil.which("node")


@pytest.mark.skipif(NODE is None, reason="there is no node on this machine")
def test_the_model_keeps_its_promises() -> None:
    files = sorted(map(str, Path(__file__).parent.glob("console_*.mjs")))
    ran = subprocess.run([str(NODE), "--test", *files], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
