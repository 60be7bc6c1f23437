"""The clients that are driven, each in its ways of sending, and what a machine needs for them."""

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.clients.chaos import HARMLESS, Fault

FOLDER: Final = Path(__file__).parent
DRIVERS: Final = FOLDER / "drivers"
NODE_MODULES: Final = FOLDER / "node_modules"
OLD_SEGMENT_PYTHON: Final = FOLDER.parents[1] / ".venv/clients/segment-python-2.3.4"
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")

LEAST_NODE: Final = 20
"""What @segment/analytics-node 3 asks for (`engines` of its package.json); Debian 12 has 18."""

KINDS: Final = ("identify", "track", "page", "screen", "group", "alias")


@dataclass(frozen=True)
class Program:
    """A client on a server: a driver that ends when its client has flushed. `packages` is a folder that its libraries are looked for first.

    Its `name` is its write key, too.
    """

    name: str
    driver: str
    encoding: str = "plain"
    packages: Path | None = None
    kinds: Sequence[str] = KINDS
    faults: Sequence[Fault] = tuple(Fault)

    @property
    def source(self) -> str:
        return _source_name(self.name)

    @property
    def runtime(self) -> str:
        return "node" if self.driver.endswith(".js") else sys.executable

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(self.packages or "")}

    @property
    def missing(self) -> str:
        """What this machine lacks for it, and how to get that. Empty where nothing."""
        if self.packages is not None and not self.packages.is_dir():
            return f"{self.packages} is missing: `make test` installs it"
        return _missing_javascript() or _missing_node() if self.runtime == "node" else ""


@dataclass(frozen=True)
class Page:
    """A client in a browser, in one of its modes. Its page never knows that all has arrived: the proxy does."""

    name: str
    driver: str
    mode: str
    kinds: Sequence[str] = KINDS
    faults: Sequence[Fault] = tuple(Fault)

    @property
    def source(self) -> str:
        return _source_name(self.name)

    @property
    def missing(self) -> str:
        """What this machine lacks for it, and how to get that. Empty where nothing."""
        return _missing_javascript() or ("" if browser_command() else "Chromium is missing: on Debian `apt-get install chromium`")


Client = Program | Page

_WITHOUT_SCREEN: Final = tuple(kind for kind in KINDS if kind != "screen")

CLIENTS: Final[Sequence[Client]] = (
    Program("segment-python-2.4.0", "segment_python.py"),
    Program("segment-python-2.4.0-gzip", "segment_python.py", "gzip"),
    Program("segment-python-2.3.4", "segment_python.py", packages=OLD_SEGMENT_PYTHON),
    Program("segment-python-2.3.4-gzip", "segment_python.py", "gzip", packages=OLD_SEGMENT_PYTHON),
    Program("rudder-python", "rudder_python.py"),
    Program("rudder-python-gzip", "rudder_python.py", "gzip"),
    Program("segment-node", "segment_node.js"),
    Program("rudder-node", "rudder_node.js"),
    Program("rudder-node-gzip", "rudder_node.js", "gzip"),
    Page("segment-browser", "segment_browser.html", "standard"),
    Page("segment-browser-batching", "segment_browser.html", "batching"),
    Page("rudder-browser", "rudder_browser.html", "xhr", _WITHOUT_SCREEN),
    Page("rudder-browser-beacon", "rudder_browser.html", "beacon", _WITHOUT_SCREEN, HARMLESS),
)


def _source_name(name: str) -> str:
    return name.replace(".", "_")


def browser_command() -> str | None:
    """The browser of this machine."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def _missing_javascript() -> str:
    if (NODE_MODULES / "ready").exists():
        return ""
    how = "`make test` installs it" if shutil.which("npm") else "npm is missing, too: on Debian `apt-get install nodejs npm`, then `make test`"
    return f"{NODE_MODULES} is missing or incomplete: {how}"


@functools.cache
def _missing_node() -> str:
    if shutil.which("node") is None:
        return "node is missing: on Debian `apt-get install nodejs`"
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    return (
        "" if int(version.removeprefix("v").partition(".")[0]) >= LEAST_NODE else f"node is {version}: https://nodejs.org has {LEAST_NODE} or newer"
    )
