"""`regulars up` starts, stops, and starts again."""

import socket
import subprocess

import pytest

from tests.e2e.conftest import REGULARS, Installation


def test_it_stops_cleanly_and_starts_again_on_the_same_ports() -> None:
    first = Installation()
    assert first.stop() == 0
    for offset in range(3):
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", first.port + offset)) != 0
    assert first.process.stdout is not None and first.process.stdout.read() == "", "one line on stdout, and no more"


@pytest.mark.parametrize("offset", [0, 1, 2])
def test_a_busy_port_says_so(offset: int, installation: Installation) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run([REGULARS, "up", "--json", "--port", str(port - offset)], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0 and str(port) in done.stderr and done.stdout == ""


def test_a_token_without_the_scope_is_refused_and_none_at_all_too(installation: Installation) -> None:
    import urllib.error
    import urllib.request

    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(installation.info["api"] + "/admin/segments", timeout=30)
    assert refused.value.code == 401
