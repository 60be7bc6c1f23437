"""Starts, drives and stops the double's process."""

import json
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.fcm.address import PROJECT, FcmAddress

ROOT = Path(__file__).resolve().parents[2]
STOP_SECONDS = 5


class FcmDoubleError(RuntimeError):
    """The double did not start; the text says why."""


@dataclass(frozen=True)
class FcmDouble(FcmAddress):
    """A running double, whose service account is the only one that it lets send."""

    process: "subprocess.Popen[str]"
    folder: Path

    def messages(self, since: int = 0) -> list[dict[str, Any]]:
        """Every send from number `since` on: {"at", "body", "answer"}."""
        messages: list[dict[str, Any]] = self.admin("GET", f"messages?since={since}")["messages"]
        return messages

    def counts(self) -> dict[str, Any]:
        """{"accepted", "validated", "refused": {reason: n}, "duplicates", "tokens_minted", "connections": {"opened", "open", "cut"}}."""
        return self.admin("GET", "counts")

    def set_faults(self, **faults: Any) -> dict[str, Any]:
        """See `local.fcm.faults`; gives all faults in force."""
        return self.admin("POST", "faults", faults)

    def heal(self) -> None:
        """Ends all faults of connections: asked again until one could connect, because while they last they are also of whoever asks."""
        while True:
            with suppress(OSError):
                self.set_faults(**dict.fromkeys(("cut", "goaway", "hang", "streams", "stopped")))
                return
            time.sleep(0.05)

    def reset(self) -> None:
        self.admin("POST", "reset")

    def admin(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """Calls `/__admin/<path>`. Raises urllib.error.HTTPError."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/__admin/{path}", data, method=method)
        trust = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=str(self.ca_path)))
        # No proxy from the environment: this is a loopback address.
        with urllib.request.build_opener(urllib.request.ProxyHandler({}), trust).open(request, timeout=60) as answer:
            decoded: dict[str, Any] = json.load(answer)
            return decoded

    def stop(self) -> None:
        """Ends the process and removes its folder. Twice does no harm."""
        _end(self.process)
        shutil.rmtree(self.folder, ignore_errors=True)


def start(port: int = 0, *, project_id: str = PROJECT) -> FcmDouble:
    """Starts a double on 127.0.0.1 and returns when it listens; port 0 takes a free one. Raises FcmDoubleError."""
    port = _free_port(port)
    folder = Path(tempfile.mkdtemp(prefix="regulars-fcm-"))
    arguments = ["--port", str(port), "--folder", str(folder), "--project", project_id]
    process = subprocess.Popen(
        [sys.executable, "-m", "local.fcm", *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        process_group=0,  # Ctrl-C in a terminal is for whoever started this
    )
    assert process.stdout is not None
    if not process.stdout.readline():
        _end(process)
        shutil.rmtree(folder, ignore_errors=True)
        raise FcmDoubleError(f"the FCM double did not start on port {port}; its reason is on standard error")
    account = json.loads((folder / "service_account.json").read_text())
    return FcmDouble(f"https://127.0.0.1:{port}", folder / "ca.pem", account, process, folder)


def _free_port(port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise FcmDoubleError(f"port {port} is in use: choose another one or stop what listens there") from error
        chosen: int = probe.getsockname()[1]
        return chosen


def _end(process: "subprocess.Popen[str]") -> None:
    if process.stdin is not None:
        process.stdin.close()
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
