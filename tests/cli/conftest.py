"""A stand-in for the admin API, over real HTTP: it answers what a test scripted and keeps what it was asked."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.program import app

Answer = tuple[int, Any]


@dataclass
class FakeApi:
    """`answers[method, path]` are given in turn, the last one for ever."""

    answers: dict[tuple[str, str], list[Answer]] = field(default_factory=dict)
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    authorizations: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    address: str = ""

    def on(self, method: str, path: str, *answers: Any, status: int = 200) -> None:
        self.answers[method, path] = [(status, answer) for answer in answers]

    def answer(self, method: str, path: str, body: Any) -> Answer:
        self.asked.append((method, path, body))
        scripted = self.answers.get((method, path), [(404, {"message": "Not Found"})])
        return scripted.pop(0) if len(scripted) > 1 else scripted[0]


@pytest.fixture
def api() -> Iterator[FakeApi]:
    fake = FakeApi()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            fake.authorizations.append(self.headers.get("Authorization", ""))
            if key := self.headers.get("Idempotency-Key"):
                fake.keys.append(key)
            status, document = fake.answer(self.command, self.path, body if body[:1] == b"\x1f" else json.loads(body) if body else None)
            data = document if isinstance(document, bytes) else json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_PUT = do_POST = answer  # noqa: N815 - http.server's names

        def log_message(self, format: str, *args: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield fake
    server.shutdown()
    server.server_close()


Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def contexts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of contexts: empty, and nobody's own."""
    file = tmp_path / "config" / "contexts.json"
    monkeypatch.setenv("REGULARS_CONFIG", str(file))
    for name in ("REGULARS_API", "REGULARS_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    return file


@pytest.fixture
def regulars(api: FakeApi, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command line against the fake: `regulars("segment", "list")`."""
    monkeypatch.setenv("REGULARS_API", api.address)
    monkeypatch.setenv("REGULARS_TOKEN", "secret")
    monkeypatch.setattr("time.sleep", lambda _: None)

    def run(*arguments: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(app, arguments, input=stdin)

    return run
