"""Headless Chromium, and the pages that it opens: each from an origin of its own, none of which is the API's."""

import functools
import re
import subprocess
import tempfile
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

FOLDER: Final = Path(__file__).parent

_OPTIONS: Final = (
    "--headless",
    "--no-sandbox",  # as root there is none
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
)


class _Files(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        pass


class Chromium:
    """Opens pages of this folder. `address` is that of its remote control, `pages_port` that of the files."""

    def __init__(self, address: str, pages_port: int) -> None:
        self._address, self._pages_port = address, pages_port

    def open(self, page: str, origin: str, **asked: object) -> None:
        """https://chromedevtools.github.io/devtools-protocol/#endpoints: PUT /json/new?URL. Chromium resolves every `*.localhost` to this machine."""
        url = f"http://{origin}.localhost:{self._pages_port}/{page}?{urlencode(asked)}"
        request = urllib.request.Request(f"http://{self._address}/json/new?{quote(url, safe='')}", method="PUT")
        urllib.request.urlopen(request, timeout=30).close()


@contextmanager
def chromium(command: str) -> Iterator[Chromium]:
    """Runs the browser that `command` starts, and a server of the files in this folder."""
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Files, directory=FOLDER)) as pages, tempfile.TemporaryDirectory() as profile:
        threading.Thread(target=pages.serve_forever, daemon=True).start()
        started = [command, *_OPTIONS, "--remote-debugging-port=0", f"--user-data-dir={profile}", "about:blank"]
        with subprocess.Popen(started, stderr=subprocess.PIPE, text=True) as process:
            try:
                yield Chromium(_remote_control(process), pages.server_port)
            finally:
                process.terminate()
                process.communicate(timeout=30)
                pages.shutdown()


@dataclass(frozen=True)
class Seen:
    """A page once it had loaded: its `dom` as HTML, and what the browser said of it (its console, and what its policies refused)."""

    dom: str
    console: str


def seen(command: str, folder: Path, page: str) -> Seen:
    """Has the browser that `command` starts load one page of a folder, and all that it asks for."""
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Files, directory=folder)) as pages, tempfile.TemporaryDirectory() as profile:
        threading.Thread(target=pages.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{pages.server_port}/{page}"
        started = [command, *_OPTIONS, f"--user-data-dir={profile}", "--enable-logging=stderr", "--dump-dom", address]
        done = subprocess.run(started, capture_output=True, text=True, timeout=120, check=True)
        pages.shutdown()
    return Seen(done.stdout, "\n".join(line for line in done.stderr.splitlines() if "CONSOLE" in line))


def _remote_control(process: "subprocess.Popen[str]") -> str:
    assert process.stderr is not None
    said = []
    for line in process.stderr:
        if found := re.search(r"DevTools listening on ws://([^/]+)/", line):
            return found[1]
        said.append(line)
    raise RuntimeError(f"the browser ended with {process.wait()}: {''.join(said)[-2000:]}")
