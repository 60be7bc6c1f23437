"""Ports for platforms that tests start themselves, and one moto in this process for each test that asks."""

import os
import socket
from collections.abc import Callable, Iterator

import pytest

HOST = "127.0.0.1"


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty, corrected moto."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_REGION": "us-east-1",
        "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
    }.items():
        monkeypatch.setitem(os.environ, name, value)
    from moto import mock_aws

    from local.runtime.runtime import install_corrections

    install_corrections()
    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}, "lambda": {"use_docker": False}}):
        yield


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
