"""The demonstration, small: on a terminal, interrupted, beside a busy port, and on a platform that is there already."""

import json
import re
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from tests.e2e.conftest import REGULARS, Installation, three_free_ports
from tests.e2e.terminal import Terminal, another


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_it_plays_to_its_end_on_a_terminal_and_stays_up_if_that_is_wanted(tmp_path: Path) -> None:
    port = three_free_ports()
    config = str(tmp_path / "contexts.json")
    terminal = Terminal(REGULARS, "demo", "--households", "30", "--port", str(port), "--keep-running", REGULARS_CONFIG=config)
    terminal.wait_for("regulars segment list")
    assert re.search(r"\d+ pushes arrived", terminal.text) and "cannot be known: the control group" in terminal.text and "together" in terminal.text
    assert re.search(r"write key +\S+", terminal.text) and f"https://127.0.0.1:{port + 2}/__admin/messages" in terminal.text
    assert "ARGS=--keep-running" not in terminal.text, "no advice to do what was done"
    second = another(REGULARS, "segment", "list", REGULARS_CONFIG=config)
    assert "lapsing" in second.stdout, second.stderr
    terminal.type("\x03")
    assert terminal.ended() == 0
    assert "Traceback" not in terminal.text
    assert not is_listening(port)


@pytest.mark.parametrize("moment", ["Regulars starts", "POST /v1/batch"])
def test_ctrl_c_ends_it_quietly_and_stops_the_platform(moment: str) -> None:
    port = three_free_ports()
    terminal = Terminal(REGULARS, "demo", "--port", str(port))
    terminal.wait_for(moment)
    if moment == "POST /v1/batch":
        time.sleep(1)  # so that the shop and its senders are at work
    terminal.type("\x03")
    assert terminal.ended() == 128 + signal.SIGINT
    after = terminal.text.split("^C")[-1]
    assert "Traceback" not in terminal.text and "Error" not in after, terminal.text[-3000:]
    assert [offset for offset in range(3) if is_listening(port + offset)] == []


def test_a_busy_port_that_was_asked_for_is_refused() -> None:
    first = three_free_ports()
    with socket.create_server(("127.0.0.1", first + 1)):
        done = subprocess.run([REGULARS, "demo", "--port", str(first)], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1 and f"port {first + 1}, for the AWS endpoint, is not free" in done.stderr


def play(installation: Installation, *options: str) -> subprocess.CompletedProcess[str]:
    options = ("--households", "30", "--api", installation.info["api"], "--token", installation.info["token"], *options)
    return subprocess.run([REGULARS, "demo", "--json", *options], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=150, check=False)


def test_it_plays_on_a_platform_that_is_there_and_leaves_out_what_cannot_be_seen(installation: Installation) -> None:
    done = play(installation, "--write-key", "e2e", "--yes")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["run"]["counts"]["pushes"] > 0, found["run"]["counts"]
    assert {"bill", "pushes"}.isdisjoint(found)
    assert "Their tokens are made up" in done.stderr and "only FCM knows" in done.stderr and "AWS's bill" in done.stderr
    assert found["run"]["run_id"] in installation.cli("campaign", "status", found["run"]["run_id"])


def test_without_a_yes_nothing_is_sent_there(installation: Installation) -> None:
    done = play(installation, "--write-key", "e2e")
    assert done.returncode == 1 and "nothing was sent" in done.stderr and "--yes" in done.stderr
    assert done.stdout == ""


def test_a_platform_without_its_write_key_is_refused_rather_than_left_aside(installation: Installation) -> None:
    done = play(installation)
    assert done.returncode == 1 and "go with --write-key" in done.stderr
