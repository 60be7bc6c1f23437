"""`regulars up` starts, stops, starts again, and goes on from where it was."""

import socket
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import REGULARS, Installation, three_free_ports
from tests.e2e.terminal import Terminal, another


@pytest.mark.parametrize("offset", [0, 1, 2])
def test_a_busy_port_says_so(offset: int, installation: Installation) -> None:
    first = three_free_ports()
    with socket.create_server(("127.0.0.1", first + offset)):
        done = subprocess.run([REGULARS, "up", "--json", "--port", str(first)], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0 and f"port {first + offset}, for" in done.stderr and done.stdout == ""


def test_a_token_without_the_scope_is_refused_and_none_at_all_too(installation: Installation) -> None:
    import urllib.error
    import urllib.request

    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(installation.info["api"] + "/admin/segments", timeout=30)
    assert refused.value.code == 401


def test_a_terminal_shows_what_arrives_a_second_one_needs_no_token_and_a_browser_shows_the_console(tmp_path: Path) -> None:
    port = str(three_free_ports())
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/shown\n')
    browser.chmod(0o700)
    config = {"REGULARS_CONFIG": str(tmp_path / "contexts.json"), "BROWSER": f"{browser} %s"}
    terminal = Terminal(REGULARS, "up", "--open", "--port", port, "--write-key", "k", **config)
    terminal.wait_for("no event yet")
    console = f"http://127.0.0.1:{port}/console"
    assert console in terminal.text and (tmp_path / "shown").read_text() == f"{console}\n"
    assert "regulars flush" in terminal.text and f"curl -u k: http://127.0.0.1:{port}/v1/track" in terminal.text
    assert "REGULARS_TOKEN" not in terminal.text and "eyJ" not in terminal.text, "the token stays off the screen"
    track = f"http://127.0.0.1:{port}/v1/track"
    subprocess.run(["curl", "-s", "-u", "k:", track, "-d", '{"event": "Order Completed", "userId": "ada"}'], check=True, capture_output=True)
    done = another(REGULARS, "flush", **config)
    assert done.returncode == 0, done.stderr
    terminal.wait_for("1 event, 0 a second; last: Order Completed by ada")
    terminal.type("\x03")
    assert terminal.ended() == 0
    assert "Traceback" not in terminal.text


CAMPAIGN: dict[str, Any] = {
    "id": "kept",
    "name": "Kept",
    "audience": {"include": ["buyers"]},
    "control": {"percent": 0},
    "message": {"push": {"title": "Hello", "body": "again"}},
    "goal": {"event": "Bought", "within": "7d"},
}


JUST_NOW = datetime.now(UTC).isoformat(timespec="seconds")


def bought(number: int) -> dict[str, Any]:
    user = f"user-{number % 7}"
    device = {"id": f"phone-{user}", "type": "android", "token": f"{user}:APA91b{'t' * 100}"}
    event = {"type": "track", "event": "Bought", "userId": user, "messageId": f"m-{number}", "timestamp": JUST_NOW}
    return {**event, "context": {"device": device}}


def seen(installation: Installation, run_id: str) -> dict[str, Any]:
    """All that a developer would look at."""
    report, person = installation.json("campaign", "report", run_id), installation.json("profile", "get", "user-1")
    return {
        "count": installation.json("segment", "count", "buyers")["count"],
        "events": installation.sql("SELECT message_id, user_id, event_ts FROM events ORDER BY 1"),
        "profile": {name: person[name] for name in ("user_id", "traits", "devices", "consents", "counters")},
        "quarantine": installation.json("quarantine", "list"),
        "run": installation.json("campaign", "status", run_id),
        "report": (report["sentence"], report["arms"], report["effect"]),
        "names": [installation.info[name] for name in ("bucket", "database", "write_key")],
    }


def test_it_stops_cleanly_and_what_is_kept_is_there_after_the_next_start_and_goes_on(tmp_path: Path) -> None:
    keep = ("--keep", str(tmp_path / "kept"))
    first = Installation(*keep)
    key = first.info["write_key"]
    events = [bought(number) for number in range(30)]
    assert first.post("/v1/batch", {"batch": [*events, "not an event"]}, key=key)[0] == 200
    first.cli("flush")
    assert first.put("segment", {"id": "buyers", "name": "Buyers", "rule": {"event": "Bought"}}).returncode == 0
    assert first.put("campaign", CAMPAIGN).returncode == 0
    run = first.json("campaign", "launch", "kept", "--yes", "--wait")
    before = seen(first, run["run_id"])
    last = {"type": "track", "event": "Looked", "userId": "onlooker", "messageId": "last"}
    assert first.post("/v1/batch", {"batch": [last]}, key=key)[0] == 200  # accepted, and perhaps not loaded when it stops
    refused = subprocess.run([REGULARS, "up", *keep, "--port", str(three_free_ports())], capture_output=True, text=True, timeout=60, check=False)
    assert refused.returncode == 1 and "in use by another `regulars up`" in refused.stderr
    assert first.stop() == 0
    for offset in range(3):
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", first.port + offset)) != 0
    assert first.process.stdout is not None and first.process.stdout.read() == "", "one line on stdout, and no more"

    second = Installation(*keep)
    try:
        second.cli("flush")
        assert second.sql("SELECT count(*) FROM events WHERE message_id = 'last'") == [(1,)]
        assert second.post("/v1/batch", {"batch": events}, key=key)[0] == 200
        second.cli("flush")
        after = seen(second, run["run_id"])
        assert [row for row in after.pop("events") if row[0] != "last"] == before.pop("events"), "double events are recognised"
        assert after == before
        assert second.json("campaign", "launch", "kept", "--yes", "--wait")["counts"]["sent"] == 7, "and a new run goes out"
    finally:
        assert second.stop() == 0


def test_a_terminal_that_is_closed_ends_it_in_good_order(tmp_path: Path) -> None:
    port = str(three_free_ports())
    terminal = Terminal(REGULARS, "up", "--port", port, "--keep", str(tmp_path / "kept"), REGULARS_CONFIG=str(tmp_path / "contexts.json"))
    terminal.wait_for("no event yet")
    terminal.close()
    assert terminal.ended() == 0
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(port) + 2)) != 0


def test_a_kept_folder_that_is_not_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    done = subprocess.run([REGULARS, "up", "--keep", str(tmp_path), "--port", str(three_free_ports())], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "holds other things than a kept platform" in done.stderr and "Traceback" not in done.stderr
