"""Ports for platforms that tests start themselves."""

import socket
from collections.abc import Callable

import pytest

HOST = "127.0.0.1"


@pytest.fixture
def three_free_ports() -> Callable[[], int]:
    """The first of three ports in a row that nobody listens on."""

    def find() -> int:
        for first in range(20000, 30000, 7):
            if all(_free(first + offset) for offset in range(3)):
                return first
        raise RuntimeError("no three free ports in a row")

    return find


def _free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True
