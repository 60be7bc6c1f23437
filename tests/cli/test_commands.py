"""What holds for every command, and the small ones."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from cli.program import app
from tests.cli.conftest import FakeApi, Run

ROOT = Path(__file__).parents[2]


def commands() -> dict[str, typer.models.CommandInfo]:
    """Every command by its full name, as in "segment put"."""
    found = {str(info.name): info for info in app.registered_commands}
    for group in app.registered_groups:
        assert group.typer_instance is not None
        found |= {f"{group.name} {info.name}": info for info in group.typer_instance.registered_commands}
    return found


@pytest.mark.parametrize("name", commands())
def test_every_command_has_json_and_says_what_it_does(name: str) -> None:
    shown = CliRunner().invoke(app, [*name.split(), "--help"])
    assert shown.exit_code == 0
    assert "--json" in shown.stdout
    assert len(shown.stdout.splitlines()[2].strip()) > 10, "a line of help"


@pytest.mark.parametrize("name", commands())
def test_every_command_is_documented(name: str) -> None:
    assert f"`regulars {name}" in (ROOT / "docs/cli.md").read_text()


def test_every_option_is_documented() -> None:
    documented = (ROOT / "docs/cli.md").read_text()
    for name in commands():
        shown = CliRunner().invoke(app, [*name.split(), "--help"]).stdout
        options = {word for line in shown.splitlines() for word in line.split()[:1] if word.startswith("--")}
        assert {option for option in options - {"--help"} if f"`{option}" not in documented and f" {option}" not in documented} == set(), name


def test_nobody_listening_tells_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        done = CliRunner().invoke(app, ["segment", "list", "--api", f"http://127.0.0.1:{taken.getsockname()[1]}"])
    assert done.exit_code == 1
    assert "Is `regulars up` running?" in done.stderr
    assert "REGULARS_API" in done.stderr


@pytest.mark.parametrize("address", ["nonsense", "ftp://x", "http://", "http://127.0.0.1:99999"])
def test_an_address_that_is_none_is_an_error_and_no_traceback(address: str) -> None:
    done = CliRunner().invoke(app, ["segment", "list", "--api", address])
    assert (done.exit_code, "cannot reach the API" in done.stderr) == (1, True)


def test_the_gateways_own_refusals_have_no_code_and_are_understood(api: FakeApi, regulars: Run) -> None:
    api.on("GET", "/admin/segments", {"message": "Unauthorized"}, status=401)
    done = regulars("segment", "list")
    assert done.exit_code == 1
    assert "Unauthorized (HTTP 401)" in done.stderr
    assert "regulars login" in done.stderr


@pytest.mark.parametrize("body", [b"<html>", b"[]", b""])
def test_an_answer_that_is_not_the_apis_is_told(api: FakeApi, regulars: Run, body: bytes) -> None:
    api.on("GET", "/admin/segments", body)
    done = regulars("segment", "list")
    assert (done.exit_code, "did not answer as the admin API does" in done.stderr) == (1, True)


def test_options_win_over_the_environment(api: FakeApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_API", "http://127.0.0.1:1")
    api.on("GET", "/admin/segments", {"segments": []})
    done = CliRunner().invoke(app, ["segment", "list", "--api", api.address, "--token", "mine"])
    assert (done.exit_code, api.authorizations) == (0, ["Bearer mine"])


def test_a_proxy_is_not_asked_for_this_machine(api: FakeApi, regulars: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    api.on("GET", "/admin/segments", {"segments": []})
    assert regulars("segment", "list").exit_code == 0


def test_flush_brings_its_ticket_back_until_it_is_done(api: FakeApi, regulars: Run) -> None:
    waiting = {"ticket": "t1", "state": "pending", "waiting_for": "queue", "queued": 3}
    api.on("POST", "/admin/flush", waiting, waiting | {"ticket": "t2", "waiting_for": "curate"}, waiting | {"state": "done"})
    done = regulars("flush", "--json")
    assert (done.exit_code, json.loads(done.stdout)) == (0, {"state": "done"})
    assert [body for *_, body in api.asked] == [{"ticket": ""}, {"ticket": "t1"}, {"ticket": "t2"}]


def test_a_flush_that_lasts_too_long_fails_and_says_what_was_seen(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/flush", {"ticket": "t1", "state": "pending", "waiting_for": "queue", "queued": 3})
    done = regulars("flush", "--timeout", "0")
    assert (done.exit_code, "not finished after 0 s" in done.stderr) == (1, True)


def test_a_failing_curate_ends_the_flush(api: FakeApi, regulars: Run) -> None:
    api.on("POST", "/admin/flush", {"code": "query_failed", "message": "curate failed: TABLE_NOT_FOUND"}, status=502)
    done = regulars("flush")
    assert (done.exit_code, "TABLE_NOT_FOUND" in done.stderr) == (1, True)


def test_a_profile_is_asked_for_by_any_id_and_its_token_is_not_shown_whole(api: FakeApi, regulars: Run) -> None:
    traits = {"plan": {"value": "pro", "at": "2026-01-01T00:00:00Z"}}
    devices = {"d1": {"token": "token-1:APA91b" + "x" * 100, "platform": "android", "at": "2026-01-01T00:00:00Z"}}
    api.on("GET", "/admin/profiles?user_id=a%2Fb%3F", {"user_id": "a/b?", "traits": traits, "devices": devices})
    shown = regulars("profile", "get", "a/b?").stdout
    assert "pro" in shown
    assert "xxx" not in shown


def test_quarantine_lists_reasons(api: FakeApi, regulars: Run) -> None:
    api.on("GET", "/admin/quarantine?limit=5", {"events": [{"at": "2026-01-01T00:00:00Z", "id": "e1", "reason": "missing_ids"}]})
    assert "missing_ids" in regulars("quarantine", "list", "--limit", "5").stdout


def test_a_busy_port_is_named_and_nothing_is_printed() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = CliRunner().invoke(app, ["up", "--json", "--port", str(port)])
    assert (done.exit_code, done.stdout) == (1, "")
    assert f"port {port}" in done.stderr


def test_help_imports_nothing_heavy() -> None:
    """A bound on time would fail on a busy machine; what makes help slow is what it imports."""
    heavy = ("boto3", "moto", "duckdb", "pydantic", "sqlglot", "httpx", "rich", "regulars")
    code = f"import sys, cli.program; print([name for name in {heavy} if name in sys.modules])"
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join([str(ROOT), str(ROOT / "layers/shared")]))
    shown = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert shown.stdout == "[]\n"


FAKE_PLATFORM = """
import signal, sys, types
class Platform:
    @classmethod
    def start(cls, *, port, write_key, keep):
        print("a log line of a function")
        platform = cls()
        platform.info = {"api": f"http://127.0.0.1:{port}", "write_key": write_key, "token": "t"}
        return platform
    def __enter__(self): return self
    def __exit__(self, *_): print("stopped", file=sys.stderr)
module = types.ModuleType("local.platform")
module.Platform, module.PlatformError = Platform, RuntimeError
sys.modules["local.platform"] = module
from cli.main import main
sys.argv = ["regulars", "up", "--json", "--port", sys.argv[1], "--write-key", "smoke"]
main()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_up_prints_one_line_and_ends_well_when_told_to(number: signal.Signals, tmp_path: Path) -> None:
    path = os.pathsep.join([str(ROOT), str(ROOT / "layers/shared")])
    environment = dict(os.environ, PYTHONPATH=path, REGULARS_CONFIG=str(tmp_path / "contexts.json"))
    arguments = [sys.executable, "-c", FAKE_PLATFORM, "61700"]
    with subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert json.loads(line) == {"api": "http://127.0.0.1:61700", "write_key": "smoke", "token": "t"}
        time.sleep(0.05)
        process.send_signal(number)
        rest, errors = process.communicate(timeout=20)
    assert (process.returncode, rest) == (0, "")
    assert errors.splitlines() == ["a log line of a function", "stopped"]
    assert json.loads((tmp_path / "contexts.json").read_text())["current"] == "local"
