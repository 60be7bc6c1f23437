"""`regulars up` in a process of its own, driven from outside as a client, an operator and a test would: `installation` in tests/conftest.py."""

import base64
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from cli.program import app

REGULARS = Path(sys.executable).with_name("regulars")


def three_free_ports() -> int:
    """The first of three neighbouring ports that nobody listens on."""
    for port in range(21000 + os.getpid() % 1000 * 3, 32000, 3):
        if all(_free(port + offset) for offset in range(3)):
            return port
    raise RuntimeError("no three free ports")


def _free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


class Installation:
    """A running `regulars up` and what one can do with it from outside."""

    def __init__(self, *options: str) -> None:
        self.port = three_free_ports()
        self.contexts = Path(tempfile.mkdtemp(prefix="regulars-contexts-")) / "contexts.json"
        command = [REGULARS, "up", "--json", "--port", str(self.port), *(options or ("--write-key", "e2e"))]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "REGULARS_CONFIG": str(self.contexts)})
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"regulars up ended with {self.process.wait()}"
        self.info: dict[str, Any] = json.loads(line)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command of the command line, in this process: one of its own would spend most of its time on starting. Whoever needs a process or a
        terminal has tests/e2e/terminal.py."""
        environment = {"REGULARS_API": self.info["api"], "REGULARS_TOKEN": self.info["token"], "REGULARS_CONFIG": str(self.contexts)}
        done = CliRunner().invoke(app, arguments, env=environment)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)

    def cli(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, f"{arguments}: {done.stderr}"
        return done.stdout

    def json(self, *arguments: str) -> Any:
        return json.loads(self.cli(*arguments, "--json"))

    def put(self, noun: str, document: dict[str, Any]) -> subprocess.CompletedProcess[str]:
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(document, file)
            file.flush()
            return self.run(noun, "put", file.name, "--json")

    def post(self, path: str, body: object, *, key: str | None = "e2e", headers: dict[str, str] | None = None) -> tuple[int, Any, Any]:
        """Status, JSON body and headers of the answer."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"Content-Type": "application/json", **(headers or {})}
        if key is not None:
            sent["Authorization"] = "Basic " + base64.b64encode(f"{key}:".encode()).decode()
        request = urllib.request.Request(self.info["api"] + path, data, sent, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.loads(answer.read()), answer.headers
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read()), error.headers

    def double(self, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.info["fcm"] + path, data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, context=ssl.create_default_context(cafile=self.info["ca"]), timeout=60) as answer:
            return json.loads(answer.read())

    def sql(self, text: str) -> list[tuple[Any, ...]]:
        """Through the AWS endpoint with pyathena, unmodified, as an analyst would."""
        from pyathena import connect

        connection = connect(
            endpoint_url=self.info["aws"],
            region_name="us-east-1",
            aws_access_key_id="outside",
            aws_secret_access_key="outside",
            schema_name=self.info["database"],
            s3_staging_dir=f"s3://{self.info['bucket']}/query-results/",
            poll_interval=0.05,
        )
        with connection.cursor() as cursor:
            return list(cursor.execute(text).fetchall())
