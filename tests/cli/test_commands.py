"""What holds for every command, and the small ones."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

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


@pytest.mark.parametrize("name", ["", *commands(), "segment"])
def test_the_short_form_of_help_works_everywhere(name: str) -> None:
    shown = CliRunner().invoke(app, [*name.split(), "-h"])
    assert (shown.exit_code, shown.stdout) == (0, CliRunner().invoke(app, [*name.split(), "--help"]).stdout)


def test_the_version_is_that_of_the_package() -> None:
    assert CliRunner().invoke(app, ["--version"]).stdout == f"regulars {version('regulars')}\n"


USAGE = {
    "an unknown command": ("segmnt", "list"),
    "an unknown option": ("segment", "list", "--al"),
    "a missing argument": ("segment", "get"),
    "a value that cannot be": ("quarantine", "show", "--limit", "many"),
    "a missing option": ("login",),
}


@pytest.mark.parametrize("kind", USAGE)
def test_a_command_line_that_cannot_be_read_is_told_and_in_json_where_that_was_asked_for(kind: str) -> None:
    plain, in_json = CliRunner().invoke(app, USAGE[kind]), CliRunner().invoke(app, [*USAGE[kind], "--json"])
    assert (plain.exit_code, plain.stdout, in_json.exit_code, in_json.stdout) == (2, "", 2, "")
    assert "Usage: " in plain.stderr
    assert json.loads(in_json.stderr)["code"] == "usage"


@pytest.mark.parametrize("status", [200, 401, 404, 503])
def test_with_json_every_error_is_one_object_on_stderr(api: FakeApi, regulars: Run, status: int) -> None:
    answer = b"<html>" if status == 200 else {"code": "not_found", "message": "there is no such\nsegment"} if status == 404 else {"message": "No"}
    api.on("GET", "/admin/segments/x", answer, status=status)
    done = regulars("segment", "get", "x", "--json")
    assert (done.exit_code, done.stdout) == (1, "")
    error = json.loads(done.stderr)
    assert (set(error), done.stderr.count("\n")) == ({"code", "message"}, 1)
    assert error["code"] == {200: "not_the_api", 401: "http_401", 404: "not_found", 503: "http_503"}[status]


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


def test_the_quality_of_the_data_is_shown_with_its_anomalies_and_price(api: FakeApi, regulars: Run) -> None:
    source = {"source": "site", "accepted": 4, "corrected": 2, "quarantined": 0, "replayed": 2, "bots": 1, "tests": 1}
    volume = {"event": "Order", "count": 3, "median": 90.0, "enough": True, "anomaly": "low"}
    drift = {
        "event": "Order",
        "property": "total",
        "kind": "type",
        "before": {"number": 1.0},
        "now": {"number": 0.25, "string": 0.75},
        "change": 0.75,
    }
    people = {"user": 2, "claimed": 1, "anonymous": 1}
    check = {"sources": [source], "corrections": [], "quarantined": [], "volume": [volume], "identity": people, "drift": [drift]}
    found = {"check": {**check, "freshness": {"p50_s": 60, "p95_s": 900}}, "window": {"since": "2026-11-14", "until": "2026-11-21"}}
    api.on("POST", "/admin/quality-checks", {"ticket": "t", "state": "queued"}, status=202)
    api.on("GET", "/admin/quality-checks/t", {"ticket": "t", "state": "succeeded", **found, "bytes_scanned": 7, "cost_usd": 0.00005})
    assert json.loads(regulars("quality", "--json").stdout)["sources"] == [source]
    shown = regulars("quality", "--since", "2h").stdout
    assert "site" in shown and "low" in shown and "900 s" in shown and "number 25 %, string 75 %" in shown and "$0.000050" in shown


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
    heavy = ("boto3", "moto", "duckdb", "pydantic", "sqlglot", "httpx", "rich", "regulars", "local", "urllib.request", "http.client", "http.server")
    code = f"import sys, cli.program; print([name for name in {heavy} if name in sys.modules])"
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join([str(ROOT), str(ROOT / "layers/shared")]))
    shown = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert shown.stdout == "[]\n"


def process(*arguments: str, api: FakeApi, **pipes: Any) -> subprocess.Popen[str]:
    """A command line of its own, as a shell would start it."""
    environment = dict(os.environ, PYTHONPATH=str(ROOT), REGULARS_API=api.address, REGULARS_TOKEN="t")
    return subprocess.Popen([sys.executable, "-m", "cli.main", *arguments], env=environment, stderr=subprocess.PIPE, text=True, **pipes)


def test_a_reader_that_has_seen_enough_is_no_error(api: FakeApi) -> None:
    api.on("POST", "/admin/segments/twice/sql", {"sql": "SELECT 1\n" * 100_000})
    reader, writer = os.pipe()
    with process("segment", "sql", "twice", api=api, stdout=writer) as running:
        os.close(writer)
        os.read(reader, 10)
        os.close(reader)
        assert running.stderr is not None
        assert running.stderr.read() == ""


@pytest.mark.parametrize("as_json", [False, True])
def test_ctrl_c_while_waiting_for_a_run_tells_its_id_and_how_to_follow_it(api: FakeApi, as_json: bool) -> None:
    api.on("POST", "/admin/campaigns/spring/runs", {"run_id": "spring-1", "state": "planned"}, status=202)
    api.on("GET", "/admin/runs/spring-1", {"run_id": "spring-1", "state": "running", "counts": {}})
    with process("campaign", "launch", "spring", "--yes", "--wait", *(["--json"] if as_json else []), api=api, stdout=subprocess.PIPE) as running:
        while len(api.asked) < 2:
            time.sleep(0.01)
        running.send_signal(signal.SIGINT)
        out, errors = running.communicate(timeout=20)
    assert (running.returncode, out) == (130, "" if as_json else "run spring-1\n")
    for told in ("The run goes on: `regulars campaign status spring-1 --watch` follows it", "pause spring-1` holds it", "abort spring-1` ends it"):
        assert told in errors
    first, *_, last = errors.splitlines()
    assert not as_json or (json.loads(first), json.loads(last)["code"]) == ({"run_id": "spring-1"}, "interrupted")
    assert "Traceback" not in errors


def test_ctrl_c_before_the_launch_is_answered_says_where_to_look(api: FakeApi, regulars: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cli.client.exchange", interrupted)
    done = regulars("campaign", "launch", "spring", "--yes")
    assert (done.exit_code, "regulars campaign runs spring" in done.stderr) == (130, True)
    plain, in_json = regulars("segment", "list"), regulars("segment", "list", "--json")
    assert (plain.exit_code, plain.stderr, in_json.exit_code, json.loads(in_json.stderr)["code"]) == (130, "", 130, "interrupted")


FAKE_PLATFORM = """
import signal, sys, types
class Platform:
    @classmethod
    def start(cls, *, port, write_key, keep, latency, queue_lag, fcm):
        print("a log line of a function")
        platform = cls()
        platform.info = {"api": f"http://127.0.0.1:{port}", "write_key": write_key, "token": "secret"}
        return platform
    def arrived(self): return types.SimpleNamespace(events=0)
    def __enter__(self): return self
    def __exit__(self, *_): print("stopped", file=sys.stderr)
module = types.ModuleType("local.platform")
module.Platform = Platform
sys.modules["local.platform"] = module
from cli.main import main
sys.argv = ["regulars", "up", "--json", "--port", sys.argv[1], "--write-key", "smoke"]
main()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_up_prints_one_line_and_ends_well_when_told_to(number: signal.Signals) -> None:
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join([str(ROOT), str(ROOT / "layers/shared")]))
    arguments = [sys.executable, "-c", FAKE_PLATFORM, "61700"]
    with subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert json.loads(line) == {"api": "http://127.0.0.1:61700", "write_key": "smoke", "token": "secret"}
        time.sleep(0.05)
        process.send_signal(number)
        rest, errors = process.communicate(timeout=20)
    assert (process.returncode, rest) == (0, "")
    assert errors.splitlines() == ["a log line of a function", "stopped"]
