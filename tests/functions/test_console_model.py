"""What the console's model does, in plain node: console_model.mjs says what."""

import shutil
import subprocess
from pathlib import Path

import pytest

NODE = shutil.which("node")


@pytest.mark.skipif(NODE is None, reason="there is no node on this machine")
def test_the_model_keeps_its_promises() -> None:
    ran = subprocess.run([str(NODE), "--test", str(Path(__file__).with_name("console_model.mjs"))], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
