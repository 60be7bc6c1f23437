"""Where the demonstration is played, if nobody says."""

import socket
from collections.abc import Callable
from contextlib import closing

import pytest

from local.demo import stage
from local.platform import Platform

Ports = Callable[[], int]


class Started:
    """A platform that starts nothing."""

    def __init__(self, port: int) -> None:
        self.info = {"api": f"http://127.0.0.1:{port}", "token": "t", "write_key": "k"}

    def __enter__(self) -> "Started":
        return self

    def __exit__(self, *_: object) -> None: ...


@pytest.fixture
def usual_port(monkeypatch: pytest.MonkeyPatch, three_free_ports: Ports) -> int:
    """The port that is tried first in this test."""
    port = three_free_ports()
    monkeypatch.setattr(stage, "DEFAULT_PORT", port)
    monkeypatch.setattr(Platform, "start", Started)
    return port


def test_the_usual_port_is_taken_without_a_word(usual_port: int) -> None:
    said: list[str] = []
    with stage.started(None, said.append) as played:
        assert (played.api, said) == (f"http://127.0.0.1:{usual_port}", [])


def test_where_it_is_busy_another_one_is_taken_and_named(usual_port: int) -> None:
    said: list[str] = []
    with closing(socket.create_server(("127.0.0.1", usual_port))), stage.started(None, said.append) as played:
        (word,) = said
        assert played.api != f"http://127.0.0.1:{usual_port}"
        assert str(usual_port) in word and played.api.rpartition(":")[2] in word


def test_a_port_that_was_asked_for_is_the_one_that_is_tried(usual_port: int) -> None:
    said: list[str] = []
    with stage.started(usual_port + 7, said.append) as played:
        assert (played.api, said) == (f"http://127.0.0.1:{usual_port + 7}", [])
