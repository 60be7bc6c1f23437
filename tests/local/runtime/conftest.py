"""One moto in this process for each test that asks, with this package's corrections."""

import os
import sys
from collections.abc import Iterator

import pytest


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
def hurried_threads() -> Iterator[None]:
    """Threads change places every 10 microseconds, so that a race that is possible happens."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)
