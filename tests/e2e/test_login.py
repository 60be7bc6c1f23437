"""A second terminal signs in to a running installation, as a program and as a person."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.conftest import REGULARS, Installation

BROWSER = """
import sys, urllib.request
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
page = opener.open(sys.argv[1])
assert b'value="otto"' in page.read()
opener.open(page.url, b"username=otto").read()
"""


def run(config: Path, *arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name not in ("REGULARS_API", "REGULARS_TOKEN")}
    environment = {**clean, "REGULARS_CONFIG": str(config), **environment}
    return subprocess.run([REGULARS, *arguments], env=environment, input=stdin, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def browser(tmp_path: Path) -> str:
    """The BROWSER of Python's webbrowser module: it opens the page, is Otto, and says nothing. & leaves it running."""
    (tmp_path / "browser.py").write_text(BROWSER)
    return f"{sys.executable} {tmp_path / 'browser.py'} %s &"


def test_a_program_signs_in_with_its_secret(installation: Installation, tmp_path: Path) -> None:
    config = tmp_path / "contexts.json"
    done = run(config, "login", "--api", installation.info["api"], stdin="regulars-local-operator-secret\n")
    assert done.returncode == 0, done.stderr
    assert "segments" in json.loads(run(config, "segment", "list", "--json").stdout)


def test_a_person_signs_in_with_a_browser(installation: Installation, tmp_path: Path, browser: str) -> None:
    config = tmp_path / "contexts.json"
    done = run(config, "login", "--api", installation.info["api"], "--browser", "--name", "me", BROWSER=browser)
    assert done.returncode == 0, done.stderr
    put = run(config, "segment", "put", "-", "--json", stdin='{"id": "signed-in", "name": "All", "rule": {"everyone": true}}')
    assert put.returncode == 0, put.stderr
    (version,) = json.loads(run(config, "segment", "versions", "signed-in", "--json").stdout)["versions"]
    assert version["saved_by"] not in ("regulars-local-operator", "unknown"), "a person of the user pool did it"
